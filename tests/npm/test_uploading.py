"""A file over a network that is cut ten times, by a stock client, in each protocol it speaks.

It is as large as NAVIS_TEST_UPLOAD_MB says; in the suite it is small.
"""

import asyncio
import os
import random
from pathlib import Path

import pytest

from tests.flows.cutting_proxy import cutting_proxy
from tests.flows.test_asking import serving
from tests.flows.uploads import site
from tests.npm.packages import printed_by, require_packages

SIZE = int(float(os.environ.get("NAVIS_TEST_UPLOAD_MB", "12")) * 1_000_000)
CUTS = 10


@pytest.mark.parametrize("protocol", ["tus-v1", "ietf-draft-03", "ietf-draft-05"])
async def test_a_file_arrives_however_often_the_network_is_cut(
    database_url: str, tmp_path: Path, protocol: str
) -> None:
    require_packages()
    chance = random.Random(protocol)
    sent = os.urandom(SIZE)
    path = tmp_path / "a file"
    await asyncio.to_thread(path.write_bytes, sent)
    here = await asyncio.to_thread(site, tmp_path / "data", database_url)
    with serving(here.env) as server:
        await asyncio.to_thread(server.wait_for, "api.started")
        record_id, url = await here.announce(sent)
        cuts = [chance.randrange(1, SIZE // (CUTS + 2)) for _ in range(CUTS)]
        async with cutting_proxy(here.public_port, to=here.port, cuts=cuts) as proxy:
            assert await printed_by("tus.mjs", url, str(path), protocol) == ""
        assert proxy.left == 0
        assert await here.complete(record_id) == "SCANNING"
