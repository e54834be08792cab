"""Runs one Postgres program for a supervisor, and ends it when the supervisor is gone.

A program of its own, standard library only, started by file name in a session of
its own (a Ctrl-C in the terminal reaches the supervisor, not Postgres):

    python -IS embedded_launch.py USER GROUP FOLDER PROGRAM ARGUMENT...

USER and GROUP are numeric ids to change to, or "-" to stay who we are. Standard
input is a pipe that nobody writes to: its end says that the supervisor has closed
it or died, kill -9 included. Then PROGRAM gets SIGINT (Postgres: roll back and
checkpoint), and SIGQUIT (leave at once; the write-ahead log keeps what was
committed) when that takes too long.

Why a process in between, and not `PR_SET_PDEATHSIG` on Postgres alone: that signal
fires when the *thread* that forked ends, exists on Linux only, is not delivered to
another user's process where root lacks CAP_KILL, can't escalate, and leaves a
zombie where process 1 doesn't reap. Postgres has it as well, for the case that this
very process is killed.
"""

import ctypes
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

EXIT_OUT_OF_REACH = 77
"""EX_NOPERM of sysexits.h: the user we changed to can't get to FOLDER or PROGRAM."""

_EXIT_CANNOT_CHANGE_USER = 71
_EXIT_CANNOT_RUN = 126

# A second look twice a second costs nothing and covers the case that a forked child
# of the supervisor still holds the other end of the pipe.
_LOOK_AGAIN_S = 0.5

# Together with the look above these stay below the five seconds within which
# Postgres must be gone. Postgres itself kills what ignores its SIGQUIT after 5 s.
_PATIENCE_AFTER_SIGINT_S = 3.0
_PATIENCE_AFTER_SIGQUIT_S = 6.0

