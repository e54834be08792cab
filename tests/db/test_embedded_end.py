"""The embedded Postgres ends with its parent, however that ends. Real processes."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import pytest

from navis_api.db import embedded
from tests.db.embedded_processes import (
    HOLD,
    HOLD_WITH_FORKED_CHILD,
    another_process,
    connect,
    eventually,
    launcher_pid,
    processes_of,
    server_is_gone,
    server_pid,
    sql,
)
from tests.waiting import PATIENCE_S


def test_stopping_twice_does_nothing_more(data_dir: Path) -> None:
    postgres = embedded.start(data_dir)
    postgres.stop()
    assert not postgres.is_running
    assert server_is_gone(data_dir)
    with embedded.start(data_dir) as second:
        postgres.stop()
        assert second.is_running
        assert sql(second.url, "select 1") == 1


def test_stop_does_not_wait_for_clients(data_dir: Path) -> None:
    async def stop_under_a_client() -> None:
        postgres = await asyncio.to_thread(embedded.start, data_dir)
        client = await connect(postgres.url)
        await client.execute("begin")
        await asyncio.to_thread(postgres.stop)
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await client.fetchval("select 1")
        client.terminate()

    asyncio.run(stop_under_a_client())
    assert server_is_gone(data_dir)


@pytest.mark.parametrize("how", [[], ["in a thread that ends"]])
def test_kill_9_of_the_parent_leaves_no_postgres_and_loses_nothing(
    data_dir: Path, how: Sequence[str]
) -> None:
    with another_process(HOLD, data_dir, *how) as (holder, next_line):
        url = next_line()
        sql(url, "create table kept as select 42 as number")
        holder.kill()
        assert eventually(lambda: server_is_gone(data_dir))
    with embedded.start(data_dir) as postgres:
        assert sql(postgres.url, "select number from kept") == 42


def test_a_start_right_after_kill_9_waits_for_the_old_server(data_dir: Path) -> None:
    with another_process(HOLD, data_dir) as (holder, next_line):
        sql(next_line(), "create table kept as select 42 as number")
        holder.kill()
        holder.wait()
        with embedded.start(data_dir) as postgres:
            assert sql(postgres.url, "select number from kept") == 42


@pytest.mark.skipif(sys.platform != "linux", reason="needs PR_SET_PDEATHSIG and /proc")
def test_kill_9_of_the_launcher_leaves_no_postgres_either(data_dir: Path) -> None:
    with embedded.start(data_dir) as postgres:
        os.kill(launcher_pid(data_dir), signal.SIGKILL)
        assert eventually(lambda: not processes_of(data_dir))
        assert not postgres.is_running
    with embedded.start(data_dir) as postgres:
        assert sql(postgres.url, "select 1") == 1


def test_a_forked_child_that_outlives_the_parent_keeps_no_postgres_alive(data_dir: Path) -> None:
    with another_process(HOLD_WITH_FORKED_CHILD, data_dir) as (holder, next_line):
        child = int(next_line())
        sql(next_line(), "select 1")
        cluster = data_dir / "postgres"
        holder.kill()
        try:
            assert eventually(lambda: not processes_of(cluster))
        finally:
            os.kill(child, signal.SIGKILL)


def test_a_busy_transaction_does_not_keep_postgres_alive(data_dir: Path) -> None:
    with another_process(HOLD, data_dir) as (holder, next_line):
        url = next_line()
        busy = threading.Thread(target=keep_busy, args=(url,))
        busy.start()
        assert eventually(
            lambda: sql(url, "select count(*) from pg_stat_activity where query like '%busy%'") > 1
        )
        holder.kill()
        assert eventually(lambda: server_is_gone(data_dir))
        busy.join()


def keep_busy(url: str) -> None:
    with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        sql(url, "select count(*) as busy from generate_series(1, 10000000000)")


def test_ctrl_c_in_the_terminal_does_not_reach_postgres(data_dir: Path) -> None:
    with embedded.start(data_dir):
        pid = server_pid(data_dir)
        assert os.getpgid(pid) != os.getpgid(0)
        assert os.getsid(pid) != os.getsid(0)


def test_a_parent_that_just_ends_stops_its_server_cleanly(data_dir: Path) -> None:
    with another_process(HOLD, data_dir) as (holder, next_line):
        sql(next_line(), "select 1")
        assert holder.stdin is not None
        holder.stdin.close()
        assert holder.wait(PATIENCE_S) == 0
        assert eventually(lambda: server_is_gone(data_dir))
    assert "database system is shut down" in (data_dir / "postgres.log").read_text()


def test_a_server_that_dies_by_itself_is_noticed_and_leaves_no_zombie(data_dir: Path) -> None:
    with embedded.start(data_dir) as postgres:
        pid = server_pid(data_dir)
        os.kill(pid, signal.SIGQUIT)
        assert eventually(lambda: not postgres.is_running)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_set_up_that_was_killed_leaves_nothing_half_made(data_dir: Path) -> None:
    with another_process(HOLD, data_dir) as (holder, _):
        assert eventually(lambda: any(data_dir.glob(".postgres-new-*/cluster/base/1/*")))
        holder.kill()
        holder.wait()
        assert not (data_dir / "postgres").exists()
        with embedded.start(data_dir) as postgres:
            assert sql(postgres.url, "select 1") == 1
    assert not list(data_dir.glob(".postgres-new-*"))
