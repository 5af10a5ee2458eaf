"""Two records of an entry side by side, as they were written, with the characters that differ."""

import re
from collections.abc import Callable
from difflib import SequenceMatcher
from typing import NamedTuple

from lianguan.engine.match.explain import Explanation, Level
from lianguan.engine.record import Record

LONGEST = 200
"""Characters of a text that are compared."""
UNITS = re.compile(r"[\u0f40-\u0fbc]+[\u0f0b-\u0f0d]?|[A-Za-z]+|\d+|.[\u0300-\u036f]*", re.DOTALL)
"""What is marked as one: a Tibetan syllable, a word of Latin, a number, a character."""
ALIKE = frozenset(("same", "extended", "missing", "none", "open", "other_script", "shared"))
"""Levels at which a field gives no doubt."""

Piece = tuple[str, bool]
"""(text, it differs)."""


class ComparedField(NamedTuple):
    """A field of two records."""

    field: str
    level: str
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    left_text: str
    right_text: str
    points: int
    """How much it speaks against one edition."""

    @property
    def differs(self) -> bool:
        return self.level not in ALIKE


class Compared(NamedTuple):
    """Why two records of an entry stand together."""

    left: str
    """Key of the record."""
    right: str
    left_name: str
    """Name of the library whose record it is."""
    right_name: str
    decision: str
    fields: tuple[ComparedField, ...]

    @property
    def left_number(self) -> str:
        return self.left.partition(":")[2]

    @property
    def right_number(self) -> str:
        return self.right.partition(":")[2]


def fields_of(left: Record, right: Record, explained: Explanation) -> tuple[ComparedField, ...]:
    """The fields of two records that either of them says something in."""
    made = (_field(level, left, right) for level in explained.levels)
    return tuple(one for one in made if one.left_text or one.right_text)


def _field(level: Level, left: Record, right: Record) -> ComparedField:
    a, b = (WRITTEN[level.field](one)[:LONGEST] for one in (left, right))
    pieces = differing(a, b) if a and b else (_whole(a), _whole(b))
    return ComparedField(level.field, level.level, *pieces, a, b, level.points)


def _whole(text: str) -> tuple[Piece, ...]:
    return ((text, False),) if text else ()


def differing(left: str, right: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces, of which some stand in one of them alone."""
    a, b = UNITS.findall(left), UNITS.findall(right)
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for what, i, j, k, n in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        for side, text in zip(sides, ("".join(a[i:j]), "".join(b[k:n])), strict=True):
            if text:
                side.append((text, what != "equal" and not text.isspace()))
    return tuple(sides[0]), tuple(sides[1])


def _title(one: Record) -> str:
    return " : ".join((one.title.text, *one.title.other)) if one.title else ""


def _part(one: Record) -> str:
    parts = one.title.parts if one.title else ()
    return " ".join(" ".join(filter(None, part[:2])) for part in parts)


def _agents(one: Record) -> str:
    return "；".join(" ".join(filter(None, (name.text, *name.roles))) for name in one.agents)


def _publisher(one: Record) -> str:
    said = one.publications[0] if one.publications else None
    return "：".join(filter(None, (said.place, said.publisher))) if said else ""


def _extent(one: Record) -> str:
    return " ; ".join(filter(None, (one.extent.text, one.extent.size))) if one.extent else ""


def _numbers(one: Record) -> str:
    return "，".join(said.value for said in one.identifiers if said.scheme != "system")


WRITTEN: dict[str, Callable[[Record], str]] = {
    "title": _title,
    "part": _part,
    "agent": _agents,
    "publisher": _publisher,
    "year": lambda one: str(one.years[0].first) if one.years else "",
    "edition": lambda one: one.edition,
    "extent": _extent,
    "number": _numbers,
}
"""Field of a comparison → how the record writes it. What it was compared by is not shown: it may
come from a field that its member hides."""
