"""What the documents say is so: settings, links, queries and commands."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import parse, validate
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from navis_api.answers.states import TRANSITIONS
from navis_api.cli import cli
from navis_api.graphql.schema import schema

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")])

LINK = re.compile(r"\[[^\]\n]+\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GRAPHQL_IN_CURL = re.compile(r'-d \'\{"query": "((?:[^"\\]|\\.)*)"')
COMMAND = re.compile(r"\bnavis-api ([a-z]+(?:-[a-z]+)*)\b")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(language: str) -> Iterator[tuple[str, str]]:
    for path in DOCUMENTS:
        for found, text in BLOCK.findall(path.read_text(encoding="utf-8")):
            if found == language:
                yield name_of(path), text


def queries() -> Iterator[tuple[str, str]]:
    yield from blocks("graphql")
    for name, text in blocks("sh"):
        for query in GRAPHQL_IN_CURL.findall(text):
            yield name, query.replace('\\"', '"')


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as repository hosts make them."""
    without_code = BLOCK.sub("", path.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", without_code, re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


def test_the_settings_table_is_what_the_code_has() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    written = page.partition("<!-- settings -->\n")[2].partition("<!-- /settings -->")[0]
    printed = CliRunner().invoke(cli, ["settings"])
    assert printed.exit_code == 0
    assert written == printed.stdout, "paste what `navis-api settings` prints into operations.md"


def test_the_table_of_steps_is_what_the_code_has() -> None:
    page = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
    written = page.partition("<!-- steps -->\n")[2].partition("<!-- /steps -->")[0]
    assert written.splitlines()[2:] == [
        f"| {step.before} | {step.after} | {step.action} | {', '.join(step.roles)} |"
        for step in TRANSITIONS
    ]


def test_settings_that_are_named_exist() -> None:
    settings = set(re.findall(r"NAVIS_[A-Z_]+", CliRunner().invoke(cli, ["settings"]).stdout))
    # Whose command it is, which is no setting of the service.
    known = {*settings, "NAVIS_TOKEN"}
    for path in (*DOCUMENTS, ROOT / "Dockerfile"):
        named = set(re.findall(r"NAVIS_[A-Z_]+[A-Z]", path.read_text(encoding="utf-8")))
        # What begins so is for our tests alone.
        of_service = {name for name in named if not name.startswith("NAVIS_TEST_")}
        assert of_service <= known, name_of(path)


def test_commands_that_are_named_exist() -> None:
    command = get_command(cli)
    assert isinstance(command, TyperGroup)
    known = set(command.commands)
    for path in (*DOCUMENTS, ROOT / "Dockerfile", ROOT / "docker-compose.yml"):
        named = set(COMMAND.findall(path.read_text(encoding="utf-8")))
        assert named <= known, name_of(path)


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_between_documents_resolve(path: Path) -> None:
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("path", sorted(ROOT.glob("docs/decisions/0*.md")), ids=name_of)
def test_each_decision_is_listed_and_whole(path: Path) -> None:
    assert f"({path.name})" in (path.parent / "README.md").read_text(encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    for part in ("**Context.**", "**Decision.**", "**Consequence.**"):
        assert part in text


def test_the_readme_has_a_query_to_paste() -> None:
    assert "README.md" in {name for name, _ in blocks("graphql")}


@pytest.mark.parametrize(("name", "query"), list(queries()))
def test_queries_are_valid(name: str, query: str) -> None:
    assert validate(schema().core, parse(query)) == [], name
