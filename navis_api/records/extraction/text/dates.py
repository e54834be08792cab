"""Dates as reports write them. Only whole ones: a month without a day is no date to count from."""

import re
from datetime import date
from typing import Final

_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_MONTH = (
    r"(?P<month{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = re.compile(
    r"(?<![\d/.-])(?:(?P<iso>\d{4}-\d{2}-\d{2})"
    r"|(?P<us_month>\d{1,2})[/-](?P<us_day>\d{1,2})[/-](?P<us_year>\d{4}|\d{2})"
    rf"|{_MONTH.format(1)}\s+(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year1>\d{{4}})"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH.format(2)},?\s+(?P<year2>\d{{4}}))(?![\d/-])",
    re.IGNORECASE,
)
_TWO_DIGITS: Final = 100
# Two digits up to this one are of this century: no record is older than 1950.
_CENTURY_TURN: Final = 50


def dates_in(text: str, start: int, end: int) -> list[tuple[date, int]]:
    """Return the dates within `text[start:end]`, each with its place.

    "03/04/2021" is the 4th of March, as in the United States, unless only the other order is a
    date.
    """
    found: list[tuple[date, int]] = []
    for match in _DATE.finditer(text, start, end):
        read = _read(match)
        if read is not None:
            found.append((read, match.start()))
    return found


def date_near(text: str, start: int, end: int, place: int) -> date | None:
    """Return the date within `text[start:end]` that stands nearest to a place."""
    found = dates_in(text, start, end)
    return min(found, key=lambda each: abs(each[1] - place))[0] if found else None


def _read(match: re.Match[str]) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        if match["us_year"]:
            year = int(match["us_year"])
            if year < _TWO_DIGITS:
                year += 2000 if year <= _CENTURY_TURN else 1900
            first, second = int(match["us_month"]), int(match["us_day"])
            month, day = (first, second) if first <= len(_MONTHS) else (second, first)
            return date(year, month, day)
        which = "1" if match["month1"] else "2"
        month = _MONTHS.index(match[f"month{which}"].lower()[:3]) + 1
        return date(int(match[f"year{which}"]), month, int(match[f"day{which}"]))
    except ValueError:
        return None
