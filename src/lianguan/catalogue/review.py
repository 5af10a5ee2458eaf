"""What a cataloguer is shown of pairs of records: the next one to be decided on, any two beside
each other, what was decided, and an entry that can be parted."""

import datetime
import re
import threading
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings

from lianguan.catalogue import queries
from lianguan.catalogue.comparing import Compared, fields_of
from lianguan.catalogue.models import Judgement, PutOff
from lianguan.engine.match.cluster import Pair
from lianguan.engine.match.decide import ASK_UP_TO, POINTS_DO_NOT_COUNT, SAME, SAME_UP_TO
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.beside import Beside, Side, beside, reasons, side, standing_in
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.decisions import OPEN, Decision
from lianguan.engine.union.doubts import Doubts
from lianguan.engine.union.keys import parted
from lianguan.engine.union.sources import Sources, time_of
from lianguan.network.queries import all_staff

MOST_A_DAY = 30
"""Pairs that are offered to one person on one day: half an hour at a minute each, which is as long
as anybody looks closely. The rest stand apart meanwhile, and can be read."""

ON_PAGE = 50
MOST_IN_ENTRY = 50

_known = threading.local()


class PairShown(NamedTuple):
    """Two records beside each other, as a page shows them."""

    beside: Beside
    compared: Compared
    reasons: list[str]
    vetoes: tuple[str, ...]
    holds: str
    """What people decided on them; OPEN if nothing."""
    is_own: bool
    """Whoever looks may decide on them."""

    @property
    def left(self) -> Side:
        return self.beside.left

    @property
    def right(self) -> Side:
        return self.beside.right

    @property
    def weighed(self) -> tuple[int, int, int] | None:
        """The points against one edition, up to how many two are one, and up to how many a person
        is asked; None where a person or a number decided."""
        why = self.beside.why
        if why.rule == "person" or why.rule in POINTS_DO_NOT_COUNT:
            return None
        return why.points, SAME_UP_TO, ASK_UP_TO

    @property
    def is_few(self) -> bool:
        """The points would do for one edition, and no row says so."""
        return self.beside.why.points <= SAME_UP_TO and self.beside.why.decision != SAME

    @property
    def doubtful(self) -> list[str]:
        """The fields that differ, or that one of them lacks."""
        return [one.field for one in self.compared.fields if one.differs or one.level == "missing"]


@dataclass(frozen=True, slots=True)
class Queue:
    """What is offered to somebody now."""

    shown: PairShown | None
    open: int
    """Pairs that wait, of their libraries."""
    looked_at: int
    """Of those that were offered today."""
    last: Pair | None
    """On which they decided last today, if it still holds."""
    last_said: str

    @property
    def is_enough(self) -> bool:
        """As many as are offered on one day."""
        return self.looked_at >= MOST_A_DAY


def queue(staff: uuid.UUID, libraries: Collection[str] | None, day: datetime.date) -> Queue:
    """What is offered to somebody who decides for these libraries; None: for all. Raises Refused
    where there is no catalogue."""
    judged = _judged(staff, day)
    off = [(one.left, one.right) for one in _put_off(staff, day)]
    looked_at = len({(one.left, one.right) for one in judged if one.was_asked} | {*off})
    last = _last(judged)
    said = last.said if last else ""
    two = (last.left, last.right) if last else None
    with UnionCatalogue(settings.DATA) as opened:
        doubts = _doubts(opened)
        places = list(range(len(doubts))) if libraries is None else doubts.of(opened, libraries)
        next_one = None if looked_at >= MOST_A_DAY else _next(opened, doubts, places, off)
        shown = _shown(opened, next_one, libraries) if next_one else None
    return Queue(shown, len(places), looked_at, two, said)


def _judged(staff: uuid.UUID, day: datetime.date) -> list[Judgement]:
    return list(Judgement.objects.filter(by=staff, day=day).order_by("at"))


def _put_off(staff: uuid.UUID, day: datetime.date) -> list[PutOff]:
    return list(PutOff.objects.filter(by=staff, day=day).order_by("at"))


def _last(judged: list[Judgement]) -> Judgement | None:
    """The last word that still holds."""
    holding = {(one.left, one.right): one for one in judged}
    return next((one for one in reversed(judged) if holding[one.left, one.right] is one
                 and one.said != OPEN), None)  # fmt: skip


def _doubts(opened: UnionCatalogue) -> Doubts:
    """The open doubts, worked out once for each state of catalogue, terms and decisions."""
    state = (opened.root, opened.generation(), opened.access.closed, opened.decisions())
    then, doubts = getattr(_known, "doubts", (None, None))
    if doubts is None or then != state:
        doubts = Doubts(opened)
        _known.doubts = (state, doubts)
    return doubts


