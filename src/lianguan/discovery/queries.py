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
    """The catalogue as it is now, and so for the whole of a page: it is to `rest` at the end.
    Raises Refused as `UnionCatalogue.refresh`."""
    opened: UnionCatalogue | None = getattr(_open, "catalogue", None)
    if opened is None or opened.root != settings.DATA:
        opened = _open.catalogue = UnionCatalogue(settings.DATA)
    else:
        opened.refresh()
    return opened


class Member(NamedTuple):
    code: str
    name: str
    records: int


def members(opened: UnionCatalogue) -> list[Member]:
    """The libraries with their names, as they are called or else their codes."""
    return [
        Member(code, opened.sources.profile(code).name or code, count)
        for code, count in opened.members()
    ]


def names(opened: UnionCatalogue) -> dict[str, str]:
    """Code of a library → its name."""
    return {member.code: member.name for member in members(opened)}


def found(opened: UnionCatalogue, query: str, chosen: Mapping[str, str], page: int) -> Found:
    """One page of results, counted from 1."""
    return opened.search(query, chosen, ON_PAGE, (page - 1) * ON_PAGE)


@dataclass(frozen=True, slots=True)
class EntryPage:
    view: EntryView
    others: dict[str, Shown]
    """Other entries of the work."""
    reasons: list[tuple[str, str, Explanation]]
    """Why the other records stand with the first."""


def entry(opened: UnionCatalogue, address: str) -> EntryPage | None:
    """What the page of an entry shows; None if all its records are gone."""
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
