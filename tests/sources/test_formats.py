import gzip
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navis_api.sources.cleaning.markdown import clean_markdown
from navis_api.sources.documents import BrokenDocument, SourceDocument
from navis_api.sources.formats.jsonl import JsonlReader
from navis_api.sources.formats.medquad_text import answer_markdown, question_heading
from navis_api.sources.formats.readers import read_jsonl, read_medquad
from navis_api.sources.models import Audience
from navis_api.sources.passages import split_passages

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
NCI = SHARED / "nci" / "nci_2025.jsonl.gz"
MEDQUAD = SHARED / "medquad"

FIELDS = {
    "url": "https://example.org/liver",
    "title": "Liver Cancer",
    "publisher": "An Institute",
    "licence": "CC BY 4.0",
    "markdown": "# Liver Cancer\n\nIt starts in the liver.",
}
XML = """<?xml version="1.0" encoding="UTF-8"?>
<Document id="0000001_1" source="{source}" url="https://example.org/liver">
<Focus>Liver  Cancer</Focus>
<QAPairs><QAPair pid="1"><Question qtype="information">What is (are) Liver Cancer ?</Question>
<Answer>It is a cancer.    - One item.    - Another &amp; more.</Answer></QAPair>
<QAPair pid="2"><Question>Unanswered ?</Question><Answer></Answer></QAPair></QAPairs>
</Document>"""


def line(**changes: object) -> bytes:
    return json.dumps({**FIELDS, **changes}).encode() + b"\n"


def write(folder: Path, content: bytes, name: str = "docs.jsonl") -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def read(path: Path) -> tuple[list[SourceDocument], list[BrokenDocument]]:
    found = list(read_jsonl(path))
    return (
        [one for one in found if isinstance(one, SourceDocument)],
        [one for one in found if isinstance(one, BrokenDocument)],
    )


@pytest.mark.parametrize("name", ["docs.jsonl", "docs.jsonl.gz"])
def test_a_line_is_a_document(tmp_path: Path, name: str) -> None:
    optional = {
        "accessed_on": "2025-12-30",
        "last_reviewed": "2025-05-01",
        "published_on": "2024-01-31",
        "version": "7",
        "audience": "professional",
        "language": "es",
    }
    documents, broken = read(write(tmp_path, line() + b"\n" + line(**optional), name))
    assert broken == []
    assert documents[0] == SourceDocument(
        key="https://example.org/liver",
        title="Liver Cancer",
        publisher="An Institute",
        url="https://example.org/liver",
        licence="CC BY 4.0",
        markdown="# Liver Cancer\n\nIt starts in the liver.",
        where=f"{name}:1",
    )
    assert documents[1] == SourceDocument(
        key="es:https://example.org/liver",
        title="Liver Cancer",
        publisher="An Institute",
        url="https://example.org/liver",
        licence="CC BY 4.0",
        markdown="# Liver Cancer\n\nIt starts in the liver.",
        where=f"{name}:3",
        version="7",
        published_on=date(2024, 1, 31),
        last_reviewed_on=date(2025, 5, 1),
        accessed_on=date(2025, 12, 30),
        audience=Audience.PROFESSIONAL,
        language="es",
    )


def test_other_names_of_a_medquad_document_are_read(tmp_path: Path) -> None:
    synonyms = (
        "</Focus><FocusAnnotations><Synonyms><Synonym>Hepatic  cancer</Synonym>"
        "<Synonym> </Synonym><Synonym>Cancer of the liver &amp; more</Synonym></Synonyms>"
        "</FocusAnnotations>"
    )
    xml = XML.format(source="GARD").replace("</Focus>", synonyms).encode()
    (document,) = read_medquad(write(tmp_path, xml, "0000001_1.xml"))
    assert isinstance(document, SourceDocument)
    assert document.other_names == ("Hepatic cancer", "Cancer of the liver & more")
    assert document.title == "Liver Cancer"


SECRET = "Bilirubin-Nonsense"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (line()[:-20] + b"\n", "not JSON"),
        (f"{SECRET}\n".encode(), "not JSON"),
        (b'{"url": "' + SECRET.encode() + b'\xff"}\n', "not UTF-8 at byte 28"),
        (b'["' + SECRET.encode() + b'"]\n', "not a JSON object"),
        (b"[" * 100_000 + b"\n", "not JSON"),
        (b'{"n": ' + b"9" * 5_000 + b"}\n", "not JSON"),
        (line(title=None), "`title` is missing"),
        (line(publisher=["Institute"]), "`publisher` is not a string"),
        (line(licence=" "), "`licence` is empty"),
        (line(markdown=None), "`markdown` is missing"),
        (line(markdown=""), "`markdown` is empty"),
        (line(markdown=f"{SECRET}\x00"), "`markdown` holds a NUL"),
        (line(markdown=f"{SECRET}\ud800"), "half a surrogate pair"),
        (line(title="x" * 1_001), "`title` is longer than 1000"),
        (line(url=f"ftp://{SECRET}"), "not an http or https URL"),
        (line(url=f"javascript:{SECRET}"), "not an http or https URL"),
        (line(url="https://"), "not an http or https URL"),
        (line(url=f"https://a b/{SECRET}"), "no URL may hold"),
        (line(url="https://[::1"), "not a URL"),
        (line(last_reviewed=SECRET), "`last_reviewed` is not a date"),
        (line(accessed_on="2025-02-30"), "`accessed_on` is not a date"),
        (line(accessed_on=20250230), "`accessed_on` is not a string"),
        (line(audience=SECRET), "`audience` is not"),
        (line(language="not a language"), "`language` is not a language tag"),
    ],
)
def test_a_broken_line_is_named_and_costs_only_itself(
    tmp_path: Path, bad: bytes, reason: str
) -> None:
    good = line()
    documents, broken = read(write(tmp_path, good + bad + line(url="https://example.org/2")))
    assert [one.url for one in documents] == [FIELDS["url"], "https://example.org/2"]
    assert [one.where for one in broken] == ["docs.jsonl:2"]
    assert reason in broken[0].reason
    assert SECRET not in broken[0].reason