def _next(
    opened: UnionCatalogue, doubts: Doubts, places: list[int], off: list[Pair]
) -> Pair | None:
    """The first that was not put off, else the one that was put off longest ago."""
    offered = [(one.left, one.right) for one in doubts.at(opened, places[: len(off) + 1])]
    fresh = next((two for two in offered if two not in off), None)
    return fresh or next((two for two in off if two in offered), None)


def two_records(left: str, right: str, libraries: Collection[str] | None) -> PairShown:
    """Any two records that are shown. Raises Refused."""
    with UnionCatalogue(settings.DATA) as opened:
        return _shown(opened, (left, right), libraries)


def _shown(opened: UnionCatalogue, two: Pair, libraries: Collection[str] | None) -> PairShown:
    found, names = beside(opened, *two), queries.names()
    left, right = found.left, found.right
    a, b = left.source.library, right.source.library
    fields = fields_of(left.record, right.record, found.why)
    called = names.get(a, a), names.get(b, b)
    compared = Compared(left.key, right.key, called[0], called[1], found.why.decision, fields)
    is_own = libraries is None or a in libraries or b in libraries
    holds = found.why.decision if found.why.rule == "person" else OPEN
    return PairShown(found, compared, reasons(found.why), found.why.vetoes, holds, is_own)


class DecidedLine(NamedTuple):
    """A line of the log of decisions."""

    at: str
    left: str
    right: str
    said: str
    who: str
    """Name of who said it; "" where nobody knows."""
    holds: bool
    """Nothing was said of the pair since."""
    number: str
    """Its place in the log, as an id."""


def decided(libraries: Collection[str] | None, before: str = "") -> list[DecidedLine]:
    """A page of what was decided on records of these libraries, None: on all; the last first."""
    log = list(Sources(settings.DATA / "sources").decisions.every())
    last = {one.pair: one.at for one in log}
    own = [one for one in reversed(log) if libraries is None or _is_own(one, libraries)]
    page = [one for one in own if not before or one.at < before][:ON_PAGE]
    who = _who(page)
    return [
        DecidedLine(
            time_of(one.at),
            *one.pair,
            one.said,
            who.get(one.origin) or one.who,
            last[one.pair] == one.at and one.said != OPEN,
            one.at,
        )
        for one in page
    ]


def _is_own(one: Decision, libraries: Collection[str]) -> bool:
    return any(parted(key)[0] in libraries for key in one.pair)


def _who(page: list[Decision]) -> dict[str, str]:
    """Origin of a decision → the name of who said it."""
    origins = [one.origin for one in page if one.origin]
    rows = Judgement.objects.filter(id__in=origins).values_list("id", "by")
    names = {one.id: one.name for one in all_staff()}
    return {str(judgement): names[by] for judgement, by in rows if by in names}


class EntryShown(NamedTuple):
    """An entry with all its records, to be parted or joined."""

    address: str
    title: str
    sides: list[Side]
    """A page of them."""
    total: int
    page: int
    own: list[str]
    """Keys of those that whoever looks may decide on."""

    @property
    def last(self) -> int:
        """The last of its pages."""
        return _pages(self.total)


def _pages(total: int) -> int:
    return -(-total // MOST_IN_ENTRY)


def entry(address: str, libraries: Collection[str] | None, page: int = 1) -> EntryShown | None:
    """A page of an entry by any of its addresses; None if there is none. Raises Refused."""
    with UnionCatalogue(settings.DATA) as opened:
        canonical = opened.canonical(address)
        keys = standing_in(opened, canonical) if canonical else []
        if canonical is None or not keys:
            return None
        page = min(page, _pages(len(keys)))
        begin = (page - 1) * MOST_IN_ENTRY
        sides = [side(opened, key) for key in keys[begin : begin + MOST_IN_ENTRY]]
    title = next((one.record.title.text for one in sides if one.record.title), "")
    own = [key for key in keys if libraries is None or parted(key)[0] in libraries]
    return EntryShown(canonical, title, sides, len(keys), page, own)


ADDRESS = re.compile(r"[a-z2-7]{13}")


def meant(said: str, own: Collection[str] | None) -> str:
    """The record that somebody means by an entry's address or page, or by library:number; of an
    entry one that is their own, else its first. Raises Refused("record_unknown")."""
    text = said.strip()
    with UnionCatalogue(settings.DATA) as opened:
        if ":" in text and "//" not in text:
            opened.row(text)
            return text
        found = ADDRESS.search(text.lower().rpartition("/e/")[2])
        canonical = opened.canonical(found[0]) if found else None
        keys = standing_in(opened, canonical) if canonical else []
    if not keys:
        raise Refused("record_unknown", text)
    return next((key for key in keys if own is None or parted(key)[0] in own), keys[0])


def library_names() -> Mapping[str, str]:
    """Code of a library → what it is called."""
    return queries.names()
