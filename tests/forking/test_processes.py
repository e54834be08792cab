"""What is forked is a process like one that was begun anew, and shares nothing that is done."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.processes import Running
from tests.forking.processes import run_forked

TELLING = "tests.forking.telling"


def test_it_is_told_and_tells_what_one_begun_anew_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    env = {"PATH": os.environ["PATH"], "NAVIS_TELLING": "a variable"}
    anew = subprocess.run(
        [sys.executable, "-m", TELLING, "one", "two"],
        env=env,
        input="typed",
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    first, second = (
        run_forked([TELLING, "one", "two"], env=env, given="typed", timeout=60) for _ in range(2)
    )

    for done in (first, second):
        assert (done.returncode, done.stderr) == (anew.returncode, anew.stderr) == (3, "beside\n")
        ours, theirs = json.loads(done.stdout), json.loads(anew.stdout)
        for told in (ours, theirs):
            assert told.pop("pid") == told.pop("session") != os.getpid()
        assert ours == theirs
        assert ours["met"] is None
    assert json.loads(first.stdout)["pid"] != json.loads(second.stdout)["pid"]


def test_what_goes_wrong_is_printed_and_is_the_exit_code() -> None:
    done = run_forked(["tests.forking.no_module"], env={}, timeout=60)
    assert done.returncode == 1
    assert "No module named tests.forking.no_module" in done.stderr


@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, -2)],
)
def test_it_takes_signals_and_tells_by_which_it_ended(sent: signal.Signals, code: int) -> None:
    with Running(TELLING, "wait", env=dict(os.environ)) as running:
        running.wait_for("beside")
        assert running.process.poll() is None
        running.process.send_signal(sent)
        assert running.process.wait(60) == code
        # As to one that has ended already.
        running.process.send_signal(sent)


def test_one_that_takes_too_long_is_ended() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        run_forked([TELLING, "wait"], env={}, timeout=0.5)
