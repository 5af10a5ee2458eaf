"""From levels to a decision: two tables, read from the top. Precision comes first: where no
row says *same* the records stay apart, and *ask* marks what a person should look at.

A decision is a function of two records and of `Facts`, of nothing else: not of the order in
which records came, not of what was decided before.
"""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import LEVELS, Facts, both_first, dice, part_level

SAME, DIFFERENT, ASK = "same", "different", "ask"

Veto = Callable[[Features, Features], bool]


def volume_differs(a: Features, b: Features) -> bool:
    return part_level(a, b, Facts()) == "different"


def set_and_volume(a: Features, b: Features) -> bool:
    """One is a volume and the other the whole set: its holdings stay on their own level."""
    if bool(a.parts) == bool(b.parts):
        return False
    whole = b if a.parts else a
    return whole.volumes > 1


def edition_differs(a: Features, b: Features) -> bool:
    """Two numbers; a facsimile and its original; or other words of edition in years apart (in
    one year the one that names no edition has only left it out)."""
    if a.edition == b.edition or both_first(a, b):
        return False
    if (a.edition.isdigit() and b.edition.isdigit()) or "facsimile" in (a.edition, b.edition):
        return True
    return bool(a.year and b.year and abs(a.year - b.year) > 1)


def series_differs(a: Features, b: Features) -> bool:
    """Each stands in a series and none is alike: a reprint in another series is another edition
    (in one year it may be a second series that only one of them names)."""
    if not a.series or not b.series or (a.year and a.year == b.year):
        return False
    return not any(x in y or y in x or dice(x, y) >= 0.5 for x in a.series for y in b.series)


def carrier_differs(a: Features, b: Features) -> bool:
    """Electronic, microform, large print … against print or each other."""
    return a.carrier != b.carrier


def content_differs(a: Features, b: Features) -> bool:
    return bool(a.content and b.content and a.content != b.content)


def level_differs(a: Features, b: Features) -> bool:
    """A serial against a book."""
    return a.level != b.level


def language_differs(a: Features, b: Features) -> bool:
    return bool(a.language and b.language and a.language != b.language)


VETOES: dict[str, Veto] = {
    "volume_differs": volume_differs,
    "set_and_volume": set_and_volume,
    "edition_differs": edition_differs,
    "series_differs": series_differs,
    "carrier_differs": carrier_differs,
    "content_differs": content_differs,
    "level_differs": level_differs,
    "language_differs": language_differs,
}


class Rule(NamedTuple):
    """A row: the levels that each named field may have (fields not named may have any), and the
    most points that may speak against the two."""

    name: str
    decision: str
    fields: dict[str, str]
    most: int


ANY = 10_000
"""More points than two records can have against them."""

SAME_UP_TO = 65
"""Points up to which two records are one edition, where a row's fields agree too."""

ASK_UP_TO = 85
"""Points up to which a person is asked."""


def rule(name: str, decision: str, most: int = ANY, **fields: str) -> Rule:
    return Rule(name, decision, fields, most)


def same(name: str, **fields: str) -> Rule:
    """A row that says *same* if few points speak against it. Two records that each give an ISBN
    of its own are two editions: hardback and paperback."""
    return rule(name, SAME, SAME_UP_TO, part="same", number=NOT_APART, **fields)


NAMED = "same near alike partly"
NOT_ANOTHER = f"{NAMED} missing"
NOT_APART = "shared shared_by_many missing"

