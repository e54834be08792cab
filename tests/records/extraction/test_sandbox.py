"""Records read in a process with limits: what it may not do, and that the next one is read."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from navis_api.records.extraction.failures import ExtractionFailed, FailureCode
from navis_api.records.extraction.findings import FindingKind
from navis_api.records.extraction.limits import ExtractionLimits
from navis_api.records.extraction.outcome import Extraction
from navis_api.records.extraction.reading import read_record
from navis_api.records.extraction.sandbox import ExtractionSandbox
from navis_api.records.extraction.sniffing import ContentKind
from tests.records.extraction.hostile_files import PNG, hostile_files
from tests.records.extraction.pdf_files import locked, pdf
from tests.records.extraction.scanned_pages import as_pdf, scanned

HOSTILE = hostile_files()
# Read in processes of their own here; the whole set is read in this one, which takes seconds.
COSTLY = (
    "pdf-",
    "xml-laughs",
    "xml-outside",
    "xml-late",
    "json-deep",
    "json-surrogate",
    "eicar",
    "heic-",
    "mutation-1",
)
LIMITS = ExtractionLimits(wall_s=30)


async def outcome(sandbox: ExtractionSandbox, content: bytes) -> Extraction | FailureCode:
    try:
        return await sandbox.extract(content)
    except ExtractionFailed as failed:
        return failed.code


async def test_a_pdf_page_by_page() -> None:
    extraction = await ExtractionSandbox().extract(
        pdf("Adenocarcinoma of the colon, stage IIIB.", "CEA 12.4 ng/mL.")
    )
    assert extraction.kind is ContentKind.PDF
    told = {(each.kind, each.value): each for each in extraction.findings}
    marker = told[FindingKind.TUMOR_MARKER, "12.4"]
    assert marker.page == 2
    assert extraction.pages[1][marker.start : marker.end] == marker.quote


async def test_pieces_of_a_stream() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b"Stage II", b"B breast", b" cancer."):
            yield piece

    extraction = await ExtractionSandbox().extract(pieces())
    assert extraction.pages == ("Stage IIB breast cancer.",)


async def test_an_error_of_the_stream_is_the_callers() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"Stage II"
        raise LookupError("the object is gone")

    with pytest.raises(LookupError):
        await ExtractionSandbox(LIMITS).extract(pieces())


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (ExtractionLimits(wall_s=0.05), FailureCode.TOO_COSTLY),
        (ExtractionLimits(content_bytes=10), FailureCode.TOO_LARGE),
        (ExtractionLimits(output_bytes=10), FailureCode.TOO_LARGE),
        (ExtractionLimits(pages=1), FailureCode.TOO_LARGE),
    ],
)
async def test_each_limit_is_a_failure_of_its_own(
    limits: ExtractionLimits, code: FailureCode
) -> None:
    assert await outcome(ExtractionSandbox(limits), pdf("Stage II.", "Stage III.")) is code


async def test_too_little_memory_is_a_failure_too() -> None:
    got = await outcome(ExtractionSandbox(ExtractionLimits(memory_bytes=60_000_000)), b"Stage II")
    assert got in {FailureCode.CRASHED, FailureCode.TOO_LARGE}


async def test_time_on_the_processor_is_limited() -> None:
    limits = ExtractionLimits(cpu_s=1, wall_s=30)
    long = b"Metastatic breast cancer to bone and liver, ER positive. " * 60_000
    assert await outcome(ExtractionSandbox(limits), long) is FailureCode.TOO_COSTLY


async def test_a_locked_pdf_says_what_to_do() -> None:
    with pytest.raises(ExtractionFailed) as failed:
        await ExtractionSandbox().extract(locked(pdf("Stage IIB breast cancer.")))
    assert failed.value.code is FailureCode.ENCRYPTED
    assert "password" in failed.value.message
    assert "breast" not in str(failed.value)


async def test_hostile_files_fail_or_are_harmless_and_the_next_one_is_read() -> None:
    sandbox = ExtractionSandbox(LIMITS, at_once=2)
    chosen = [content for name, content in HOSTILE if name.startswith(COSTLY)][:36]
    async with asyncio.timeout(LIMITS.wall_s * len(chosen)):
        outcomes = await asyncio.gather(*(outcome(sandbox, content) for content in chosen))
    assert FailureCode.CRASHED not in outcomes
    after = await sandbox.extract(b"Stage IIB breast cancer.")
    assert {each.kind for each in after.findings} >= {FindingKind.STAGE_GROUP}


def test_there_are_three_hundred_hostile_files_and_none_escapes() -> None:
    assert len(HOSTILE) >= 300
    bombs = {"pdf-bomb", "pdf-huge-page", "pdf-circle-of-pages"}
    for name, content in HOSTILE:
        if name in bombs:
            continue
        try:
            extraction = read_record(content, ExtractionLimits())
        except ExtractionFailed:
            continue
        for finding in extraction.findings:
            assert len(finding.quote) < 2_000, name


async def test_what_half_letters_and_nuls_become() -> None:
    files = dict(HOSTILE)
    for name in ("json-surrogate", "json-nul"):
        extraction = await ExtractionSandbox(LIMITS).extract(files[name])
        for finding in extraction.findings:
            finding.quote.encode()
            assert "\x00" not in finding.quote


async def test_the_process_sees_nothing_of_this_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen = tmp_path / "seen.json"
    script = tmp_path / "python"
    script.write_text(
        "#!/bin/sh\n"
        f"{{ env; echo CWD=$(pwd); ls; }} > {seen}\n"
        'echo \'{"failure": "UNSUPPORTED"}\'\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("SECRET_OF_OURS", "hunter2")
    monkeypatch.setattr("sys.executable", str(script))
    assert await outcome(ExtractionSandbox(), b"x") is FailureCode.UNSUPPORTED
    told = seen.read_text()
    assert "hunter2" not in told
    assert f"CWD={Path.cwd()}" not in told


def _may_have_a_network_of_its_own() -> bool:
    return any(
        subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
        for command in (("unshare", "--net"), ("unshare", "--user", "--net"))
    )


def _network() -> str:
    return str(Path("/proc/self/ns/net").readlink())


@pytest.mark.skipif(
    shutil.which("unshare") is None or not _may_have_a_network_of_its_own(),
    reason="this system lets nobody have a network of their own",
)
async def test_the_process_has_no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\n/bin/cat > /dev/null\n/bin/readlink /proc/self/ns/net\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    extraction = await ExtractionSandbox(LIMITS).extract(PNG)
    (network,) = extraction.pages
    assert network.startswith("net:[")
    assert network.strip() != _network()


async def test_a_process_that_writes_nonsense_has_crashed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "python"
    script.write_text("#!/bin/sh\necho nonsense\n")
    script.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(script))
    assert await outcome(ExtractionSandbox(), b"x") is FailureCode.CRASHED


@pytest.mark.skipif(sys.platform != "linux", reason="processes die with their parent on Linux")
@pytest.mark.parametrize(("parent", "reads"), [(os.getpid, True), (os.getppid, False)])
async def test_a_process_whose_parent_is_gone_reads_nothing(
    parent: Callable[[], int], *, reads: bool
) -> None:
    order = {"limits": asdict(LIMITS), "tesseract": None, "parent": parent()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-B", "-m", "navis_api.records.extraction", json.dumps(order)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate(b"Stage IIB breast cancer.")
    assert bool(output) is reads
    assert (process.returncode == 0) is reads


async def test_one_more_than_at_once_would_have_to_wait() -> None:
    sandbox = ExtractionSandbox(LIMITS, at_once=1)
    assert not sandbox.is_busy
    reading = asyncio.create_task(sandbox.extract(b"Stage IIB breast cancer."))
    await asyncio.sleep(0)
    assert sandbox.is_busy
    await reading
    assert not sandbox.is_busy


def test_findings_survive_their_way_between_the_processes() -> None:
    from navis_api.records.extraction.outcome import read_outcome, written

    extraction = read_record(
        b"On 03/04/2021 she underwent left mastectomy for breast cancer.", LIMITS
    )
    assert extraction.findings
    assert read_outcome(written(extraction)) == extraction
    assert json.loads(written(extraction))["kind"] == "TEXT"


def test_a_page_without_text_is_drawn_and_handed_to_tesseract(tmp_path: Path) -> None:
    seen = tmp_path / "page.pgm"
    program = tmp_path / "tesseract"
    program.write_text(f"#!/bin/sh\n/bin/cat > {seen}\necho 'Stage IIB breast cancer.'\n")
    program.chmod(0o755)
    page = as_pdf(scanned("Stage IIB"))
    extraction = read_record(page, LIMITS, tesseract=str(program))
    assert extraction.pages == ("Stage IIB breast cancer.\n",)
    header, size = seen.read_bytes().split(b"\n", 1)
    kind, width, height, depth = header.split()
    assert (kind, depth) == (b"P5", b"255")
    assert len(size) == int(width) * int(height)


def test_a_page_without_text_fails_where_nothing_reads_pictures() -> None:
    with pytest.raises(ExtractionFailed) as failed:
        read_record(pdf(""), LIMITS)
    assert failed.value.code is FailureCode.NO_OCR
