"""What staff see of files on their way into the catalogue, and of what came of them."""

import datetime
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from lianguan.catalogue import uploads
from lianguan.catalogue.lifecycle import UPLOAD
from lianguan.catalogue.models import Upload
from lianguan.engine.mapping.columns import attributes
from lianguan.engine.read.files import source_files
from lianguan.engine.read.findings import Refused, SetAside
from lianguan.engine.union import deliveries
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.deliveries import GOING, WAITING, Sent
from lianguan.engine.union.doctor import Check, examine
from lianguan.engine.union.preview import Preview, preview
from lianguan.engine.union.progress import Progress, progress
from lianguan.engine.union.sources import Profile, Sources
from lianguan.network.queries import places

ON_PAGE = 50
OPEN = ("staged", "to_rehearse", "rehearsed", "refused")
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


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery, and what came of it."""

    sent: Sent
    aside: list[SetAside]
    progress: Progress | None
    """How far its load is; None while it is not at work."""

    @property
    def shown_aside(self) -> list[SetAside]:
        """The first of what was set aside."""
        return self.aside[:ON_PAGE]

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


def to_rehearse() -> list[uuid.UUID]:
    """The uploads whose rehearsal somebody waits for, in order."""
    return list(
        Upload.objects.filter(state="to_rehearse").order_by("at").values_list("id", flat=True)
    )


def previews(one: Waiting) -> list[Preview]:
    """What the files of an upload would be read as; of an archive each file in it."""
    profile = Sources(settings.DATA / "sources").said_last(one.library)
    said = {name: one.said.get(name, "") for name in ("format", "encoding", "columns", "key")}
    told = Profile(
        format=said["format"],
        encoding=said["encoding"],
        columns=said["columns"] or profile.columns,
        key=said["key"] or profile.key,
        holdings=profile.holdings,
    )
    found = []
    for path in uploads.paths_of(settings.DATA, one.id):
        try:
            found += [preview(file, told, one.kind) for file in source_files(path)]
        except Refused as refused:
            found.append(Preview(path.name, refused=refused.code, detail=refused.detail))
    return found


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


def examination() -> list[Check]:
    """Everything that is looked at: kept files are read through."""
    return examine(settings.DATA)
