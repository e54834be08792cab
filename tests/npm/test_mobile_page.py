"""The TypeScript of docs/mobile.md, as a developer would paste it: compiled, and run."""

import re
import shutil
from pathlib import Path

from tests.npm.packages import PROGRAMS, ROOT, printed_by
from tests.npm.test_contract import TYPESCRIPT, folder

__all__ = ["folder"]

PAGE = ROOT / "docs" / "mobile.md"
OPTIONS = (
    *("--target", "es2022", "--module", "es2022", "--lib", "es2022,dom,dom.iterable"),
    *("--strict", "--noUncheckedIndexedAccess", "--noUnusedLocals", "--types", ""),
)


async def test_what_the_page_shows_pages_follows_and_keeps_a_copy(
    address: str,
    folder: Path,
) -> None:
    shown = re.search(r"^```ts\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    assert shown is not None
    (folder / "navis.ts").write_text(shown[1])
    assert await printed_by(TYPESCRIPT, "navis.ts", *OPTIONS, folder=folder) == ""
    (folder / "package.json").write_text('{"type": "module"}')
    shutil.copy(PROGRAMS / "mobile.mjs", folder)

    assert await printed_by(folder / "mobile.mjs", address, folder=folder) == ""
