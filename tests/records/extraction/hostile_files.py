"""Files made to hurt whoever opens them: some three hundred, from a seed."""

import base64
import json
import random
from collections.abc import Iterator

import numpy as np

from tests.records.extraction.ccda_documents import HEAD, PROBLEMS, document, problem, section
from tests.records.extraction.pdf_files import assembled, flate_bomb, locked, pdf
from tests.records.extraction.scanned_pages import as_heic

# Put together, so that no scanner takes this file for what it tests.
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS" + "-TEST-FILE!$H+H*"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
CONDITION = {
    "resourceType": "Condition",
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "254837009", "display": "x"}]},
}


def hostile_files() -> list[tuple[str, bytes]]:
    """Return the files with a name each."""
    files = [*_pdfs(), *_documents(), *_json(), *_texts(), *_images(), *_strangers()]
    files += _mutations(random.Random(6), 300 - len(files) if len(files) < 250 else 60)
    return files


def _pdfs() -> Iterator[tuple[str, bytes]]:
    plain = pdf("Stage IIB breast cancer.")
    yield "pdf-locked", locked(plain)
    yield "pdf-header-only", b"%PDF-1.7\n"
    yield (
        "pdf-no-pages",
        assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]),
    )
    yield (
        "pdf-circle-of-pages",
        assembled(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000000 >>",
            ]
        ),
    )
    yield "pdf-bomb", flate_bomb(200)
    script = (
        b"/OpenAction << /S /JavaScript /JS (app.launchURL\\('file:passwd'\\); while\\(1\\);) >>"
    )
    yield "pdf-script", pdf("Stage IIB breast cancer.", extra=script)
    launch = b"/OpenAction << /S /Launch /F (calc.exe) >>"
    yield "pdf-launch", pdf("Stage IIB breast cancer.", extra=launch)
    yield "pdf-huge-page", plain.replace(b"[0 0 600 840]", b"[0 0 9e9 9e9]")
    yield "pdf-many-pages", pdf(*["x"] * 600)
    yield "pdf-and-html", plain + b"<html><script>alert(1)</script></html>"
    yield "pdf-and-zip", plain + b"PK\x03\x04" + b"\x00" * 100
    yield "pdf-after-junk", b"MZ\x90\x00" + plain
    for at in range(1, 10):
        yield f"pdf-cut-{at}", plain[: len(plain) * at // 10]


def _documents() -> Iterator[tuple[str, bytes]]:
    head = HEAD.split("\n", 1)[1]
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield (
        "xml-laughs",
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]>{head}&l9;</ClinicalDocument>'.encode(),
    )
    outside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    yield "xml-outside-entity", f"{outside}{head}&x;</ClinicalDocument>".encode()
    yield "xml-late-doctype", f"<!--{'x' * 20_000}-->{outside}{head}&x;</ClinicalDocument>".encode()
    yield (
        "xml-parameter-entity",
        (
            f'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://example.invalid/x">%p;]>{head}</ClinicalDocument>'
        ).encode(),
    )
    yield "xml-deep", head.encode() + b"<a>" * 100_000
    yield "xml-wide", head.encode() + b"<a/>" * 100_000 + b"</ClinicalDocument>"
    yield (
        "xml-attributes",
        (
            head + "<a " + " ".join(f'b{n}="1"' for n in range(50_000)) + "/></ClinicalDocument>"
        ).encode(),
    )
    yield "xml-unknown-encoding", b'<?xml version="1.0" encoding="nonsense"?>' + head.encode()
    yield (
        "xml-wide-letters",
        document(section(PROBLEMS, problem("C50.9", "x"))).decode().encode("utf-16"),
    )
    yield "html", b"<!doctype html><script>alert(1)</script>"
    yield "svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    whole = document(section(PROBLEMS, problem("C50.9", "Breast cancer")))
    for at in range(1, 10):
        yield f"xml-cut-{at}", whole[: len(whole) * at // 10]


def _json() -> Iterator[tuple[str, bytes]]:
    start = b'{"resourceType":"Bundle","entry":'
    yield "json-deep-lists", start + b"[" * 200_000
    yield "json-deep-objects", b'{"resourceType":"B","a":' * 100_000
    yield "json-huge-number", start + b"9" * 100_000 + b"}"
    yield "json-infinity", start + b"Infinity}"
    yield "json-exponent", start + b"1e999999}"
    yield "json-surrogate", json.dumps(CONDITION).replace('"x"', r'"Breast cancer \ud800"').encode()
    yield "json-nul", json.dumps(CONDITION).replace('"x"', r'"Breast \u0000cancer"').encode()
    yield "json-twice", b'{"resourceType":"Condition","resourceType":7}'
    yield "json-not-fhir", b'{"a": 1}'
    yield "json-list", b'[{"resourceType":"Condition"}]'
    yield (
        "json-circle",
        json.dumps(
            {
                "resourceType": "Bundle",
                "entry": [{"resource": {"resourceType": "Bundle", "entry": []}}] * 99,
            }
        ).encode(),
    )
    for name in ("code", "component", "stage", "extension", "contained", "reasonCode", "status"):
        for number, shape in enumerate((None, 0, "x", [], [[]], {"coding": 1}, [{"coding": [0]}])):
            hurt = {"resourceType": "Condition", **CONDITION, name: shape}
            yield f"json-{name}-{number}", json.dumps(hurt).encode()
    whole = json.dumps({"resourceType": "Bundle", "entry": [{"resource": CONDITION}]}).encode()
    for at in range(1, 10):
        yield f"json-cut-{at}", whole[: len(whole) * at // 10]


def _texts() -> Iterator[tuple[str, bytes]]:
    yield "eicar", EICAR.encode()
    yield "empty", b""
    yield "spaces", b" \r\n\t" * 100
    yield "nul", b"Breast cancer\x00stage II"
    yield "controls", bytes(range(1, 32)) * 50
    yield "path", b"../../../etc/passwd"
    yield "markup-in-text", b"Stage II <script>alert(1)</script> '; DROP TABLE findings; -- {{7*7}}"
    yield "right-to-left", "Stage \u202eVI\u202c breast cancer".encode()
    yield "wide-text", "Stage II breast cancer".encode("utf-16")
    yield "half-a-letter", b"Stage II breast cancer \xc3"
    yield "combining", ("e" + "\u0301" * 50_000).encode()
    for number, piece in enumerate(
        (
            "no ",
            "ER/",
            "metastatic ",
            "((",
            "+-",
            "T1 N0 M0 ",
            "PSA ",
            "her2 ",
            "stage ",
            ",",
            "1.",
            "A:\n",
            "&",
            "\f",
        )
    ):
        yield f"text-{number}", (piece * (20_000 // len(piece))).encode()


def _images() -> Iterator[tuple[str, bytes]]:
    yield "png", PNG
    wide = PNG[:16] + (2**31 - 1).to_bytes(4, "big") * 2 + PNG[24:]
    yield "png-huge", wide
    yield "png-cut", PNG[:30]
    yield "jpeg-cut", b"\xff\xd8\xff\xe0" + b"\x00" * 100
    yield (
        "jpeg-huge",
        b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03" + b"\x00" * 50 + b"\xff\xd9",
    )
    yield "jpeg-loop", b"\xff\xd8" + b"\xff\xe0\x00\x00" * 1_000 + b"\xff\xd9"
    yield "tiff-circle", b"II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00"
    yield "heic", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50
    picture = as_heic(np.full((64, 64), 255, dtype=np.uint8))
    yield "heic-cut", picture[: len(picture) - 20]
    # Of its size in the box `ispe` (ISO/IEC 23008-12, 6.5.3), behind a version and flags.
    size = picture.index(b"ispe") + 8
    yield "heic-huge", picture[:size] + b"\x7f\xff\xff\xff" * 2 + picture[size + 8 :]
    for place in range(16, len(picture), 40):
        yield f"heic-broken-{place}", picture[:place] + b"\xff" + picture[place + 1 :]


def _strangers() -> Iterator[tuple[str, bytes]]:
    for name, content in (
        ("zip", b"PK\x03\x04"), ("gzip", b"\x1f\x8b\x08"), ("elf", b"\x7fELF"), ("exe", b"MZ\x90"),
        ("ole", b"\xd0\xcf\x11\xe0"), ("sqlite", b"SQLite format 3\x00"), ("gif", b"GIF89a"),
        ("rtf", b"{\\rtf1 "), ("mp4", b"\x00\x00\x00\x18ftypisom"), ("class", b"\xca\xfe\xba\xbe"),
    ):  # fmt: skip
        yield name, content + b"\x00\x01\x02" * 50


def _mutations(chance: random.Random, number: int) -> Iterator[tuple[str, bytes]]:
    """Give whole files with bytes changed, cut out and doubled."""
    wholes = [
        pdf("Stage IIB breast cancer.\nER positive."),
        document(section(PROBLEMS, problem("C50.9", "Breast cancer"))),
        json.dumps({"resourceType": "Bundle", "entry": [{"resource": CONDITION}]}).encode(),
    ]
    for count in range(number):
        content = bytearray(chance.choice(wholes))
        for _ in range(chance.randint(1, 20)):
            at = chance.randrange(len(content))
            match chance.randrange(3):
                case 0:
                    content[at] = chance.randrange(256)
                case 1:
                    del content[at : at + chance.randint(1, 30)]
                case _:
                    content[at:at] = content[at : at + chance.randint(1, 200)]
        yield f"mutation-{count}", bytes(content)
