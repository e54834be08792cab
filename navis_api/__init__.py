"""Navis API: reviewed and grounded answers to the questions people with cancer ask."""

__version__ = "0.1.0"
