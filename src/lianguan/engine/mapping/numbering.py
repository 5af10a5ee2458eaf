"""Numbers and years under captions as text: 853 $av.$i(year) and 863 $a1-12$i1990-2001 are
"v.1-12 (1990-2001)", as ANSI/NISO Z39.71 and libraries write it."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lianguan.engine.mapping.rows import Field

ENUMERATION, OTHER_ENUMERATION = "abcdef", "gh"
CHRONOLOGY, OTHER_CHRONOLOGY = "ijkl", "m"
CALENDAR = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()
MONTHS = {f"{number:02}": name for number, name in enumerate(CALENDAR, 1)} | {
    "21": "Spring", "22": "Summer", "23": "Autumn", "24": "Winter",
}  # fmt: skip
HAN = re.compile("[\u3400-\u9fff]")
BREAKS = {"n": "; "}
"""$w: n says that nothing is missing in between; else a comma, as for a gap."""


class Level(NamedTuple):
    """A number or a part of a date with its caption."""

    caption: str
    value: str

    @property
    def is_ranged(self) -> bool:
        return "-" in self.value

    @property
    def first(self) -> "Level":
        return self._replace(value=self.value.partition("-")[0].strip())

    @property
    def last(self) -> "Level":
        return self._replace(value=self.value.partition("-")[2].strip())

    @property
    def text(self) -> str:
        caption, value = self.caption, self.value
        if not caption or not value or caption[0] in "(*":
            return value
        if caption[0] == "+":
            return f"{value} {caption[1:]}".strip()
        if HAN.search(caption):
            return f"第{value}{caption.removeprefix('第')}"
        return f"{caption} {value}" if caption[-1].isalnum() else caption + value


def numbered_text(captions: Field, fields: Sequence[Field]) -> str:
    """The numbers of several fields under one caption."""
    text = ""
    for field in fields:
        said = _one(captions, field)
        if said:
            text += said + BREAKS.get(field["w"], ", ")
    return text.rstrip(",; ")


def _one(captions: Field, field: Field) -> str:
    """v.1:no.1=no.5 (1990:Jan.)"""
    numbers, dates = (
        "=".join(filter(None, (_text(_levels(captions, field, codes)) for codes in pair)))
        for pair in ((ENUMERATION, OTHER_ENUMERATION), (CHRONOLOGY, OTHER_CHRONOLOGY))
    )
    said = f"{numbers} ({dates})" if numbers and dates else numbers or dates
    title = field["o"].strip()
    return f"{title}: {said}" if title and said else title or said


def _levels(captions: Field, field: Field, codes: str) -> list[Level]:
    found = []
    for code in codes:
        caption, value = captions[code].strip(), field[code].strip()
        if value:
            found.append(Level(caption, _named(caption, value)))
    return found


def _named(caption: str, value: str) -> str:
    """The names of months and seasons, where the caption says that there are some."""
    if "day" in caption:
        return re.sub(r"\b0(?=\d)", "", value)
    if "month" not in caption and "season" not in caption:
        return value
    return re.sub(r"\d+", lambda m: MONTHS.get(m[0].zfill(2), m[0]), value)


def _text(levels: Sequence[Level]) -> str:
    """v.1:no.1-4 where only the lowest goes from one to another, else v.1:no.1-v.3:no.12."""
    if not any(level.is_ranged for level in levels[:-1]):
        return _run(levels)
    first = _run(level.first for level in levels)
    return f"{first}-{_run(level.last for level in levels if level.is_ranged)}"


def _run(levels: Iterable[Level]) -> str:
    text, before = "", ""
    for level in levels:
        if level.value:
            is_day = before == "(month)" and level.caption == "(day)"
            sign = "" if not text or is_day or HAN.search(before) else ":"
            text += sign + level.text
            before = level.caption
    return text
