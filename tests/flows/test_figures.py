"""The figures of an API and of a worker that run: well formed, and what the dashboard shows."""

import asyncio
import json
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.flows.processes import environment, navis
from tests.flows.test_asking import ASK, follow, post
from tests.flows.test_rolling_restart import port_of
from tests.generation.world import NEW_QUESTION
from tests.waiting import PATIENCE_S

DASHBOARD = Path(__file__).parents[2] / "docs" / "operations" / "dashboard.json"
# The queue's figures name the task while the job is still at work: only this says that it ended.
DONE = 'navis_job_seconds_count{outcome="done",task="generate"}'
_NAME = re.compile(r"\bnavis_\w+")


def names_in(figures: str) -> set[str]:
    """The names that are exported, those that nothing was counted under yet too."""
    names: set[str] = set()
    for family in text_string_to_metric_families(figures):
        names.add(f"{family.name}_total" if family.type == "counter" else family.name)
        names.update(sample.name for sample in family.samples)
    return names


async def figures_of_both(tmp_path: Path, address: str) -> tuple[str, str]:
    """The figures after one question, of the API and of the worker, while one job waits."""
    env = environment(tmp_path, NAVIS_DATABASE_URL=address, NAVIS_WORKER_METRICS_PORT="0")
    with navis("serve", env=env) as server:
        site = f"http://127.0.0.1:{await asyncio.to_thread(port_of, server)}"
        asked = (await post(f"{site}/graphql", ASK, text=NEW_QUESTION))["askQuestion"]
        async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
            waiting = (await client.get(f"{site}/metrics")).text
            assert 'navis_jobs{state="waiting",task="generate"} 1.0' in waiting
            with navis("worker", env=env) as worker:
                found = await asyncio.to_thread(
                    worker.wait_for, r'"port": (\d+), "event": "worker.figures_started"'
                )
                await follow(f"{site}/graphql", asked["generation"]["id"])
                shown = ""
                async with asyncio.timeout(PATIENCE_S):
                    while DONE not in shown:
                        reply = await client.get(f"http://127.0.0.1:{found[1]}/metrics")
                        shown = reply.text
            await client.patch(f"{site}/uploads/nothing", content=b"x")
            return (await client.get(f"{site}/metrics")).text, shown


@pytest.fixture
async def figures(tmp_path: Path, sample_database_url: str) -> tuple[str, str]:
    return await figures_of_both(tmp_path, sample_database_url)


async def test_figures_are_well_formed_and_are_those_of_the_dashboard(
    figures: tuple[str, str],
) -> None:
    of_api, of_worker = figures
    assert 'navis_generation_attempts_total{outcome="completed"} 1.0' in of_worker
    assert 'navis_upload_requests_total{method="PATCH",status=' in of_api
    assert 'navis_database_connections{pool="published",state="most"} 6.0' in of_api
    exported = names_in(of_api) | names_in(of_worker)
    shown = set(_NAME.findall(DASHBOARD.read_text(encoding="utf-8")))
    assert len(shown) >= 10
    assert shown <= exported
    assert NEW_QUESTION not in of_api + of_worker

    promtool = await asyncio.to_thread(shutil.which, "promtool")
    if promtool is None:
        pytest.skip("promtool isn't installed: the figures were only read by prometheus_client")
    for text in figures:
        checked = await asyncio.to_thread(
            subprocess.run,
            [promtool, "check", "metrics"],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_the_dashboard_is_one() -> None:
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    panels = [each for each in dashboard["panels"] if each["type"] != "row"]
    assert len({each["id"] for each in panels}) == len(panels)
    for panel in panels:
        assert panel["title"]
        assert all(target["expr"] for target in panel["targets"])
