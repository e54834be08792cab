"""Programs that measure. Each prints ratios from one interleaved run, with their spread."""
