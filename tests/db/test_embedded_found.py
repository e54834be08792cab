"""Which embedded Postgres is alive: found by others, never mistaken. Real processes."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from navis_api.db import embedded
from navis_api.db.embedded_errors import (
    OldServerStillRunning,
)
from navis_api.db.embedded_folder import data_folder, is_held
from tests.db.embedded_processes import (
    AS_ROOT,
    FIND,
    HOLD,
    another_process,
    environment,
    eventually,
    server_pid,
    sql,
)
from tests.waiting import PATIENCE_S


def test_another_process_finds_the_running_server(data_dir: Path) -> None:
    with embedded.start(data_dir) as postgres:
        found = subprocess.check_output(
            [sys.executable, "-c", FIND, str(data_dir)], env=environment(), text=True
        )
        assert found.strip() == postgres.url


def test_nothing_is_found_where_nothing_runs(data_dir: Path) -> None:
    assert embedded.find_running(data_dir) is None
    assert not data_dir.exists()
    embedded.start(data_dir).stop()
    assert embedded.find_running(data_dir) is None


def test_a_starting_server_is_waited_for(data_dir: Path) -> None:
    with another_process(HOLD, data_dir) as (_, next_line):
        assert eventually(lambda: is_held(data_folder(data_dir).supervisor_lock))
        found = embedded.find_running(data_dir, patience_s=PATIENCE_S)
        assert found is not None
        assert found == next_line()


def test_leftover_files_of_another_server_find_nothing(tmp_path: Path) -> None:
    copied = tmp_path / "copy" / "postgres"
    copied.mkdir(parents=True)
    with embedded.start(tmp_path / "data"):
        # The copy of a running folder: same password, same port, a living server.
        for name in ("postgres-password", "postgres/postmaster.pid"):
            (tmp_path / "copy" / name).write_bytes((tmp_path / "data" / name).read_bytes())
        assert embedded.find_running(tmp_path / "copy") is None


def test_a_port_that_is_now_somebody_elses_finds_nothing(data_dir: Path) -> None:
    embedded.start(data_dir).stop()
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        write_postmaster_file(data_dir, os.getpid(), port=port)
        greeter = threading.Thread(target=greet_as_a_mail_server, args=(stranger,))
        greeter.start()
        assert embedded.find_running(data_dir) is None
        greeter.join()


def greet_as_a_mail_server(listener: socket.socket) -> None:
    caller, _ = listener.accept()
    with caller:
        caller.sendall(b"220 mail.example ESMTP\r\n")


def write_postmaster_file(data_dir: Path, pid: int, *, port: int = 5999) -> None:
    cluster = data_dir / "postgres"
    lines = [pid, cluster, 1_700_000_000, port, "", "127.0.0.1", "  1234567   98304", "ready"]
    file = cluster / "postmaster.pid"
    file.write_text("".join(f"{line}\n" for line in lines))
    os.chown(file, cluster.stat().st_uid, cluster.stat().st_gid)


def test_a_stale_pid_file_is_no_hindrance(data_dir: Path) -> None:
    embedded.start(data_dir).stop()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    write_postmaster_file(data_dir, ended.pid)
    with embedded.start(data_dir) as postgres:
        assert sql(postgres.url, "select 1") == 1


def server_user(data_dir: Path) -> dict[str, Any]:
    """Return what makes Popen run a program as the user that the server runs as."""
    owner = (data_dir / "postgres").stat()
    return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if AS_ROOT else {}


def test_a_pid_file_whose_process_id_is_reused_is_no_hindrance(data_dir: Path) -> None:
    embedded.start(data_dir).stop()
    sleep = ["/bin/sleep", "600"]
    with subprocess.Popen(sleep, **server_user(data_dir)) as unrelated:  # pyright: ignore[reportCallIssue]
        write_postmaster_file(data_dir, unrelated.pid)
        with embedded.start(data_dir) as postgres:
            assert sql(postgres.url, "select 1") == 1
        assert unrelated.poll() is None
        unrelated.kill()


def test_a_pid_file_that_names_another_folders_postgres_is_no_hindrance(tmp_path: Path) -> None:
    embedded.start(tmp_path / "one").stop()
    with embedded.start(tmp_path / "two") as two:
        write_postmaster_file(tmp_path / "one", server_pid(tmp_path / "two"))
        with embedded.start(tmp_path / "one") as one:
            assert sql(one.url, "select 1") == 1
        assert sql(two.url, "select 1") == 1


@pytest.mark.parametrize("content", ["", "not a number\n", "123"])
def test_a_broken_pid_file_is_no_hindrance(data_dir: Path, content: str) -> None:
    embedded.start(data_dir).stop()
    (data_dir / "postgres" / "postmaster.pid").write_text(content)
    assert embedded.find_running(data_dir) is None
    with embedded.start(data_dir) as postgres:
        assert sql(postgres.url, "select 1") == 1


def test_a_server_that_somebody_started_by_hand_is_left_alone(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with embedded.start(data_dir) as postgres:
        # As if it were not ours: the locks are gone, the server isn't.
        for lock in ("postgres.lock", "postgres-server.lock"):
            (data_dir / lock).unlink()
        with pytest.raises(OldServerStillRunning, match=str(server_pid(data_dir))):
            embedded.start(data_dir)
        assert sql(postgres.url, "select 1") == 1