RULES = (
    rule("number", SAME, number="shared", title="same extended near",
         agent=NOT_ANOTHER, year="same open near missing",
         part="same near missing"),
    rule("number_reprint", SAME, number="shared", title="same", agent="same near missing",
         publisher="same near issuer", year="far", part="same", edition="same", extent="same near"),
    same("title_agent_year", title="same", agent=NAMED, publisher="same near none",
         year="same open"),
    same("title_publisher_year", title="same", agent="missing", publisher="same near",
         year="same open"),
    same("title_publisher", title="same", agent=NAMED, publisher="same", year="missing",
         edition="same"),
    same("title_agent_extent", title="same", agent=NAMED, extent="same",
         year="same open near"),
    same("title_publisher_year_extent", title="same", publisher="same near", year="same",
         extent="same near"),
    same("beginning_agent_year", title="extended near", agent="same", year="same"),
    same("beginning_publisher_year", title="extended near", publisher="same", year="same"),
    same("agent_year_extent", title="extended near alike within", agent="same", year="same",
         extent="same"),
    rule("number_without_title", ASK, number="shared",
         title="different other_script parallel missing alike within other_rest"),
    rule("set_number", ASK, number="shared shared_by_many", title="same extended near parallel",
         part="same near"),
    rule("doubt", ASK, ASK_UP_TO, title="same extended near parallel", agent=NOT_ANOTHER,
         year="same open near missing", number=NOT_APART),
    rule("doubt_of_title", ASK, ASK_UP_TO, title="within alike", agent=NOT_ANOTHER,
         year="same open near", extent="same", number=NOT_APART),
    rule("doubt_of_agent", ASK, ASK_UP_TO, title="same parallel", agent="different",
         publisher="same near", year="same open missing", number=NOT_APART),
    rule("perhaps_reprint", ASK, ASK_UP_TO, title="same", year="far", extent="same",
         publisher="same near", number=NOT_APART),
)  # fmt: skip
"""What rows name is what blocks find: two records that no row can join need not be compared."""


POINTS_FILE = Path(__file__).with_name("points.csv")


def _points() -> dict[str, dict[str, int]]:
    """Field → level → how much it speaks against one edition, in tenths."""
    found: dict[str, dict[str, int]] = {field: {} for field in LEVELS}
    with POINTS_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["field"]][row["level"]] = int(row["points"])
    return found


POINTS = _points()

ROWS = tuple(
    (
        row.most,
        tuple((field, frozenset(allowed.split())) for field, allowed in row.fields.items()),
    )
    for row in RULES
)
"""Of each row the most points, and the levels that it allows by field."""

BY_NUMBER = 2
"""Rows that come before all others, surer than any sum of points."""

POINTS_DO_NOT_COUNT = frozenset(one.name for one in RULES[:BY_NUMBER])
"""The names of these rows."""


class Verdict(NamedTuple):
    decision: str
    rule: str
    """The row that decided; "" where none did."""
    rank: int
    """How sure it is, smaller is surer: edges are taken in this order."""
    vetoes: tuple[str, ...]


def vetoes_of(a: Features, b: Features) -> tuple[str, ...]:
    """The names of the vetoes that forbid two records to be one edition."""
    return tuple(name for name, veto in VETOES.items() if veto(a, b))


class _Levels(dict[str, str]):
    """The levels of a pair by field, each worked out when a row asks for it: agents and
    publishers, which take longest, are not asked for where titles differ."""

    def __init__(self, a: Features, b: Features, facts: Facts) -> None:
        self.pair = a, b, facts

    def __missing__(self, field: str) -> str:
        level = self[field] = LEVELS[field](*self.pair)
        return level

    def against(self) -> int:
        """The points that speak against one edition."""
        return points_of({field: self[field] for field in LEVELS})


def points_of(levels: Mapping[str, str]) -> int:
    """The sum of the points of levels by field."""
    return sum(POINTS[field][level] for field, level in levels.items())


def _fits(levels: _Levels, most: int, fields: tuple[tuple[str, frozenset[str]], ...]) -> bool:
    for field, allowed in fields:
        if levels[field] not in allowed:
            return False
    return most == ANY or levels.against() <= most


def rank_of(place: int, points: int) -> int:
    """How sure a row is with so many points against it."""
    return place if place < BY_NUMBER else BY_NUMBER + points


def decide(a: Features, b: Features, facts: Facts) -> Verdict:
    """The verdict on a pair; the same whichever of the two comes first."""
    vetoes = vetoes_of(a, b)
    levels = _Levels(a, b, facts)
    for place, (most, fields) in enumerate(ROWS):
        if _fits(levels, most, fields):
            row = RULES[place]
            decision = DIFFERENT if vetoes else row.decision
            points = 0 if place < BY_NUMBER else levels.against()
            return Verdict(decision, row.name, rank_of(place, points), vetoes)
    return Verdict(DIFFERENT, "", LEAST_SURE, vetoes)


LEAST_SURE = 250
"""The rank of what no row says anything of."""
