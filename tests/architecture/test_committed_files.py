"""What is committed names no machine that it was written on, and fetches from no fixed address."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Put together, so that this file doesn't hold what it looks for.
MACHINE_PATHS = re.compile(
    r"(?<![\w.])/(?:"
    + "|".join(["wor" + "k", "ro" + "ot", "home/(?!you/)[a-z]+", "Users/[a-z]+"])
    + r")/"
    r"|/tmp/" + "nav" + "is"
)
REGISTRY_HOSTS = re.compile(
    "|".join(
        re.escape(name) + r"\." + re.escape(end)
        for name, end in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("proxy.golang", "org"),
            ("crates", "io"),
        )
    )
    + "|arti"
    + "factory|nex"
    + "us/repository"
)
ADDRESS = re.compile(r"https?://|git\+|file:|@ [a-z]+:")

LARGEST_FILE_BYTES = 1_000_000
LARGER_FILES = {"asks_the_same.onnx": 17_000_000, "says_it.onnx": 17_000_000}
"""A learned reader has its size by what it is (decisions 89 and 92)."""


@cache
def committed() -> tuple[Path, ...]:
    """Return what a commit of everything would hold; outside of a clone there is none."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is not a git checkout")
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Yield name and text of each text file."""
    for path in committed():
        content = path.read_bytes()
        if b"\0" not in content:
            yield str(path.relative_to(ROOT)), content.decode("utf-8")


def found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    assert found(MACHINE_PATHS) == []


def test_no_file_names_the_host_of_a_package_registry() -> None:
    assert found(REGISTRY_HOSTS) == []


def test_pinned_versions_come_without_download_addresses() -> None:
    pinned = [
        path
        for path in committed()
        if re.search(r"^(constraints|requirements).*\.txt$|[-.]lock(\.\w+)?$", path.name)
    ]
    assert pinned, "there is no file of pinned versions"
    for path in pinned:
        assert not ADDRESS.search(path.read_text(encoding="utf-8")), path.name


def test_no_file_is_large() -> None:
    too_large = [
        path
        for path in committed()
        if path.stat().st_size > LARGER_FILES.get(path.name, LARGEST_FILE_BYTES)
    ]
    assert too_large == []


def test_no_secret_is_committed() -> None:
    kinds = re.compile("PRIVATE " + "KEY-----|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{30}")
    assert found(kinds) == []


def test_a_test_of_the_patterns_finds_what_they_are_for() -> None:
    for line in ("see /wor" + "k/main/x", "in '/ho" + "me/ann/x'", "at /tmp/" + "navis/x"):
        assert MACHINE_PATHS.search(line), line
    for line in ("https://frame" + "work/", "./wor" + "k/", "src/wor" + "k/x"):
        assert not MACHINE_PATHS.search(line), line
    assert REGISTRY_HOSTS.search("https://files.pythonhosted." + "org/x")
    assert REGISTRY_HOSTS.search("https://pypi." + "org/simple")
