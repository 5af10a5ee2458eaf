"""From levels to a decision: two tables, read from the top. Precision comes first: where no
row says *same* the records stay apart, and *ask* marks what a person should look at.

A decision is a function of two records and of `Facts`, of nothing else: not of the order in
which records came, not of what was decided before.
"""

from collections.abc import Callable
from typing import NamedTuple

from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import LEVELS, Facts, dice, part_level

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
    if a.edition == b.edition:
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
    """A row: the levels that each named field may have; fields not named may have any."""

    name: str
    decision: str
    fields: dict[str, str]


def rule(name: str, decision: str, **fields: str) -> Rule:
    return Rule(name, decision, fields)


NOT_APART = "shared shared_by_many missing"
"""Two records that each give an ISBN of its own are two editions: hardback and paperback."""

RULES = (
    rule("number", SAME, number="shared", title="same extended near",
         agent="same near partly missing", year="same open near missing",
         part="same near missing"),
    rule("number_reprint", SAME, number="shared", title="same", agent="same near missing",
         publisher="same near issuer", year="far", part="same", edition="same", extent="same near"),
    rule("title_agent_publisher_year", SAME, title="same", agent="same near",
         publisher="same near", year="same open", part="same", extent="same near missing",
         number=NOT_APART),
    rule("title_agent_year_extent", SAME, title="same", agent="same near",
         publisher="missing issuer", year="same", part="same", extent="same near",
         number=NOT_APART),
    rule("title_agent_year_pages_edition", SAME, title="same", agent="same near", year="same",
         part="same", edition="same", extent="same", number=NOT_APART),
    rule("title_publisher_year_extent", SAME, title="same", publisher="same near", year="same",
         part="same", extent="same near", number=NOT_APART),
    rule("long_title_agent_publisher_year", SAME, title="extended near", agent="same",
         publisher="same near", year="same", part="same", extent="same near missing",
         number=NOT_APART),
    rule("long_title_publisher_year", SAME, title="extended near", agent="near",
         publisher="same", year="same", part="same", extent="same near missing",
         number=NOT_APART),
    rule("long_title_agent_year_extent", SAME, title="extended", agent="same",
         publisher="missing issuer", year="same", part="same", extent="same", number=NOT_APART),
    rule("title_agent_publisher", SAME, title="same", agent="same near", publisher="same",
         year="missing", part="same", edition="same", number="missing"),
    rule("number_without_title", ASK, number="shared",
         title="different other_script parallel missing"),
    rule("set_number", ASK, number="shared shared_by_many", title="same extended near parallel",
         part="same near"),
    rule("title_agent_perhaps_publisher", ASK, title="same extended near parallel",
         agent="same near partly", publisher="same near missing issuer",
         year="same open near missing", number=NOT_APART),
    rule("title_agent_year", ASK, title="same extended near parallel",
         agent="same near partly", year="same open near", number=NOT_APART),
    rule("title_publisher_year", ASK, title="same parallel", publisher="same near",
         year="same open near", number=NOT_APART),
    rule("title_publisher_perhaps_agent", ASK, title="same parallel", agent="missing",
         publisher="same near", year="missing", number=NOT_APART),
)  # fmt: skip
"""*same* needs at least four fields that agree, or a number and the title; what agrees in title
and agent alone is the work, not the edition."""


ALLOWED = tuple(
    tuple((field, frozenset(allowed.split())) for field, allowed in row.fields.items())
    for row in RULES
)
"""Of each row the levels that it allows, by field."""


class Verdict(NamedTuple):
    decision: str
    rule: str
    """The row that decided; "" where none did."""
    rank: int
    """Place of the row: edges are taken in this order."""
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


def _fits(levels: _Levels, fields: tuple[tuple[str, frozenset[str]], ...]) -> bool:
    for field, allowed in fields:  # noqa: SIM110 - `all` takes a fifth longer
        if levels[field] not in allowed:
            return False
    return True


def decide(a: Features, b: Features, facts: Facts) -> Verdict:
    """The verdict on a pair; the same whichever of the two comes first."""
    vetoes = vetoes_of(a, b)
    levels = _Levels(a, b, facts)
    for rank, fields in enumerate(ALLOWED):
        if _fits(levels, fields):
            row = RULES[rank]
            decision = DIFFERENT if vetoes else row.decision
            return Verdict(decision, row.name, rank, vetoes)
    return Verdict(DIFFERENT, "", len(RULES), vetoes)
