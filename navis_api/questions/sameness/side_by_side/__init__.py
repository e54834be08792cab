"""Two questions read together: whether both ask for the same, where their slots don't say.

`reader.py` reads; `asks_the_same.onnx` and `tokenizer.json` are what it reads with, and
`python -m bench.side_by_side` makes them.
"""
