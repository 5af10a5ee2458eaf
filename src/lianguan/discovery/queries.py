"""What the pages ask of the catalogue, which each thread has open for itself."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings

from lianguan.engine.merge import Shown
from lianguan.engine.search.index import Found
from lianguan.engine.union import doctor
from lianguan.engine.union.catalogue import EntryView, Explanation, UnionCatalogue
from lianguan.engine.union.sources import Sources

ON_PAGE = 20
DEEPEST = 500
"""Pages of results beyond which nobody looks; programs use the export."""
MOST_EXPLAINED = 8

LOOKED_AT_EVERY = 60
"""Seconds for which what was found of the health is shown again."""

_open = threading.local()
_looking = threading.Lock()
_health: dict[str, tuple[float, doctor.Health]] = {}
"""Folder → when it was looked at, and what was found."""


def catalogue() -> UnionCatalogue:
    """The catalogue as it is now. Raises Refused("nothing_loaded")."""
    opened: UnionCatalogue | None = getattr(_open, "catalogue", None)
    if opened is None or opened.root != settings.DATA:
        opened = _open.catalogue = UnionCatalogue(settings.DATA)
    opened.refresh()
    return opened


class Member(NamedTuple):
    code: str
    name: str
    records: int


def members() -> list[Member]:
    """The libraries with their names, as they are called or else their codes."""
    sources = Sources(settings.DATA / "sources")
    return [
        Member(code, sources.profile(code).name or code, count)
        for code, count in catalogue().members()
    ]


def names() -> dict[str, str]:
    """Code of a library → its name."""
    return {member.code: member.name for member in members()}


def found(query: str, chosen: Mapping[str, str], page: int) -> Found:
    """One page of results, counted from 1."""
    return catalogue().search(query, chosen, ON_PAGE, (page - 1) * ON_PAGE)


def canonical(address: str) -> str | None:
    return catalogue().canonical(address)


def address_of(library: str, number: str) -> str:
    """The entry of a record. Raises Refused("record_unknown")."""
    return catalogue().address_of(f"{library}:{number}")


@dataclass(frozen=True, slots=True)
class EntryPage:
    view: EntryView
    others: dict[str, Shown]
    """Other entries of the work."""
    reasons: list[tuple[str, str, Explanation]]
    """Why the other records stand with the first."""


def entry(address: str) -> EntryPage | None:
    """What the page of an entry shows; None if all its records are gone."""
    opened = catalogue()
    view = opened.entry(address)
    if view is None:
        return None
    first, *rest = view.shown.records
    reasons = [(first, other, opened.explain(first, other)) for other in rest[:MOST_EXPLAINED]]
    return EntryPage(view, opened.titles_of(view.same_work), reasons)


def health() -> doctor.Health:
    """What anybody may know of it, as it was within the last minute."""
    with _looking:
        folder, now = str(settings.DATA), time.monotonic()
        looked, found = _health.get(folder, (0.0, None))
        if found is None or now - looked >= LOOKED_AT_EVERY:
            found = doctor.health(settings.DATA)
            _health[folder] = (now, found)
        return found
