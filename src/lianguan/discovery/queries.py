"""What the pages ask of the catalogue, which each thread has open for itself."""

import datetime
import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings

from lianguan.catalogue.comparing import Compared, fields_of
from lianguan.discovery.classes import class_name
from lianguan.discovery.covers import Cover
from lianguan.discovery.facets import Worded
from lianguan.discovery.listing import Listed, Result, listed, result, varied
from lianguan.engine.match.explain import Explanation
from lianguan.engine.merge import Described
from lianguan.engine.search.index import Found
from lianguan.engine.sentences import format_name, language_name
from lianguan.engine.union import doctor
from lianguan.engine.union.catalogue import EntryView, UnionCatalogue
from lianguan.engine.union.overview import editions_of, last_days, newest
from lianguan.engine.union.ties import ties

ON_PAGE = 20
DEEPEST = 500
"""Pages of results beyond which nobody looks; programs use the export."""
MOST_EXPLAINED = 8
ON_SHELF, LOOKED_AT = 6, 48
"""Of so many new entries so many are shown."""

LOOKED_AT_EVERY = 60
"""Seconds for which what was found of the health is shown again."""

_open = threading.local()
_looking = threading.Lock()
_health: dict[str, tuple[float, doctor.Health]] = {}
"""Folder → when it was looked at, and what was found."""


def catalogue() -> UnionCatalogue:
    """The catalogue as it is now, and so for the whole of a page: it is to `rest` at the end.
    Raises Refused as `UnionCatalogue.refresh`."""
    opened: UnionCatalogue | None = getattr(_open, "catalogue", None)
    if opened is None or opened.root != settings.DATA:
        opened = _open.catalogue = UnionCatalogue(settings.DATA)
    else:
        opened.refresh()
    return opened


def state(opened: UnionCatalogue) -> str:
    """What a page is made from: it changes with the catalogue and with what members say of
    themselves, and whenever it is another day."""
    said = f"{opened.mark} {opened.profiles} {datetime.datetime.now(datetime.UTC):%j}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def is_empty(opened: UnionCatalogue) -> bool:
    """No library shows any record."""
    return not opened.size()[0]


class Member(NamedTuple):
    code: str
    name: str
    records: int
    day: str = ""
    """On which it last sent something."""


def members(opened: UnionCatalogue) -> list[Member]:
    """The libraries with their names, as they are called or else their codes."""
    days = last_days(opened)
    return [
        Member(code, _name(opened, code), count, days.get(code, ""))
        for code, count in opened.members()
    ]


def _name(opened: UnionCatalogue, code: str) -> str:
    profile = opened.profiles.get(code)
    return (profile and profile.name) or code


def names(opened: UnionCatalogue) -> dict[str, str]:
    """Code of a library → its name."""
    return {code: _name(opened, code) for code, _ in opened.members()}


def found(opened: UnionCatalogue, query: str, chosen: Mapping[str, str], page: int) -> Found:
    """One page of results, counted from 1."""
    return opened.search(query, chosen, ON_PAGE, (page - 1) * ON_PAGE)


def results(opened: UnionCatalogue, found: Found) -> list[Result]:
    """What is shown of each result."""
    several = editions_of(opened, [hit.work for hit in found.hits])
    known = names(opened)
    return [result(hit, known, several.get(hit.work, 1) - 1) for hit in found.hits]


def worded(opened: UnionCatalogue, language: str) -> Worded:
    """Values of facets in words."""
    known = names(opened)
    words: dict[str, Callable[[str], str]] = {
        "library": lambda value: known.get(value, value),
        "language": lambda value: language_name(value, language),
        "format": lambda value: format_name(value, language),
        "class": lambda value: class_name(value, language),
    }
    return lambda name, value: words[name](value) if name in words else value


@dataclass(frozen=True, slots=True)
class HomePage:
    records: int
    entries: int
    works: int
    tibetan: int
    members: list[Member]
    newest: list[Listed]

    @property
    def day(self) -> str:
        """On which a member last sent something."""
        return max((member.day for member in self.members), default="")


def home(opened: UnionCatalogue) -> HomePage:
    """What the first page shows; remembered until something changes."""
    return _remembered(opened, _home)


