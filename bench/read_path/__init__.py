"""Reads of published content: ours, the peers', and the limits of what is possible."""

from bench.read_path.program import main

__all__ = ["main"]
