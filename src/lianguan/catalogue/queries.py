"""What staff see of files on their way into the catalogue, and of what came of them."""

import datetime
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings

from lianguan.catalogue import examined
from lianguan.catalogue.examined import Examination
from lianguan.catalogue.lifecycle import UPLOAD
from lianguan.catalogue.looking import looked_at
from lianguan.catalogue.models import Judgement, Upload, Withdrawal
from lianguan.engine.mapping.columns import attributes
from lianguan.engine.read.findings import Refused, SetAside
from lianguan.engine.union import deliveries
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.deliveries import GOING, WAITING, Sent
from lianguan.engine.union.preview import Preview
from lianguan.engine.union.progress import Progress, progress
from lianguan.engine.union.sources import Profile, Sources
from lianguan.network.queries import places

ON_PAGE = 50
OPEN = ("staged", "to_rehearse", "rehearsed", "refused", "sending")
"""States of an upload that somebody has to do something with."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An upload that is not yet a delivery."""

    id: uuid.UUID
    library: str
    kind: str
    state: str
    at: datetime.datetime
    names: tuple[str, ...]
    size: int
    said: dict[str, str]
    found: dict[str, Any]
    delivery: str
    actions: tuple[str, ...]
    """What can be done with it now."""

    @property
    def is_moving(self) -> bool:
        """Something will change by itself: worth looking again."""
        return self.state in ("to_rehearse", "sending")


class Aside(NamedTuple):
    """Some of what was set aside, and which pages stand around it, 0 for none."""

    shown: list[SetAside]
    earlier: int
    later: int


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery, and what came of it."""

    sent: Sent
    aside: list[SetAside]
    progress: Progress | None
    """How far its load is; None while it is not at work."""

    def aside_on(self, page: int) -> "Aside":
        """A page of what was set aside, from 1."""
        begin = (page - 1) * ON_PAGE
        shown = self.aside[begin : begin + ON_PAGE]
        later = page + 1 if begin + ON_PAGE < len(self.aside) else 0
        return Aside(shown, page - 1, later)

    @property
    def is_moving(self) -> bool:
        """Something will change by itself: worth looking again."""
        return self.sent.state in (WAITING, GOING)


def uploads_of(libraries: Collection[str]) -> list[Waiting]:
    """What waits for somebody to say yes or no, the latest first."""
    rows = Upload.objects.filter(library__in=libraries, state__in=OPEN).order_by("-at")
    return [_waiting(row) for row in rows]


def upload(upload_id: uuid.UUID) -> Waiting:
    """Raises Refused("upload_unknown")."""
    row = Upload.objects.filter(id=upload_id).first()
    if row is None:
        raise Refused("upload_unknown", str(upload_id))
    return _waiting(row)


def _waiting(row: Upload) -> Waiting:
    return Waiting(
        row.id,
        row.library,
        row.kind,
        row.state,
        row.at,
        tuple(file["name"] for file in row.files),
        sum(file["size"] for file in row.files),
        row.said,
        row.found,
        row.delivery,
        UPLOAD.actions(row.state),
    )


def in_state(state: str) -> list[uuid.UUID]:
    """The uploads in a state, in the order in which they came."""
    return list(Upload.objects.filter(state=state).order_by("at").values_list("id", flat=True))


def forgotten(before: datetime.datetime) -> list[uuid.UUID]:
    """The uploads that came before a moment and that nobody said yes or no to."""
    rows = Upload.objects.filter(state__in=("staged", "rehearsed", "refused"), at__lt=before)
    return list(rows.order_by("at").values_list("id", flat=True))


def unwritten_withdrawals() -> list[str]:
    """The deliveries of which somebody said that they are taken back, and the log does not yet."""
    return list(Withdrawal.objects.filter(is_done=False).values_list("delivery", flat=True))


def unwritten_judgements() -> list[uuid.UUID]:
    """What somebody said of pairs of records, and the log does not yet, in order."""
    rows = Judgement.objects.filter(is_done=False).order_by("at", "id")
    return list(rows.values_list("id", flat=True))


def previews(upload_id: uuid.UUID) -> list[Preview]:
    """What the files of an upload were taken for."""
    return looked_at(Upload.objects.get(id=upload_id).looked)


def column_choices() -> list[str]:
    """What a column can be."""
    return sorted(attributes())


def latest(libraries: Collection[str] | None, before: int = 0) -> list[Sent]:
    """A page of deliveries, the last first."""
    return deliveries.deliveries(settings.DATA, libraries, ON_PAGE, before)


def report(delivery_id: str) -> Report:
    """Raises Refused("import_unknown")."""
    sent = deliveries.delivery(settings.DATA, delivery_id)
    moving = sent.state in (WAITING, GOING)
    at_work = progress(settings.DATA) if moving else None
    return Report(sent, deliveries.set_aside(settings.DATA, delivery_id), at_work)


def bytes_set_aside(delivery_id: str) -> bytes:
    """What was set aside of a delivery, as it was sent."""
    sent = deliveries.delivery(settings.DATA, delivery_id)
    return deliveries.bytes_set_aside(settings.DATA, sent)


def names() -> dict[str, str]:
    """Code of a library → what it is called: as a place of the network, else as its files say."""
    profiles = Sources(settings.DATA / "sources").profiles()
    said = {code: one.name or code for code, one in profiles.items()}
    return said | {one.code: one.name for one in places()}


@dataclass(frozen=True, slots=True)
class Member:
    """A library whose records come from its own system."""

    code: str
    name: str
    profile: Profile
    records: int
    last: Sent | None
    """What it sent last."""


def members(libraries: Collection[str]) -> list[Member]:
    """In the order of their codes."""
    counts, called = _records(), names()
    return [_member(code, called, counts) for code in sorted(libraries)]


def member(code: str) -> Member:
    return _member(code, names(), _records())


def _member(code: str, called: Mapping[str, str], counts: Mapping[str, int]) -> Member:
    profile = Sources(settings.DATA / "sources").said_last(code)
    last = next(iter(deliveries.deliveries(settings.DATA, [code], 1)), None)
    return Member(code, called.get(code, code), profile, counts.get(code, 0), last)


def _records() -> dict[str, int]:
    """Library → its records in the catalogue, whether they are shown or not."""
    try:
        with UnionCatalogue(settings.DATA) as catalogue:
            query = (
                "SELECT code, count(*) FROM records JOIN libraries ON libraries.id = library"
                " GROUP BY code"
            )
            return dict(catalogue.connection.execute(query).fetchall())
    except Refused:
        return {}


def examination() -> Examination | None:
    """What was found when everything was looked at last; None if nobody asked."""
    return examined.last(settings.DATA)


def is_examining() -> bool:
    """Somebody asked that everything be looked at."""
    return examined.is_asked(settings.DATA)