def test_a_line_that_is_too_long_is_skipped_without_being_held(tmp_path: Path) -> None:
    path = write(tmp_path, line() + b"x" * 500_000 + b"\n" + line(), "docs.jsonl.gz")
    found = list(JsonlReader(path, max_document_bytes=1_000))
    assert [type(one) for one in found] == [SourceDocument, BrokenDocument, SourceDocument]
    assert found[1] == BrokenDocument("docs.jsonl.gz:2", "the line is longer than 1000 bytes")


def test_text_serves_where_there_is_no_markdown(tmp_path: Path) -> None:
    documents, _ = read(write(tmp_path, line(markdown=None, text="Plain.")))
    assert documents[0].markdown == "Plain."


def test_a_blank_title_is_found_in_the_text_or_the_address(tmp_path: Path) -> None:
    documents, broken = read(write(tmp_path, line(title="") + line(title="", markdown="Text.")))
    assert broken == []
    assert [one.title for one in documents] == ["Liver Cancer", "liver"]


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    documents, broken = read(write(tmp_path, b"\xef\xbb\xbf" + line()))
    assert (len(documents), broken) == (1, [])


def test_a_gzip_file_that_is_cut_off_gives_what_stands_before(tmp_path: Path) -> None:
    # Text that does not compress, so that the cut falls into a late line.
    lines = b"".join(line(url=f"https://example.org/{hash(str(n))}") for n in range(2_000))
    path = write(tmp_path, lines, "docs.jsonl.gz")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 3 // 4])
    documents, broken = read(path)
    assert 500 < len(documents) < 2_000
    assert [one.where for one in broken] == [f"docs.jsonl.gz:{len(documents) + 1}"]
    assert "cut off" in broken[0].reason


def test_a_file_that_only_claims_to_be_gzip_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "docs.jsonl.gz"
    path.write_bytes(line())
    assert read(path) == (
        [],
        [BrokenDocument("docs.jsonl.gz:1", "the gzip file is damaged or cut off here")],
    )


def test_progress_reaches_the_total(tmp_path: Path) -> None:
    reader = read_jsonl(write(tmp_path, line() * 3))
    seen = [reader.done for _ in reader]
    assert reader.unit == "bytes"
    assert seen == sorted(seen)
    assert reader.done == reader.total == len(line()) * 3


def test_a_file_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_jsonl(tmp_path / "none.jsonl")
    with pytest.raises(FileNotFoundError):
        read_medquad(tmp_path / "none")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_an_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = write(tmp_path_factory.getbasetemp(), content, "any.jsonl")
    assert all(isinstance(one, BrokenDocument) for one in read_jsonl(path))


def test_a_medquad_file_is_a_document(tmp_path: Path) -> None:
    file = tmp_path / "0000001_1.xml"
    file.write_text(XML.format(source="CancerGov"), encoding="utf-8")
    (document,) = read_medquad(file)
    assert isinstance(document, SourceDocument)
    assert document.key == "medquad:CancerGov:0000001_1"
    assert document.title == "Liver Cancer"
    assert document.publisher == "National Cancer Institute"
    assert document.licence.startswith("CC BY 4.0 (MedQuAD; ")
    assert document.version == "MedQuAD 2019"
    assert document.markdown == (
        "## What is Liver Cancer?\n\nIt is a cancer.\n\n- One item.\n- Another & more."
    )