def _home(opened: UnionCatalogue) -> HomePage:
    shown = opened.titles_of(tuple(newest(opened, LOOKED_AT)))
    books = varied([listed(address, one) for address, one in shown.items()], ON_SHELF)
    tibetan = opened.search("", {"language": "tib"}, 1).total
    return HomePage(*opened.size(), tibetan, members(opened), books)


def _remembered(opened: UnionCatalogue, made: Callable[[UnionCatalogue], HomePage]) -> HomePage:
    now = state(opened)
    then, page = getattr(_open, "home", ("", None))
    if then != now or page is None:
        page = made(opened)
        _open.home = (now, page)
    return page


@dataclass(frozen=True, slots=True)
class MemberPage:
    member: Member
    found: Found
    """All its entries: the facets say in which languages and forms they are."""


def member(opened: UnionCatalogue, code: str) -> MemberPage | None:
    """What the page of a member shows; None if there is none, or its records are not shown."""
    one = next((one for one in members(opened) if one.code == code), None)
    return MemberPage(one, opened.search("", {"library": code}, 1)) if one else None


class HeldHere(NamedTuple):
    """A line of what the libraries have."""

    name: str
    location: str
    call_number: str
    volumes: str
    copies: int | None
    barcodes: tuple[str, ...]
    note: str
    day: str
    """Of which the statement is."""


@dataclass(frozen=True, slots=True)
class EntryPage:
    view: EntryView
    cover: Cover
    editions: list[Listed]
    """Of the work, this one first; none if it is the only one."""
    reasons: list[Compared]
    """Why the records stand together, pair by pair (`ties`)."""
    holdings: list[HeldHere]
    silent: list[str]
    """Names of the libraries that have it and do not say where."""


def entry(opened: UnionCatalogue, address: str) -> EntryPage | None:
    """What the page of an entry shows; None if all its records are gone."""
    view = opened.entry(address)
    if view is None:
        return None
    known, shown = names(opened), view.shown
    here = listed(address, shown, is_here=True)
    others = [listed(one, other) for one, other in opened.titles_of(view.same_work).items()]
    held = _holdings(view, known)
    saying = {one.by.partition(":")[0] for one in shown.holdings}
    return EntryPage(
        view,
        here.cover,
        [here, *others] if others else [],
        _reasons(opened, view, known),
        held,
        [known.get(code, code) for code in shown.libraries if code not in saying],
    )


def _reasons(opened: UnionCatalogue, view: EntryView, known: Mapping[str, str]) -> list[Compared]:
    described = {one.by: one for one in view.shown.described}
    pairs = ties(opened, view.address)[:MOST_EXPLAINED] if len(described) > 1 else []
    return [
        _compared(described[a], described[b], one, known)
        for (a, b), one in zip(pairs, opened.explain_pairs(pairs), strict=True)
    ]


def _compared(
    left: Described, right: Described, explained: Explanation, known: Mapping[str, str]
) -> Compared:
    called = [known.get(code, code) for code in (_member(left.by), _member(right.by))]
    found = fields_of(left.record, right.record, explained)
    return Compared(left.by, right.by, called[0], called[1], explained.decision, found)


def _member(key: str) -> str:
    return key.partition(":")[0]


def _holdings(view: EntryView, known: Mapping[str, str]) -> list[HeldHere]:
    days = {f"{one.library}:{one.number}": one.changed[:10] for one in view.sources}
    return [
        HeldHere(
            known.get(_member(key), _member(key)),
            held.location,
            held.call_number,
            " ".join(filter(None, (held.years, held.volumes))),
            held.copies,
            held.barcodes,
            held.note,
            days.get(key, ""),
        )
        for key, held in view.shown.holdings
    ]


def health() -> doctor.Health:
    """What anybody may know of it, as it was within the last minute."""
    with _looking:
        folder, now = str(settings.DATA), time.monotonic()
        looked, found = _health.get(folder, (0.0, None))
        if found is None or now - looked >= LOOKED_AT_EVERY:
            found = doctor.health(settings.DATA)
            _health[folder] = (now, found)
        return found
