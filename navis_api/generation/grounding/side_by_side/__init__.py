"""A claim and its evidence read together: whether what is claimed is said.

`nearest.py` picks the sentences that are read, `reader.py` reads; `says_it.onnx` is what it reads
with, and `python -m bench.grounding.side_by_side` makes it.
"""
