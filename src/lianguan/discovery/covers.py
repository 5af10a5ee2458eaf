"""Covers drawn from title and class: the same book always has the same one.

The cloth has the colour of the class, and a slip on it bears the title, upright for Chinese and
across for Tibetan (as on a pecha) and Latin. How it looks stands in the style sheet.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from lianguan.engine.text.fold import HAN, TIBETAN

CLOTHS = frozenset("ABCDEFGHIJKNOPQRSTUVXZ")
"""Letters of the Chinese library classification; each has a cloth of its own."""
CLOTH_OF_DDC = {"0": "Z", "1": "B", "2": "B", "3": "D", "4": "H", "5": "N", "6": "T", "7": "J", "8": "I", "9": "K"}  # fmt: skip
"""First figure of a Dewey number → the cloth of the class that is nearest to it."""

BETWEEN = re.compile(r"\s*：\s*|\s*[:=] \s*|\s*[（(]\s*")
"""What parts the main title from the rest."""
AFTER = "）) 　"
ROLE = re.compile(r"^\[[^\]]*\]\s*|[\s，].*$")
"""The dynasty before a name in Chinese, and what it did behind."""
TSHEG = "་"
LONGEST_PART = 14
LONGEST_BY = 12


class Slip(NamedTuple):
    """How long a title in one script may be."""

    mid: int
    """Units from which it is set smaller."""
    long: int
    """Units from which it is set small."""
    most: int
    """Units from which it is cut."""


SLIPS = {"": Slip(9, 11, 36), "bo": Slip(4, 6, 16), "latin": Slip(24, 36, 80)}
"""Script → lengths: in characters, of Tibetan in syllables."""
LONG_ALONE = 18
"""Without a part beside it a Chinese title has room for more."""


class Cover(NamedTuple):
    cloth: str
    """Letter of the cloth; "" for the plain one."""
    letter: str
    """Letter printed on it: that of the class, if it has one."""
    script: str
    """ "" is upright; "bo" and "latin" lie across."""
    length: str
    """ "", "mid" or "long"."""
    main: str
    part: str
    by: str


def cover_of(title: str, class_number: str = "", agents: Sequence[str] = ()) -> Cover:
    """The cover of a book. `title` has its parts as on a page: main title : other title."""
    main, _, part = _parted(title)
    script = _script(main)
    slip = SLIPS[script]
    units = _units(main, script)
    cloth, letter = _cloth(class_number)
    part = part if len(part) <= LONGEST_PART and not TIBETAN.search(part) else ""
    return Cover(
        cloth,
        letter,
        script,
        _length(len(units), slip, has_room=not part and not script),
        _cut(main, units, slip, script),
        part if script != "bo" else "",
        _by(agents) if script != "bo" else "",
    )


def _parted(title: str) -> tuple[str, str, str]:
    found = BETWEEN.search(title, 1)
    if found is None:
        return title.strip(), "", ""
    rest = title[found.end() :]
    return title[: found.start()].strip(), found[0], BETWEEN.split(rest)[0].strip(AFTER)


def _script(main: str) -> str:
    if TIBETAN.search(main):
        return "bo"
    return "" if HAN.search(main) else "latin"


def _units(main: str, script: str) -> list[str]:
    """What a title is counted in: syllables with their tsheg, or characters."""
    if script == "bo":
        return re.findall(f"[^{TSHEG}]+{TSHEG}?", main)
    return list(main)


def _length(count: int, slip: Slip, *, has_room: bool) -> str:
    if count >= (LONG_ALONE if has_room else slip.long):
        return "long"
    return "mid" if count >= slip.mid else ""


def _cut(main: str, units: list[str], slip: Slip, script: str) -> str:
    """The title, or as much of it as a slip holds: Tibetan ends with a tsheg, Latin with a word."""
    if len(units) <= slip.most:
        return main
    kept = "".join(units[: slip.most - 1])
    return (kept.rpartition(" ")[0] or kept if script == "latin" else kept) + "…"


def _cloth(class_number: str) -> tuple[str, str]:
    """(letter of the cloth, letter printed on it)."""
    scheme, _, number = class_number.partition(":")
    if scheme == "clc" and number[:1] in CLOTHS:
        return number[0], number[0]
    return (CLOTH_OF_DDC.get(number[:1], ""), "") if scheme == "ddc" else ("", "")


def _by(agents: Sequence[str]) -> str:
    """The first name, without dynasty and role."""
    first = agents[0] if agents else ""
    if not HAN.search(first) or TIBETAN.search(first):
        return first if first.isascii() and len(first) <= LONGEST_BY else ""
    name = ROLE.sub("", ROLE.sub("", first))
    return name if len(name) <= LONGEST_BY else ""