def test_an_unknown_collection_stands_for_its_publisher(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(XML.format(source="Elsewhere"), encoding="utf-8")
    (document,) = read_medquad(tmp_path)
    assert isinstance(document, SourceDocument)
    assert document.publisher == "Elsewhere"


@pytest.mark.parametrize(
    ("content", "where", "reason"),
    [
        (XML[:300], "bad.xml:5", "not well-formed"),
        ("", "bad.xml:1", "not well-formed"),
        ("<Page/>", "bad.xml", "its root is not <Document>"),
        ("<Document url='https://a.org'/>", "bad.xml", "no source"),
        ("<Document source='A' url='file:///etc/passwd'/>", "bad.xml", "no http or https url"),
        ("<Document source='A' url='https://a.org'/>", "bad.xml", "<Focus> is missing"),
        (
            "<Document source='A' url='https://a.org'><Focus>B</Focus></Document>",
            "bad.xml",
            "no question has an answer",
        ),
        (
            '<!DOCTYPE d [\n<!ENTITY a "aaaa">]>\n<Document>&a;</Document>',
            "bad.xml:2",
            "declares XML entities",
        ),
        (
            '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><Document>&a;</Document>',
            "bad.xml:1",
            "declares XML entities",
        ),
        ("<?xml version='1.0' encoding='martian'?><Document/>", "bad.xml", "not"),
    ],
)
def test_a_broken_medquad_file_is_named_and_costs_only_itself(
    tmp_path: Path, content: str, where: str, reason: str
) -> None:
    for name in ("a.xml", "z.xml"):
        (tmp_path / name).write_text(XML.format(source="CancerGov"), encoding="utf-8")
    (tmp_path / "bad.xml").write_text(content, encoding="utf-8")
    reader = read_medquad(tmp_path)
    first, broken, last = reader
    assert isinstance(first, SourceDocument)
    assert isinstance(last, SourceDocument)
    assert isinstance(broken, BrokenDocument)
    assert broken.where.startswith(where)
    assert reason in broken.reason
    assert (reader.done, reader.total) == (3, 3)


def test_the_white_space_of_an_answer_becomes_headings_paragraphs_and_lists() -> None:
    answer = (
        "Key Points\n                    - It is rare.    - It spreads.\n                \n"
        "                \n                    It is rare.\n                    Few have it.   "
        "Blood is checked for:         -  Red cells, such as:         - young ones     - old ones"
        "        - Platelets.        These tell a lot.  They are simple."
    )
    assert answer_markdown(answer) == (
        "### Key Points\n\n- It is rare.\n- It spreads.\n\n### It is rare.\n\nFew have it.\n\n"
        "Blood is checked for:\n\n- Red cells, such as:\n  - young ones\n  - old ones\n- Platelets."
        "\n\nThese tell a lot. They are simple."
    )
    assert clean_markdown(answer_markdown(answer)).startswith("### It is rare.\n\nFew have it.")


def test_a_question_is_tidied_for_its_heading() -> None:
    assert question_heading("What is (are) Thymoma ?") == "What is Thymoma?"
    assert question_heading("Who is at risk for Thymoma? ?") == "Who is at risk for Thymoma?"


@pytest.mark.skipif(not MEDQUAD.exists(), reason="../shared/data/medquad is not here")
class TestMedquad:
    def test_every_document_is_read_and_its_words_are_unchanged(self) -> None:
        found = list(read_medquad(MEDQUAD))
        documents = [one for one in found if isinstance(one, SourceDocument)]
        assert len(documents) == len(found) == 116
        assert len({one.key for one in documents}) == 116
        for document in documents:
            text = clean_markdown(document.markdown)
            assert text
            assert clean_markdown(text) == text

    def test_a_file_that_is_cut_off_costs_only_itself(self, tmp_path: Path) -> None:
        copy = tmp_path / "copy"
        shutil.copytree(MEDQUAD, copy)
        file = sorted(copy.rglob("*.xml"))[40]
        file.chmod(0o644)
        file.write_bytes(file.read_bytes()[:3_000])
        found = list(read_medquad(copy))
        broken = [one for one in found if isinstance(one, BrokenDocument)]
        assert len(found) == 116
        assert [file.name in one.where for one in broken] == [True]


@pytest.mark.skipif(not NCI.exists(), reason="../shared/data/nci is not here")
class TestNci:
    def test_every_document_is_read_cleaned_and_cut(self) -> None:
        documents = list(read_jsonl(NCI))
        assert len(documents) == 1_432
        passages = 0
        for number, document in enumerate(documents):
            assert isinstance(document, SourceDocument)
            # Every seventh page is cleaned: enough to meet each kind, in a few seconds.
            if number % 7:
                continue
            text = clean_markdown(document.markdown)
            assert clean_markdown(text) == text
            assert "](" not in text.replace("[received FDA approval in 2025](", "")
            assert "\n\n\n" not in text
            passages += sum(1 for _ in split_passages(text))
        assert passages > 3_000

    def test_a_copy_that_is_cut_off_gives_what_stands_before_the_cut(self, tmp_path: Path) -> None:
        copy = tmp_path / "nci.jsonl.gz"
        with NCI.open("rb") as whole:
            copy.write_bytes(whole.read(2_000_000))
        documents, broken = read(copy)
        assert len(documents) > 100
        assert [one.where for one in broken] == [f"nci.jsonl.gz:{len(documents) + 1}"]

    def test_a_line_that_is_cut_off_costs_only_itself(self, tmp_path: Path) -> None:
        with gzip.open(NCI, "rb") as whole:
            lines = [whole.readline() for _ in range(20)]
        lines[11] = lines[11][: len(lines[11]) // 2] + b"\n"
        documents, broken = read(write(tmp_path, b"".join(lines), "nci.jsonl"))
        assert len(documents) == 19
        assert [one.where for one in broken] == ["nci.jsonl:12"]
