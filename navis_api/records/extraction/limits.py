"""What reading one file may cost. Beyond any of these it is stopped, and the file fails."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExtractionLimits:
    """Limits of the process that reads a file.

    `memory_bytes` is its address space, of which the interpreter and its libraries take some
    300 MB; `cpu_s` is time on a processor, `wall_s` time altogether. `content_bytes` is the most
    that a file may have, `output_bytes` the most that may come of it.
    """

    memory_bytes: int = 1_500_000_000
    cpu_s: int = 60
    wall_s: float = 90.0
    content_bytes: int = 100_000_000
    output_bytes: int = 32_000_000
    open_files: int = 64
    pages: int = 500
    text_chars: int = 4_000_000
    image_pixels: int = 100_000_000
    ocr_pages: int = 30