# From linux/prctl.h, linux/securebits.h and linux/capability.h.
_PR_SET_PDEATHSIG = 1
_PR_GET_SECUREBITS = 27
_PR_SET_SECUREBITS = 28
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilityWord(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def main(arguments: list[str]) -> int:
    """Run PROGRAM until it ends; return its exit code, 128 + n where signal n ended it."""
    user, group, folder, *command = arguments
    supervisor = os.getppid()
    libc = ctypes.CDLL(None, use_errno=True)
    if user != "-":
        try:
            reached = _change_user(libc, int(user), int(group), (command[0], folder))
        except OSError as error:
            sys.stderr.write(
                f"Postgres refuses to run as root, and this root may not run it as user {user}: "
                f"{error.strerror}. Run this as an ordinary user.\n"
            )
            return _EXIT_CANNOT_CHANGE_USER
        if not reached:
            return EXIT_OUT_OF_REACH
    wake = _wake_on_signals()
    program = _start(libc, command)
    code = _watch(program, supervisor, wake)
    return code if code >= 0 else 128 - code


def _start(libc: ctypes.CDLL, command: list[str]) -> int:
    """Fork and run the program; return its process id. This process has one thread."""
    launcher = os.getpid()
    child = os.fork()
    if child:
        return child
    try:
        if sys.platform == "linux":
            # Set after the change of user, which would clear it. SIGQUIT, since nobody
            # is left to insist when a SIGINT takes long.
            _prctl(libc, _PR_SET_PDEATHSIG, signal.SIGQUIT)
        if os.getppid() == launcher:
            _replace_by(command)
    except OSError as error:
        sys.stderr.write(f"{command[0]} can't be run: {error.strerror}.\n")
        sys.stderr.flush()
    os._exit(_EXIT_CANNOT_RUN)


def _replace_by(command: list[str]) -> NoReturn:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    os.execv(command[0], command)  # noqa: S606  There is no shell in it, and shall be none.


def _wake_on_signals() -> int:
    """Return a file descriptor that becomes readable when a child ends or we are to stop."""
    wake, bell = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(bell, False)
    signal.set_wakeup_fd(bell, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _only_wake)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    return wake


def _only_wake(_number: int, _frame: FrameType | None) -> None:
    """Leave it to the descriptor, which the interpreter writes the signal's number to."""


def _watch(program: int, supervisor: int, wake: int) -> int:
    """Wait for the program, and end it when the supervisor is gone. Returns its exit code."""
    insisting: Iterator[float] | None = None
    insist_at = 0.0
    while True:
        ended, status = os.waitpid(program, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if insisting is None:
            if not _asked_to_stop(wake) and os.getppid() == supervisor:
                continue
            insisting = _insist(program)
        elif time.monotonic() < insist_at:
            select.select([wake], [], [], min(_LOOK_AGAIN_S, insist_at - time.monotonic() + 0.01))
            _read_bells(wake)
            continue
        insist_at = time.monotonic() + next(insisting)


def _asked_to_stop(wake: int) -> bool:
    """Wait a moment; say whether our input has ended or a signal to stop has come."""
    readable, _, _ = select.select([0, wake], [], [], _LOOK_AGAIN_S)
    rung = _read_bells(wake) if wake in readable else b""
    return 0 in readable or any(number != signal.SIGCHLD for number in rung)


def _read_bells(wake: int) -> bytes:
    try:
        return os.read(wake, 256)
    except BlockingIOError:
        return b""


def _insist(program: int) -> Iterator[float]:
    """Signal the program harder at each step; yields how long to wait before the next, in s."""
    os.kill(program, signal.SIGINT)
    yield _PATIENCE_AFTER_SIGINT_S
    os.kill(program, signal.SIGQUIT)
    yield _PATIENCE_AFTER_SIGQUIT_S
    while True:
        os.kill(program, signal.SIGKILL)
        yield _PATIENCE_AFTER_SIGQUIT_S


def _change_user(libc: ctypes.CDLL, user: int, group: int, needed: tuple[str, ...]) -> bool:
    """Stop being root for good; say whether the needed paths can be reached afterwards.

    Where they can't (below a folder like /root), keep the one smallest capability
    with which they can, so that no permission of a folder that isn't ours has to
    change: first CAP_DAC_READ_SEARCH, which passes folders and reads, and then
    CAP_DAC_OVERRIDE, which is what containers are usually given. It is kept as an
    ambient capability, because only those outlive the exec of a plain program, and
    because an exec that gains no privilege keeps PR_SET_PDEATHSIG (capabilities(7),
    prctl(2)).
    """
    if sys.platform == "linux":
        # Without the fixup a change of user leaves the capabilities alone, and
        # access(2), by which initdb looks for its programs, respects them too.
        bits = _prctl(libc, _PR_GET_SECUREBITS)
        _prctl(libc, _PR_SET_SECUREBITS, bits | _SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)
    if sys.platform != "linux":
        return _can_reach(needed)
    return any(
        _keep_only(libc, capability, needed)
        for capability in (None, _CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE)
    )


def _keep_only(libc: ctypes.CDLL, capability: int | None, needed: tuple[str, ...]) -> bool:
    """Try with one capability or none. Others are given up only when it is enough."""
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    words = (_CapabilityWord * 2)()
    if libc.capget(ctypes.byref(header), words):
        return False
    kept = 0 if capability is None else 1 << capability
    words[0].effective = words[0].inheritable = kept
    words[1].effective = words[1].inheritable = 0
    if libc.capset(ctypes.byref(header), words) or not _can_reach(needed):
        return False
    if kept and _prctl(libc, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability or 0):
        return False
    words[0].permitted = kept
    words[1].permitted = 0
    return not libc.capset(ctypes.byref(header), words)


def _can_reach(needed: tuple[str, ...]) -> bool:
    return all(os.access(path, os.X_OK) for path in needed)


def _prctl(libc: ctypes.CDLL, option: int, *arguments: int) -> int:
    """Call prctl(2), whose arguments are as wide as a pointer. Returns -1 where it is refused."""
    wide = [ctypes.c_ulong(argument) for argument in arguments]
    wide += [ctypes.c_ulong(0)] * (4 - len(wide))
    return int(libc.prctl(option, *wide))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
