"""Two texts read together, each word of one with every word of the other.

`reader.py` reads, in pieces of words (`tokens.py`, `pieces.txt`). What a reader has learned to say
of two texts is a model of the room that asks: `questions.sameness.side_by_side`, whether two
questions ask for the same; `generation.grounding.side_by_side`, whether evidence says a claim.
"""
