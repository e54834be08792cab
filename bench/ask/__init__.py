"""Asking what has a reviewed answer: what most askers meet once there are many answers."""

from bench.ask.program import main

__all__ = ["main"]
