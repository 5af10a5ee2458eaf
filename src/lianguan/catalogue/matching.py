"""What a cataloguer is shown of how the records of the union were put together: what was counted
last, with what the records that it names are called now."""

import datetime
from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings

from lianguan.catalogue import surveyed
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.survey import Case, Concern, Survey, Whereabouts, whereabouts

PAIRED = ("apart", "contradicted")
"""Concerns whose cases are two records that stand apart."""


class CaseShown(NamedTuple):
    """One thing to look at, with the records that still make it one."""

    case: Case
    records: tuple[Whereabouts, ...]


class ConcernShown(NamedTuple):
    code: str
    total: int
    cases: tuple[CaseShown, ...]
    """The first of them, without what is settled since it was counted."""

    @property
    def is_paired(self) -> bool:
        return self.code in PAIRED


class MatchingShown(NamedTuple):
    at: datetime.datetime
    survey: Survey
    concerns: tuple[ConcernShown, ...]


def matching() -> MatchingShown | None:
    """None where nothing was counted yet. Raises Refused where there is no catalogue, or nothing in
    it."""
    with UnionCatalogue(settings.DATA) as opened:
        if not opened.connection.execute("SELECT 1 FROM records LIMIT 1").fetchone():
            raise Refused("nothing_loaded", str(settings.DATA))
        said = surveyed.last(settings.DATA)
        if said is None:
            return None
        concerns = said.survey.concerns
        named = {key for one in concerns for case in one.cases for key in case.records}
        now = whereabouts(opened, named)
    return MatchingShown(said.at, said.survey, tuple(_shown(one, now) for one in concerns))


def _shown(concern: Concern, now: Mapping[str, Whereabouts]) -> ConcernShown:
    cases = tuple(
        CaseShown(case, tuple(now[key] for key in case.records if key in now))
        for case in concern.cases
    )
    is_paired = concern.code in PAIRED
    left = tuple(one for one in cases if (_is_apart(one) if is_paired else one.records))
    return ConcernShown(concern.code, concern.total, left)


def _is_apart(case: CaseShown) -> bool:
    return len({one.entry for one in case.records}) > 1
