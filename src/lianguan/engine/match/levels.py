"""How alike two records are, field by field: ordered levels, the best first.

Distances count characters, not bytes: one changed Han character or Tibetan stack is one
change.
"""

from collections.abc import Callable
from typing import NamedTuple

from lianguan.engine.match.features import Features
from lianguan.engine.text.names import surname_of
from lianguan.engine.text.numerals import same_part


class Facts(NamedTuple):
    """What has to be known of the whole catalogue to compare two records."""

    shared_isbns: frozenset[str] = frozenset()
    """ISBNs that carry more than one title: sets, series, mistakes."""


Comparison = Callable[[Features, Features, Facts], str]


def dice(a: str, b: str) -> float:
    """Share of common pairs of neighbouring characters, 0 to 1."""
    if a == b:
        return 1.0
    if len(a) < 2 or len(b) < 2:
        return 0.0
    left, right = ({s[i : i + 2] for i in range(len(s) - 1)} for s in (a, b))
    return 2 * len(left & right) / (len(left) + len(right))


def title_level(a: Features, b: Features, facts: Facts) -> str:
    """same · extended (one has a subtitle that the other lacks) · near · different · missing."""
    if not a.titles or not b.titles:
        return "missing"
    rest = 1.0 if not a.rest or not b.rest else dice(a.rest, b.rest)
    if not set(a.titles).isdisjoint(b.titles):
        return "same" if rest >= 0.8 else ("near" if rest >= 0.6 else "different")
    left, right = f"{a.titles[0]} {a.rest}".strip(), f"{b.titles[0]} {b.rest}".strip()
    if left == right:
        return "same"
    short, long = sorted((left, right), key=len)
    if len(short) >= 4 and long.startswith(short):
        return "extended"
    main = dice(a.titles[0], b.titles[0])
    near = (main >= 0.9 and rest >= 0.6) or (main >= 0.75 and dice(left, right) >= 0.9)
    return "near" if near else "different"


def agent_level(a: Features, b: Features, facts: Facts) -> str:
    """same · near (surname and what both give of the rest) · partly (one in common, but each
    names somebody whom the other does not: another translator) · missing · different."""
    if not a.agents or not b.agents:
        return "missing"
    short, long = sorted((a.agents, b.agents), key=len)
    alone = [x for x in short if x not in long]
    unlike = [x for x in alone if not any(_near_names(x, y) for y in long)]
    if len(unlike) == len(short):
        return "different"
    if unlike:
        return "partly"
    return "near" if len(alone) == len(short) else "same"


def _near_names(x: str, y: str) -> bool:
    if surname_of(x) == surname_of(y) and (x.startswith(y) or y.startswith(x)):
        return True
    short, long = sorted((x, y), key=len)
    if len(short) > 2 and short in long:
        return True
    return dice(x, y) >= 0.75


def publisher_level(a: Features, b: Features, facts: Facts) -> str:
    """same · near · missing · different."""
    if not a.publisher or not b.publisher:
        return "missing"
    if a.publisher == b.publisher:
        return "same"
    short, long = sorted((a.publisher, b.publisher), key=len)
    if (len(short) > 2 and short in long) or dice(short, long) >= 0.66:
        return "near"
    return "different"


def year_level(a: Features, b: Features, facts: Facts) -> str:
    """same · near (one year apart, or within what one of them leaves open) · missing · far."""
    if not a.year or not b.year:
        return "missing"
    if a.year == b.year:
        return "same"
    first, second = sorted((a, b), key=lambda f: f.year)
    return "near" if second.year <= max(first.year + 1, first.last_year) else "far"


def edition_level(a: Features, b: Features, facts: Facts) -> str:
    """same · missing (one of them names none) · different."""
    if a.edition == b.edition:
        return "same"
    if not a.edition or not b.edition:
        return "missing"
    if "revised" in (a.edition, b.edition):
        return "missing"
    return "near" if dice(a.edition, b.edition) >= 0.5 else "different"


def extent_level(a: Features, b: Features, facts: Facts) -> str:
    """same (pages or volumes) · near (within three pages or two in a hundred) · missing · far."""
    if a.pages and b.pages:
        apart = abs(a.pages - b.pages)
        if apart <= 3 or apart * 50 <= max(a.pages, b.pages):
            return "same" if apart == 0 else "near"
        return "far"
    if a.volumes and b.volumes:
        return "same" if a.volumes == b.volumes else "far"
    return "missing"


def number_level(a: Features, b: Features, facts: Facts) -> str:
    """shared · shared_by_many (an ISBN that several titles carry) · apart (each has its own
    ISBN) · missing."""
    common = set(a.isbns) & set(b.isbns)
    if common - facts.shared_isbns or set(a.numbers) & set(b.numbers):
        return "shared"
    if common:
        return "shared_by_many"
    return "apart" if a.isbns and b.isbns else "missing"


def part_level(a: Features, b: Features, facts: Facts) -> str:
    """same · near (one is only said to be the last) · missing (one names no part) · different."""
    if a.parts == b.parts:
        return "same"
    short, long = sorted((a.parts, b.parts), key=len)
    if long[: len(short)] == short:
        return "missing"
    if len(short) == len(long) and all(map(same_part, short, long)):
        return "near"
    return "different"


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
