"""Our code, loaded once, from which processes that run it are forked.

To load it takes a process three seconds of a core, and to run what a test looks at, milliseconds.
A fork is a process as any other: it has an id, an environment, standard streams and an end of
its own, and runs a module as `python -m` does. What it shares is what was loaded, and nothing
that anybody did.

`python -m tests.forking.server` serves the socket that is its standard input, until that closes.
"""

import gc
import json
import os
import runpy
import signal
import socket
import sys
from importlib import import_module
from typing import Any

from navis_api.asking.understanding import learn_to_read

_LARGEST_ORDER = 2**17
_LOADED = (
    "navis_api.tables",
    "navis_api.app",
    "navis_api.worker",
    "navis_api.cli.development",
    "navis_api.cli.generating",
    "navis_api.cli.serving",
)


def serve(orders: socket.socket) -> None:
    """Fork for whoever asks, and tell how forks ended. Returns only in a fork that is to run."""
    while True:
        message, streams, _, _ = socket.recv_fds(orders, _LARGEST_ORDER, 3)
        if not message:
            os._exit(0)
        order: dict[str, Any] = json.loads(message)
        if "wait" in order:
            pid, status = os.waitpid(order["wait"], os.WNOHANG)
            reply = {"code": os.waitstatus_to_exitcode(status) if pid else None}
        else:
            ready, begun = os.pipe()
            pid = os.fork()
            if not pid:
                os.close(ready)
                orders.close()
                _become(order, streams)
                os.close(begun)
                return
            os.close(begun)
            for stream in streams:
                os.close(stream)
            # In its own session, as `Popen` returns it.
            os.read(ready, 1)
            os.close(ready)
            reply = {"pid": pid}
        orders.send(json.dumps(reply).encode())


def _become(order: dict[str, Any], streams: list[int]) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    # As an interpreter that begins makes them of what they are now.
    sys.stdin = sys.__stdin__ = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(  # noqa: SIM115
        2, "w", buffering=1, errors="backslashreplace", closefd=False
    )
    os.setsid()
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = order["arguments"]
    signal.signal(signal.SIGINT, signal.default_int_handler)


def main() -> None:
    """Load, wait for orders, and in a fork run what was ordered."""
    with socket.socket(fileno=os.dup(0)) as orders:
        for name in _LOADED:
            import_module(name)
        learn_to_read()
        gc.collect()
        # So that looking for garbage copies none of it into each fork.
        gc.freeze()
        # Whoever stops the tests by Ctrl-C closes the socket.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        serve(orders)
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
