"""The embedded Postgres is there while somebody needs it, whoever started it. Real processes."""

import os
import signal
import socket
from pathlib import Path

import asyncpg
import pytest

from navis_api.db import embedded
from navis_api.db.embedded_errors import DataFolderInUse
from navis_api.db.embedded_folder import data_folder
from navis_api.db.embedded_keeping import at_hand, kept
from tests.db.embedded_processes import (
    HOLD,
    another_process,
    eventually,
    server_is_gone,
    server_pid,
    sql,
)

BORROW = """
import sys
from pathlib import Path
from navis_api.db.embedded_keeping import at_hand

with at_hand(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
    print("done", flush=True)
"""


def test_at_hand_uses_the_running_server_and_leaves_it_running(data_dir: Path) -> None:
    with embedded.start(data_dir) as postgres:
        with at_hand(data_dir) as url:
            assert url == postgres.url
        assert postgres.is_running


def test_at_hand_starts_a_server_for_its_own_time(data_dir: Path) -> None:
    with at_hand(data_dir) as url:
        assert sql(url, "select 1") == 1
    assert server_is_gone(data_dir)


def test_a_command_leaves_its_server_to_another_that_is_not_done(data_dir: Path) -> None:
    with another_process(BORROW, data_dir) as (starter, next_line):
        url = next_line()
        with at_hand(data_dir) as found:
            assert found == url
            assert starter.stdin is not None
            starter.stdin.close()
            assert next_line() == "done"
            assert sql(url, "select 1") == 1
            assert starter.poll() is None
        assert starter.wait(30) == 0
    assert server_is_gone(data_dir)


def test_a_command_that_fails_ends_its_server(data_dir: Path) -> None:
    with pytest.raises(ZeroDivisionError), at_hand(data_dir):
        raise ZeroDivisionError
    assert server_is_gone(data_dir)


def test_a_server_whose_starter_is_killed_is_started_again_where_it_was(data_dir: Path) -> None:
    with another_process(HOLD, data_dir) as (holder, next_line):
        url = next_line()
        with kept(data_dir) as found:
            assert found == url
            holder.kill()
            holder.wait()
            assert eventually(lambda: answers(url))
            assert server_is_ours(data_dir)
    assert server_is_gone(data_dir)


def test_a_server_whose_starter_is_done_is_started_again_where_it_was(data_dir: Path) -> None:
    ours = embedded.start(data_dir)
    sql(ours.url, "create table told (words text)")
    with kept(data_dir) as found:
        ours.stop()
        assert eventually(lambda: answers(found))
        assert sql(found, "select count(*) from told") == 0


def test_a_server_that_is_killed_itself_is_started_again(data_dir: Path) -> None:
    with kept(data_dir) as url:
        killed = server_pid(data_dir)
        os.kill(killed, signal.SIGKILL)
        assert eventually(lambda: answers(url))
        assert server_pid(data_dir) != killed
    assert server_is_gone(data_dir)


def test_of_two_that_watch_one_starts_it_again_and_both_find_it(data_dir: Path) -> None:
    ours = embedded.start(data_dir)
    with kept(data_dir) as one:
        with kept(data_dir) as other:
            ours.stop()
            assert one == other
            assert eventually(lambda: answers(one))
        # Whichever of them had it: the one that is left has it now.
        assert eventually(lambda: answers(one))
    assert server_is_gone(data_dir)


def test_one_that_must_be_started_here_is_not_shared(data_dir: Path) -> None:
    with (
        embedded.start(data_dir),
        pytest.raises(DataFolderInUse),
        kept(data_dir, started_here=True),
    ):
        pytest.fail("it took another's server")


def test_a_restart_listens_where_it_did_unless_that_is_taken(data_dir: Path) -> None:
    first = embedded.start(data_dir)
    first.stop()
    with embedded.start(data_dir) as second:
        assert second.url == first.url
    with socket.create_server(("127.0.0.1", port_of(first.url))), embedded.start(data_dir) as third:
        assert third.url != first.url
        assert answers(third.url)


@pytest.mark.parametrize("content", ["", "nine", "-1", "99999999", "\x00"])
def test_a_broken_note_of_the_port_is_no_hindrance(data_dir: Path, content: str) -> None:
    embedded.start(data_dir).stop()
    data_folder(data_dir).port_file.write_text(content)
    with embedded.start(data_dir) as postgres:
        assert answers(postgres.url)


def answers(url: str) -> bool:
    try:
        return bool(sql(url, "select 1") == 1)
    except (OSError, asyncpg.PostgresError):
        return False


def server_is_ours(data_dir: Path) -> bool:
    return int(data_folder(data_dir).supervisor_lock.read_text()) == os.getpid()


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2].partition("/")[0])
