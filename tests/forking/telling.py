"""A module that tells what process it runs in, and ends or waits as it is told to."""

import json
import os
import sys
import time
from pathlib import Path

from navis_api.kit import clock

told = {
    "arguments": sys.argv[1:],
    "name": __name__,
    "variable": os.environ.get("NAVIS_TELLING"),
    "folder": str(Path.cwd()),
    "pid": os.getpid(),
    "session": os.getsid(0),
    "typed": "" if sys.stdin.isatty() else sys.stdin.read(),
    "met": getattr(clock, "met", None),
}
clock.met = "by another process"  # pyright: ignore[reportAttributeAccessIssue]
sys.stdout.write(json.dumps(told))
sys.stdout.flush()
sys.stderr.write("beside\n")
if "wait" in sys.argv:
    time.sleep(600)
sys.exit(3)
