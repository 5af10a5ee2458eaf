"""How alike two records are, field by field: ordered levels, the best first.

Distances count characters, not bytes: one changed Han character or Tibetan stack is one
change. Every level is the same whichever of the two records comes first.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from operator import add, ne
from typing import NamedTuple

from lianguan.engine.match.features import Features
from lianguan.engine.text.fold import HAN, TIBETAN
from lianguan.engine.text.names import surname_of
from lianguan.engine.text.numerals import FIRST, same_part


class Facts(NamedTuple):
    """What has to be known of the whole catalogue to compare two records."""

    shared_isbns: frozenset[str] = frozenset()
    """ISBNs that carry more than one title: sets, series, mistakes."""


Comparison = Callable[[Features, Features, Facts], str]

HEAD = 4
"""Characters in which titles that are alike begin alike; blocks rely on it."""

OPEN_YEARS = 10
"""Years that a record may leave open (198-?) and still say something; blocks rely on it."""

NEAR = 0.75
"""Share of common pairs of characters from which on two titles are near, if no word is unlike."""

FIGURES = re.compile(r"\d+|[零一二三四五六七八九十百千〇]+")
SCRIPTS = {
    "han": HAN,
    "tibetan": TIBETAN,
    "arabic": re.compile("[\u0600-\u06ff]"),
    "hebrew": re.compile("[\u0590-\u05ff]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "indic": re.compile("[\u0900-\u0dff]"),
    "korean": re.compile("[\uac00-\ud7af]"),
}
SMALL_WORDS = frozenset(
    "a an and at by c de der des die du et for from in la le of on or s st the to und with".split()
)


def dice(a: str, b: str) -> float:
    """Share of common pairs of neighbouring characters, 0 to 1."""
    if a == b:
        return 1.0
    if len(a) < 2 or len(b) < 2:
        return 0.0
    left, right = _pairs(a), _pairs(b)
    return 2 * len(left & right) / (len(left) + len(right))


@lru_cache(maxsize=1 << 12)
def _pairs(text: str) -> frozenset[str]:
    """Of four texts that are asked for, three were met shortly before: each name of one record is
    held against each of the other (measured on pairs that share a key)."""
    return frozenset(map(add, text, text[1:]))


def _by_length(a: str, b: str) -> tuple[str, str]:
    """(shorter, longer)."""
    return (a, b) if len(a) <= len(b) else (b, a)


def full_title(f: Features) -> str:
    """Title proper and what follows it."""
    return f"{f.titles[0]} {f.rest}".strip() if f.titles else ""


def title_level(a: Features, b: Features, facts: Facts) -> str:
    """same · extended (one says more at the end) · near (spelt a little differently) · alike (the
    same from the first word on, or put in another order) · within (one stands within the other) ·
    other_rest (one title proper, and something else behind it) · parallel (alike only by the title
    in another language) · other_script (nothing that could be compared) · missing · different."""
    if not (a.titles or a.parallel) or not (b.titles or b.parallel):
        return "missing"
    if a.titles and b.titles and (level := _proper_level(a, b)) != "different":
        return level
    if not {*a.titles, *a.parallel}.isdisjoint((*b.titles, *b.parallel)):
        return "different" if not set(a.titles).isdisjoint(b.titles) else "parallel"
    return "different" if _scripts(a) & _scripts(b) else "other_script"


def _proper_level(a: Features, b: Features) -> str:
    if (a.own and a.own == b.titles[0]) or (b.own and b.own == a.titles[0]):
        return "same"
    left, right = full_title(a), full_title(b)
    is_same = not set(a.titles).isdisjoint(b.titles)
    if left == right or (is_same and not _both_say_more(a, b)):
        return "same"
    if is_same:
        return _rest_level(a.rest, b.rest)
    if is_extended(left, right):
        return "extended"
    if dice(left, right) >= NEAR and not unlike(left, right):
        return "near" if left[:HEAD] == right[:HEAD] else "alike"
    return "within" if _stands_within(a, b, left, right) else "different"


def _both_say_more(a: Features, b: Features) -> bool:
    """Both have something behind the title proper that can be compared: what one gives in
    Arabic and the other in transcription cannot."""
    return bool(a.rest and b.rest) and script_of(a.rest) == script_of(b.rest)


def _rest_level(left: str, right: str) -> str:
    """Of two with one title proper, by what follows it."""
    if left == right:
        return "same"
    if begins(left, right):
        return "extended"
    if unlike(left, right):
        return "other_rest"
    return "same" if dice(left, right) >= 0.8 else "near"


WHOLE = 8
"""Characters from which on a title that stands within another says something."""


def _stands_within(a: Features, b: Features, left: str, right: str) -> bool:
    """All of one title, or its title proper, stands word for word in the other: a subtitle that
    another record puts first, a year behind the title. In Han characters, which have no spaces
    between words, and where what is added is a number or a volume, that says nothing."""
    if HAN.search(left) or HAN.search(right):
        return False
    shorter = ((a.titles[0], right), (b.titles[0], left))
    return any(len(short) >= WHOLE and within(short, long) for short, long in shorter)


def begins(a: str, b: str) -> bool:
    """One text is the beginning of the other, up to the end of a word."""
    short, long = _by_length(a, b)
    if len(short) < HEAD or not long.startswith(short):
        return False
    more = long[len(short) :]
    return not (more[:1].isalnum() and short[-1].isalnum()) or bool(HAN.match(more))


def is_extended(a: str, b: str) -> bool:
    """One begins the other, and the rest of it counts nothing: a yearbook and its volume of
    2019 are not two forms of one title."""
    short, long = _by_length(a, b)
    return begins(short, long) and not FIGURES.search(long[len(short) :])


def unlike(a: str, b: str) -> bool:
    """Each of two texts has a figure or a word that the other has nothing like: 1990 census of
    Delaware and 1990 census of New York are two things, however much else they share."""
    figures = sorted(FIGURES.findall(a)) != sorted(FIGURES.findall(b))
    return figures or (_alone(a, b) and _alone(b, a))


def _alone(a: str, b: str) -> bool:
    words, others = _words(a), _words(b)
    return any(not any(_same_word(word, other) for other in others) for word in words - others)


@lru_cache(maxsize=1 << 12)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.split("[ \u0f0b]+", text)) - SMALL_WORDS


def _same_word(a: str, b: str) -> bool:
    short, long = _by_length(a, b)
    return (len(short) > 1 and long.startswith(short)) or dice(a, b) >= 0.6


def _scripts(f: Features) -> set[str]:
    return {script_of(title) for title in (*f.titles, *f.parallel)}


def script_of(text: str) -> str:
    """The first of the scripts that the text has letters of; latin where it has none of them."""
    if text.isascii():
        return "latin"
    return next((name for name, letters in SCRIPTS.items() if letters.search(text)), "latin")


def agent_level(a: Features, b: Features, facts: Facts) -> str:
    """same · near (surname and what both give of the rest) · partly (one in common, but each
    names somebody whom the other does not: another translator) · alike (but for one character,
    as where it was mistyped: 黄仁宇, 黄仁字) · missing · different."""
    if not a.agents or not b.agents:
        return "missing"
    short, long = sorted((a.agents, b.agents), key=lambda agents: (len(agents), agents))
    alone = [x for x in short if x not in long]
    apart = [x for x in alone if not any(_near_names(x, y) for y in long)]
    unmatched = [x for x in apart if not any(_but_one(x, y) for y in long)]
    if unmatched:
        return "different" if len(unmatched) == len(short) else "partly"
    if apart:
        return "alike"
    return "near" if len(alone) == len(short) else "same"


def _but_one(x: str, y: str) -> bool:
    """Two names in Han characters, one of them of three or more, that differ in one or of which one
    lacks one (孟小珂, 孟珂); of two characters one is half of the name."""
    short, long = _by_length(x, y)
    if len(long) < 3 or not HAN.match(long):
        return False
    if len(short) == len(long):
        return [*map(ne, x, y)].count(True) == 1
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _near_names(x: str, y: str) -> bool:
    short, long = _by_length(x, y)
    if long.startswith(short) and surname_of(x) == surname_of(y):
        return True
    if HAN.search(long):
        return _near_han_names(short, long)
    return within(short, long) or dice(x, y) >= 0.75


FOREIGN = 4
"""Characters from which on a name in Han characters is a foreign one written by its sound."""


def _near_han_names(short: str, long: str) -> bool:
    """The surname of a foreigner stands last (霍金, 史蒂芬霍金); of a name that was cut off where a
    column ended the first character is left."""
    if len(short) == 1:
        return long.startswith(short)
    if len(long) >= FOREIGN and len(short) > 1 and long.endswith(short):
        return True
    return (len(short) > 2 and short in long) or dice(short, long) >= 0.75


def within(short: str, long: str) -> bool:
    """The words of one text stand side by side in the other."""
    return len(short) > 2 and f" {short} " in f" {long} "


def publisher_level(a: Features, b: Features, facts: Facts) -> str:
    """same · near · issuer (the author publishes itself: one proof, not two; also where the other
    names no publisher) · none (neither names one) · missing · different."""
    if not a.publisher or not b.publisher:
        known = a if a.publisher else b
        if not known.publisher:
            return "none"
        return "issuer" if known.publisher in known.agents else "missing"
    if a.publisher == b.publisher:
        return "issuer" if a.publisher in a.agents and b.publisher in b.agents else "same"
    short, long = _by_length(a.publisher, b.publisher)
    has_all = len(short) > 2 and short in long if HAN.search(long) else within(short, long)
    near = has_all or dice(short, long) >= 0.66 or _has_initials(short, long)
    return "near" if near else "different"


def _has_initials(short: str, long: str) -> bool:
    """John Day and J. Day."""
    two = list(zip(short.split(), long.split(), strict=False))
    as_many = short.count(" ") == long.count(" ") > 0
    return as_many and all(x == y or (1 in (len(x), len(y)) and x[0] == y[0]) for x, y in two)


def year_level(a: Features, b: Features, facts: Facts) -> str:
    """same · open (within the few years that one of them leaves open) · near (a year apart) ·
    missing (or within the many that one leaves open) · far."""
    if not a.year or not b.year:
        return "missing"
    if a.year == b.year:
        return "same"
    first, second = sorted((a, b), key=lambda f: f.year)
    if second.year <= first.last_year:
        return "open" if first.last_year - first.year <= OPEN_YEARS else "missing"
    return "near" if second.year == first.year + 1 else "far"


def both_first(a: Features, b: Features) -> bool:
    """Neither names another edition than the first."""
    return a.edition in ("", FIRST) and b.edition in ("", FIRST)


def edition_level(a: Features, b: Features, facts: Facts) -> str:
    """same (or one says that it is the first and the other names none) · near · missing (one of
    them names none) · different."""
    if a.edition == b.edition or both_first(a, b):
        return "same"
    if not a.edition or not b.edition:
        return "missing"
    if "revised" in (a.edition, b.edition):
        return "missing"
    return "near" if dice(a.edition, b.edition) >= 0.5 else "different"


def extent_level(a: Features, b: Features, facts: Facts) -> str:
    """same (pages or volumes) · near (within three pages or two in a hundred) · missing · off
    (within a tenth) · far."""
    if a.pages and b.pages:
        apart = abs(a.pages - b.pages)
        if apart <= 3 or apart * 50 <= max(a.pages, b.pages):
            return "same" if apart == 0 else "near"
        return "off" if apart * 10 <= max(a.pages, b.pages) else "far"
    if a.volumes and b.volumes:
        return "same" if a.volumes == b.volumes else "far"
    return "missing"


def number_level(a: Features, b: Features, facts: Facts) -> str:
    """shared · shared_by_many (an ISBN that several titles carry) · apart (each has an ISBN of
    its own) · missing."""
    left, right = set(a.isbns), set(b.isbns)
    if (left & right) - facts.shared_isbns or set(a.numbers) & set(b.numbers):
        return "shared"
    if left & right:
        return "shared_by_many"
    return "apart" if left - facts.shared_isbns and right - facts.shared_isbns else "missing"


def part_level(a: Features, b: Features, facts: Facts) -> str:
    """same (or the number is that of the series whose title one of them puts first) · near (one
    is only said to be the last) · missing (one names no part) · different."""
    if a.parts == b.parts:
        return "same"
    short, long = sorted((a, b), key=lambda f: len(f.parts))
    if long.parts[: len(short.parts)] == short.parts:
        is_own = bool(long.own) and not short.parts and long.own in short.titles[:1]
        return "same" if is_own else "missing"
    as_many = len(short.parts) == len(long.parts)
    return "near" if as_many and all(map(same_part, a.parts, b.parts)) else "different"


LEVELS: dict[str, Comparison] = {
    "title": title_level,
    "part": part_level,
    "agent": agent_level,
    "publisher": publisher_level,
    "year": year_level,
    "edition": edition_level,
    "extent": extent_level,
    "number": number_level,
}


def compare(a: Features, b: Features, facts: Facts) -> dict[str, str]:
    """The level of each field, in the order in which they are shown."""
    return {field: comparison(a, b, facts) for field, comparison in LEVELS.items()}
