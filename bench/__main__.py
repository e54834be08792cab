"""`python -m bench [reading|asking]`: run one measurement, or all of them."""

import sys
from collections.abc import Callable

from bench import asking, reading

_PROGRAMS: dict[str, Callable[[], None]] = {"reading": reading.main, "asking": asking.main}


def main() -> None:
    """Run what was named."""
    names = sys.argv[1:] or list(_PROGRAMS)
    unknown = [name for name in names if name not in _PROGRAMS]
    if unknown:
        sys.exit(f"There is no measurement `{unknown[0]}`. There are: {', '.join(_PROGRAMS)}.")
    for name in names:
        print(f"\n== {name}")
        _PROGRAMS[name]()


main()
