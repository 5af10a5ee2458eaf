"""One string for one record, for union stores that put together what has the same string. Order and
widths are those of the Gold Rush key (Colorado Alliance, 2024), without its dates and numbers of
government documents; what stands in them is folded, so that Han and Tibetan count as letters do.
The form is promised in docs/matching.md."""

from collections.abc import Callable
from typing import NamedTuple

from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import full_title
from lianguan.engine.text.numerals import FIRST

FILLING = "_"

KINDS = {
    "text": "a", "music": "c", "map": "e", "video": "g", "sound": "i", "image": "k",
    "software": "m", "mixed": "p", "object": "r", "": "a",
}  # fmt: skip
"""Content → the letter of Leader/06 that says so."""
SERIAL = "s"
PRINT = "p"


class Piece(NamedTuple):
    """A stretch of the key."""

    name: str
    width: int
    """In characters, not bytes."""
    said: Callable[[Features], str]


PIECES = (
    Piece("title", 70, full_title),
    Piece("year", 4, lambda f: f"{f.year:04}"),
    Piece("pages", 4, lambda f: str(f.pages or "")),
    Piece("edition", 3, lambda f: f.edition or FIRST),
    Piece("publisher", 5, lambda f: f.publisher),
    Piece("kind", 1, lambda f: SERIAL if f.level else KINDS.get(f.content, "")),
    Piece("part_name", 30, lambda f: f.own),
    Piece("part", 10, lambda f: ".".join(f.parts)),
    Piece("agent", 5, lambda f: next(iter(f.agents), "")),
    Piece("carrier", 1, lambda f: f.carrier or PRINT),
)


def match_key(features: Features) -> str:
    """The key; "" for a record without a title, of which there may be many that say the same."""
    if not features.titles:
        return ""
    return "".join(_filled(one.said(features), one.width) for one in PIECES)


def _filled(text: str, width: int) -> str:
    return text.replace(" ", "")[:width].ljust(width, FILLING)
