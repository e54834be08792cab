"""`python -m bench [name [options]]`: run one measurement, or all of them.

`python -m bench install` installs the peers from npm.
"""

import sys
from collections.abc import Callable, Sequence

from bench import ask, asking, limits, read_path, refusals, signals, sizing
from bench.chaos import program as chaos
from bench.chaos import upgrade
from bench.npm import install
from bench.subscriptions import program as subscriptions

_PROGRAMS: dict[str, Callable[[Sequence[str]], None]] = {
    "read_path": read_path.main,
    "ask": ask.main,
    "asking": asking.main,
    "refusals": refusals.main,
    "limits": limits.main,
    "signals": signals.main,
    "subscriptions": subscriptions.main,
    "sizing": sizing.main,
    "chaos": chaos.main,
    "upgrade": upgrade.main,
}


_BY_NAME = frozenset({"chaos", "upgrade"})
"""They measure no speed, and need to be told what to do."""


def main() -> None:
    """Run what was named."""
    name, *options = sys.argv[1:] or [""]
    if name == "install":
        install()
        return
    if name and name not in _PROGRAMS:
        sys.exit(f"There is no measurement `{name}`. There are: {', '.join(_PROGRAMS)}.")
    for each in [name] if name else [each for each in _PROGRAMS if each not in _BY_NAME]:
        print(f"\n== {each}")
        _PROGRAMS[each](options)


main()
