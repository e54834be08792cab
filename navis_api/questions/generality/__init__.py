"""Whether a question that names no cancer has an answer for whoever has one.

What treatment does to people and what helps, living with it, and what a word means is the same
whichever cancer it is. What there is to do for it, how it will go and where it comes from isn't.
`reader.py` says which, by what `python -m bench.generality` has learned from people's questions.
"""
