"""Files of cases, as strangers write them."""

import json
from pathlib import Path

import pytest

from navis_api.errors import InvalidInput
from navis_api.evaluation.cases import (
    CitedPassage,
    GroundingClaim,
    RetrievalQuery,
    ReusePair,
    SafetyText,
    read_cases,
)
from navis_api.evaluation.errors import CasesBroken, CasesEmpty

SECRET = "a text that somebody wrote"
PAIR = {"id": "1", "a": "How is it treated?", "b": "What can be done?", "same": True}


def written(path: Path, *lines: object) -> Path:
    file = path / "cases.jsonl"
    file.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    )
    return file


def test_blank_lines_and_further_fields_do_not_matter(tmp_path: Path) -> None:
    path = written(tmp_path, {**PAIR, "author": "us"}, "", {**PAIR, "id": "2", "same": False}, "")
    assert [(pair.id, pair.same) for pair in read_cases(path, ReusePair)] == [
        ("1", True),
        ("2", False),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "null",
        {"id": "2", "a": SECRET, "b": "b"},
        {"id": "2", "a": SECRET, "b": 7, "same": True},
        {"id": "", "a": SECRET, "b": "b", "same": True},
        {"id": "2", "a": "", "b": SECRET, "same": True},
        {"id": "2", "a": SECRET, "b": "b", "same": "perhaps"},
        {"id": "1", "a": SECRET, "b": "b", "same": True},
        '{"id": "2", "a": "\\ud800", "b": "b", "same": true}',
    ],
    ids=range(10),
)
def test_a_broken_line_is_named_without_its_words(tmp_path: Path, line: object) -> None:
    with pytest.raises(CasesBroken) as caught:
        read_cases(written(tmp_path, PAIR, line), ReusePair)
    assert "cases.jsonl:2" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_bytes_that_are_no_text_are_a_broken_line(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b'{"id": "1", "a": "\xff", "b": "b", "same": true}')
    with pytest.raises(CasesBroken):
        read_cases(path, ReusePair)


def test_an_empty_file_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(CasesEmpty):
        read_cases(written(tmp_path, "", ""), SafetyText)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"no\.jsonl"):
        read_cases(tmp_path / "no.jsonl", SafetyText)


def test_a_query_needs_a_document_that_answers_it(tmp_path: Path) -> None:
    path = written(tmp_path, {"id": "1", "query": "q", "relevant_urls": []})
    with pytest.raises(CasesBroken, match="relevant_urls"):
        read_cases(path, RetrievalQuery)


def test_a_passage_may_be_bare_text_or_an_object(tmp_path: Path) -> None:
    passages = ["Bare.", {"text": "Told.", "title": "T", "version": "2025"}]
    path = written(
        tmp_path, {"id": "1", "claim": "c", "passages": passages, "supported": True, "cancer": None}
    )
    assert read_cases(path, GroundingClaim)[0].cited == (
        CitedPassage(text="Bare."),
        CitedPassage(text="Told.", title="T", version="2025"),
    )
