"""Numbers in digits and in words: "1,000", "2.5", "twenty-five", "three million"."""

from typing import Final

_ONES: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ONE_TO_NINE = "|".join(word for word, value in _ONES.items() if value in range(1, 10))
# Longer words first: "seventeen" begins with "seven".
_WORD_NUMBER = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{_ONE_TO_NINE}))?"
    rf"|{'|'.join(sorted(_ONES, key=len, reverse=True))})"
)
NUMBER: Final = (
    rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+|\b{_WORD_NUMBER}\b)"
    rf"(?:\s(?:{'|'.join(_SCALES)})\b)?"
)


def value_of(number: str) -> float:
    """Return the value of a number that `NUMBER` matches."""
    words = number.lower().replace("-", " ").split()
    scale = 1
    if len(words) > 1 and words[-1] in _SCALES:
        scale = _SCALES[words.pop()]
    first = words[0]
    if first[0].isdigit() or first[0] == ".":
        return float(first.replace(",", "")) * scale
    return float(sum(_TENS.get(word, _ONES.get(word, 0)) for word in words) * scale)
