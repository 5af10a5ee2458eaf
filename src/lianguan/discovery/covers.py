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
PLAIN = "plain"
"""What the picture is called that goes with an entry without a class, when it is shared."""
CLOTH_OF_DDC = dict(zip("0123456789", "ZBBDHNTJIK", strict=True))
"""First figure of a Dewey number → the cloth of the class that is nearest to it."""

BETWEEN = re.compile(r"\s*：\s*|\s*[:=] \s*|\s*[（(]\s*")
"""What parts the main title from the rest."""
BEHIND = re.compile(BETWEEN.pattern + "|[）)]")
ROLE = re.compile(r"^\[[^\]]*\]\s*|[\s，].*$")
"""The dynasty before a name in Chinese, and what it did behind."""
TSHEG = "་"
LONGEST_PART = 14
LONGEST_BY = 12


class Slip(NamedTuple):
    """How long titles are set on a slip: in characters, in syllables where they are Tibetan."""

    lengths: tuple[tuple[int, str], ...]
    """(up to so many, how they are set); all longer ones are set small."""
    most: int
    """From here on a title is cut."""


ALONE = Slip(((8, ""), (10, "mid"), (13, "long"), (20, "mid")), 36)
"""An upright title with nothing beside it: in one column as long as it can be, then in two."""
SLIPS = {
    "": Slip(((8, ""), (10, "mid")), 36),
    "bo": Slip(((3, ""), (5, "mid")), 16),
    "latin": Slip(((24, ""), (36, "mid")), 80),
}
"""By script."""


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
    is_room_for_more = script != "bo" and len(part) <= LONGEST_PART
    part = part if is_room_for_more and not TIBETAN.search(part) else ""
    slip = SLIPS[script] if part or script else ALONE
    units = _units(main, script)
    length = next((how for most, how in slip.lengths if len(units) <= most), "long")
    by = _by(agents) if script != "bo" else ""
    return Cover(*_cloth(class_number), script, length, _cut(main, units, slip, script), part, by)


def picture_of(cover: Cover) -> str:
    """The file of the picture that goes with the address of the book when it is shared."""
    return f"site/share/{cover.letter or PLAIN}.png"


def _parted(title: str) -> tuple[str, str, str]:
    found = BETWEEN.search(title, 1)
    if found is None:
        return title.strip(), "", ""
    rest = title[found.end() :]
    return title[: found.start()].strip(), found[0], BEHIND.split(rest)[0].strip()


def _script(main: str) -> str:
    if TIBETAN.search(main):
        return "bo"
    return "" if HAN.search(main) else "latin"


def _units(main: str, script: str) -> list[str]:
    """What a title is counted in: syllables with their tsheg, or characters."""
    if script == "bo":
        return re.findall(f"[^{TSHEG}]+{TSHEG}?", main)
    return list(main)


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
    name = ROLE.sub("", ROLE.sub("", first)).rstrip(",")
    return name if len(name) <= LONGEST_BY else ""
