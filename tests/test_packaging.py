"""What is installed from the wheel works outside a checkout."""

import os
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from navis_api.db.engine import asyncpg_address
from tests.conftest import at_database

ROOT = Path(__file__).parents[1]

# Folders that a checkout has and the wheel is not made of.
_MADE_BY_TOOLS = {"__pycache__"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from this checkout as `pip install .` builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


@pytest.fixture(scope="module")
def installed(wheel: zipfile.ZipFile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's content, as an installation has it."""
    folder = tmp_path_factory.mktemp("installed")
    wheel.extractall(folder)
    return folder


@pytest.fixture
async def empty_database(postgres: str) -> AsyncIterator[str]:
    """The address of a database without a table."""
    name = f"test_{uuid4().hex[:12]}"
    server = await asyncpg.connect(asyncpg_address(postgres))
    await server.execute(f"CREATE DATABASE {name}")
    yield at_database(postgres, name)
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.close()


def files_below(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not _MADE_BY_TOOLS & set(path.parts)
    }


def test_the_wheel_holds_every_migration(wheel: zipfile.ZipFile) -> None:
    migrations = {f"navis_api/_migrations/{name}" for name in files_below(ROOT / "alembic")}
    assert "navis_api/_migrations/env.py" in migrations
    assert migrations <= set(wheel.namelist())


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(
    wheel: zipfile.ZipFile,
) -> None:
    package = {f"navis_api/{name}" for name in files_below(ROOT / "navis_api")}
    assert {"navis_api/py.typed", "navis_api/samples/bundle.json"} <= package
    beside = {
        name
        for name in wheel.namelist()
        if not name.startswith(("navis_api/_migrations/", "navis_api-"))
    }
    assert beside == package


def test_an_installation_migrates_and_takes_the_samples_in(
    installed: Path, empty_database: str, tmp_path: Path
) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(installed),
        "NAVIS_DATABASE_URL": empty_database,
        "NAVIS_DATA_DIR": str(tmp_path / "data"),
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = run("-c", "import navis_api; print(navis_api.__file__)")
    assert Path(where.strip()).is_relative_to(installed)
    run("-m", "navis_api", "migrate", "--check")
    first = run("-m", "navis_api", "content", "import", "--sample")
    assert " 0 answers" not in first
    again = run("-m", "navis_api", "content", "import", "--sample")
    assert " 0 cancers, 0 sources, 0 answers" in again
    assert not (tmp_path / "data" / "postgres").exists()
