"""Two questions read together: whether both ask for the same, where their slots don't say.

`reader.py` reads; `asks_the_same.onnx` is what it reads with, `words.txt` has what it has met
beside the pieces that it knows, and `python -m bench.side_by_side` makes them.
"""
