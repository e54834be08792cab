"""The embedded Postgres opens nothing: no permission, no log, no port. Real processes."""

import asyncio
import os
import pwd
import signal
import stat
from pathlib import Path

import asyncpg
import pytest

from navis_api.db import embedded
from navis_api.db.embedded_errors import (
    DataFolderUnusable,
)
from tests.db.embedded_processes import AS_ROOT, connect, eventually, server_pid, sql


def modes_above(path: Path) -> list[tuple[Path, int, int, int]]:
    found = [(parent, parent.stat()) for parent in path.resolve().parents]
    return [(parent, at.st_mode, at.st_uid, at.st_gid) for parent, at in found]


def test_it_listens_on_the_loopback_address_only(data_dir: Path) -> None:
    with embedded.start(data_dir) as postgres:
        assert sql(postgres.url, "show listen_addresses") == "127.0.0.1"
        assert not sql(postgres.url, "show unix_socket_directories")


def test_a_wrong_password_is_refused(data_dir: Path) -> None:
    with embedded.start(data_dir) as postgres:
        password = (data_dir / "postgres-password").read_text().strip()
        with pytest.raises(asyncpg.InvalidPasswordError):
            sql(postgres.url.replace(password, "guessed"), "select 1")


def test_secrets_are_closed_to_others(data_dir: Path) -> None:
    with embedded.start(data_dir) as postgres:
        password = (data_dir / "postgres-password").read_text().strip()
        for name in ("postgres-password", "postgres.log"):
            assert stat.S_IMODE((data_dir / name).stat().st_mode) == 0o600
        assert stat.S_IMODE((data_dir / "postgres").stat().st_mode) == 0o700
        assert not data_dir.stat().st_mode & 0o007
        assert password not in repr(postgres)


def test_no_words_of_a_statement_reach_the_log(data_dir: Path) -> None:
    with embedded.start(data_dir) as postgres:
        sql(postgres.url, "create table told (words text primary key check (words <> 'secret-1'))")
        for statement in (
            "insert into told values ('secret-1')",
            "insert into told values ('secret-2'), ('secret-2')",
            "select 'secret-3'::uuid",
            "select to_tsquery('secret-4 &&& (')",
            "selekt 'secret-5'",
            "do $$ begin raise warning 'secret-6'; end $$; select 1/0 as secret",
        ):
            with pytest.raises(asyncpg.PostgresError):
                sql(postgres.url, statement)
    log = (data_dir / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert "secret" not in log


def test_words_of_a_backend_that_is_killed_do_not_reach_the_log(data_dir: Path) -> None:
    with embedded.start(data_dir) as postgres:
        with pytest.raises((asyncpg.PostgresError, OSError)):
            asyncio.run(_kill_backend_of(postgres.url))
        assert eventually(
            lambda: "terminated by signal 9" in (data_dir / "postgres.log").read_text()
        )
    log = (data_dir / "postgres.log").read_text()
    assert "secret" not in log


async def _kill_backend_of(url: str) -> None:
    connection = await connect(url)
    pid = await connection.fetchval("select pg_backend_pid()")
    asyncio.get_running_loop().call_later(0.3, os.kill, pid, signal.SIGKILL)
    await connection.fetchval("select 'secret', pg_sleep(30)")


def test_permissions_outside_the_folder_stay_as_they_are(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    given = closed / "given"
    given.mkdir(mode=0o700)
    (closed / "beside").write_text("x")
    before = modes_above(given / "postgres")
    with embedded.start(given):
        assert modes_above(given / "postgres") == before
    assert modes_above(given / "postgres") == before
    assert (closed / "beside").stat().st_uid == os.geteuid()


@pytest.mark.skipif(not AS_ROOT, reason="only root runs Postgres as somebody else")
def test_as_root_the_server_belongs_to_nobody_with_no_more_than_it_needs(data_dir: Path) -> None:
    data_dir.mkdir(mode=0o700)
    with embedded.start(data_dir):
        status = Path(f"/proc/{server_pid(data_dir)}/status").read_text()
        facts = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        assert set(facts["Uid"].split()) == {str((data_dir / "postgres").stat().st_uid)}
        assert "0" not in facts["Uid"].split()
        assert not facts["Groups"].split()
        # CAP_DAC_READ_SEARCH or CAP_DAC_OVERRIDE, since others can't pass `data_dir`.
        assert int(facts["CapPrm"], 16) in {1 << 2, 1 << 1}


@pytest.mark.skipif(not AS_ROOT, reason="only root can give a folder away")
def test_as_root_the_server_of_somebodys_folder_is_theirs(data_dir: Path) -> None:
    somebody = pwd.getpwnam("daemon")
    data_dir.mkdir()
    os.chown(data_dir, somebody.pw_uid, somebody.pw_gid)
    with embedded.start(data_dir):
        for path in (data_dir, *data_dir.iterdir()):
            assert path.stat().st_uid == somebody.pw_uid


@pytest.mark.skipif(not AS_ROOT, reason="only root can give a folder away")
def test_as_root_a_folder_of_a_user_without_a_name_will_do(data_dir: Path) -> None:
    data_dir.mkdir()
    os.chown(data_dir, 54321, 54321)
    with embedded.start(data_dir) as postgres:
        assert sql(postgres.url, "select 1") == 1
        assert (data_dir / "postgres").stat().st_uid == pwd.getpwnam("nobody").pw_uid
        assert data_dir.stat().st_uid == 54321


@pytest.mark.skipif(not AS_ROOT, reason="only root can take a folder over")
def test_as_root_a_cluster_that_was_restored_by_root_starts(data_dir: Path) -> None:
    with embedded.start(data_dir) as postgres:
        sql(postgres.url, "create table kept as select 42 as number")
    for path in (data_dir / "postgres", *(data_dir / "postgres").rglob("*")):
        os.chown(path, 0, 0)
    (data_dir / "postgres").chmod(0o755)
    with embedded.start(data_dir) as postgres:
        assert sql(postgres.url, "select number from kept") == 42


@pytest.mark.skipif(AS_ROOT, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(DataFolderUnusable, match="permission denied"):
            embedded.start(tmp_path / "data")
        with pytest.raises(DataFolderUnusable, match="permission denied"):
            embedded.start(tmp_path)
    finally:
        tmp_path.chmod(0o700)
