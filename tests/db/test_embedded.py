"""The embedded Postgres starts, keeps its data and refuses a second start. Real processes."""

import socket
import threading
from pathlib import Path

import pytest

from navis_api.db import embedded
from navis_api.db.embedded_errors import (
    DataFolderInUse,
    DataFolderUnusable,
    EmbeddedPostgresFailed,
)
from tests.db.embedded_processes import HOLD, another_process, fetch, sql


def test_a_fresh_folder_gets_a_server_with_our_database(data_dir: Path) -> None:
    with embedded.start(data_dir) as postgres:
        assert postgres.is_running
        assert sql(postgres.url, "select current_database()") == "navis"
        assert sql(postgres.url, "select lower('ÄÉ')") == "äé"
        assert sql(postgres.url, "show fsync") == "on"


def test_a_restart_keeps_the_data_and_the_password(data_dir: Path) -> None:
    with embedded.start(data_dir) as postgres:
        sql(postgres.url, "create table kept as select 42 as number")
        before = (data_dir / "postgres-password").read_text()
    with embedded.start(data_dir) as postgres:
        assert sql(postgres.url, "select number from kept") == 42
    assert (data_dir / "postgres-password").read_text() == before


@pytest.mark.parametrize("name", ["with a space", "Ärztin's “Daten” 数据", "x" * 200, "a\\b$c%d"])
def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    with embedded.start(tmp_path / name / "data") as postgres:
        assert sql(postgres.url, "select 1") == 1
        assert embedded.find_running(tmp_path / name / "data") == postgres.url


def test_a_folder_behind_a_symbolic_link_is_the_same_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with embedded.start(tmp_path / "real") as postgres:
        assert embedded.find_running(tmp_path / "link") == postgres.url
        with pytest.raises(DataFolderInUse):
            embedded.start(tmp_path / "link")


async def test_it_starts_and_is_found_where_a_loop_already_runs(data_dir: Path) -> None:
    with embedded.start(data_dir) as postgres:
        assert embedded.find_running(data_dir) == postgres.url
        assert await fetch(postgres.url, "select 1") == 1


def test_a_second_start_on_one_folder_is_refused_and_harms_nothing(data_dir: Path) -> None:
    with another_process(HOLD, data_dir) as (holder, next_line):
        url = next_line()
        with pytest.raises(DataFolderInUse, match=str(holder.pid)) as refusal:
            embedded.start(data_dir)
        assert refusal.value.holder_pid == holder.pid
        assert sql(url, "select 1") == 1


def test_of_two_first_starts_at_once_one_wins(data_dir: Path) -> None:
    outcomes: list[embedded.EmbeddedPostgres | DataFolderInUse] = []

    def begin() -> None:
        try:
            outcomes.append(embedded.start(data_dir))
        except DataFolderInUse as refusal:
            outcomes.append(refusal)

    threads = [threading.Thread(target=begin) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    started = [one for one in outcomes if isinstance(one, embedded.EmbeddedPostgres)]
    assert len(outcomes) == 3
    assert len(started) == 1
    assert sql(started[0].url, "select 1") == 1
    started[0].stop()


def test_two_folders_run_side_by_side(tmp_path: Path) -> None:
    with embedded.start(tmp_path / "one") as one, embedded.start(tmp_path / "two") as two:
        assert one.url != two.url
        assert embedded.find_running(tmp_path / "one") == one.url
        assert embedded.find_running(tmp_path / "two") == two.url


def test_a_database_that_is_missing_is_made_again(data_dir: Path) -> None:
    with embedded.start(data_dir) as postgres:
        sql(postgres.url.removesuffix("navis") + "postgres", "drop database navis")
    with embedded.start(data_dir) as postgres:
        assert sql(postgres.url, "select current_database()") == "navis"


def test_a_file_in_the_folders_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "data"):
        with pytest.raises(DataFolderUnusable, match="NAVIS_DATA_DIR"):
            embedded.start(place)
        with pytest.raises(DataFolderUnusable):
            embedded.find_running(place)
    assert (tmp_path / "file").read_text() == "x"


def test_a_cluster_that_can_not_start_says_why_and_frees_the_folder(data_dir: Path) -> None:
    embedded.start(data_dir).stop()
    settings = data_dir / "postgres" / "postgresql.conf"
    before = settings.read_text()
    settings.write_text(before + "max_connections = many\n")
    with pytest.raises(EmbeddedPostgresFailed, match="max_connections"):
        embedded.start(data_dir)
    settings.write_text(before)
    with embedded.start(data_dir) as postgres:
        assert sql(postgres.url, "select 1") == 1


def test_a_cluster_of_another_version_is_left_alone(data_dir: Path) -> None:
    cluster = data_dir / "postgres"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(DataFolderUnusable, match="Postgres 17"):
        embedded.start(data_dir)
    assert [path.name for path in cluster.iterdir()] == ["PG_VERSION"]


def test_a_port_that_is_taken_in_between_is_not_the_end(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
        probe.close()
        ports = iter([stranger.getsockname()[1], free])
        monkeypatch.setattr(embedded, "_free_port", lambda: next(ports))
        with embedded.start(data_dir) as postgres:
            assert f":{free}/" in postgres.url


def test_a_large_log_is_put_aside(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "postgres.log").write_bytes(b"old\n" * 2_000_000)
    embedded.start(data_dir).stop()
    assert (data_dir / "postgres.log").stat().st_size < 1_000_000
    assert (data_dir / "postgres.log.1").stat().st_size == 8_000_000


def test_settings_of_the_surroundings_do_not_reach_postgres(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PGDATA": "/nowhere",
        "PGPORT": "1",
        "LC_ALL": "xx_XX",
        "TZ": "Mars",
    }.items():
        monkeypatch.setenv(name, value)
    with embedded.start(data_dir) as postgres:
        assert sql(postgres.url, "show timezone") == "UTC"


def test_a_lost_password_is_named_and_its_return_heals(data_dir: Path) -> None:
    embedded.start(data_dir).stop()
    password_file = data_dir / "postgres-password"
    password = password_file.read_text()
    password_file.unlink()
    with pytest.raises(DataFolderUnusable, match="postgres-password is lost"):
        embedded.start(data_dir)
    assert not password_file.exists()
    password_file.write_text(password)
    with embedded.start(data_dir) as postgres:
        assert sql(postgres.url, "select 1") == 1
