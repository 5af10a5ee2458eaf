"""Files on their way into the catalogue, and out of it again: all that staff do with them."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from lianguan.catalogue import uploads
from lianguan.catalogue.lifecycle import UPLOAD
from lianguan.catalogue.models import Upload
from lianguan.catalogue.queries import names
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.delivery import Told, nobody
from lianguan.engine.union.importing import Order, check, import_files, receive_files
from lianguan.engine.union.room import check_room
from lianguan.engine.union.taking_back import mark_withdrawn
from lianguan.journal.act import Act, Staff
from lianguan.journal.actions import acting
from lianguan.journal.ids import new_id

Files = Iterable[tuple[str, Iterable[bytes]]]
"""Name and bytes of each."""

SAID = ("format", "encoding", "columns", "key")


def stage(act: Act, *, library: str, kind: str, files: Files, size: int = 0) -> uuid.UUID:
    """Keep files that somebody sends until they say yes to them. Raises Refused."""
    check(Order(library))
    check_room(settings.DATA, size)
    upload = new_id()
    try:
        paths = uploads.keep(settings.DATA, upload, files)
        with acting(act) as lines:
            _staged(act, upload, library, kind, paths)
            lines.add("upload_staged", "upload", upload, library=library, kind=kind)
    except BaseException:
        uploads.remove(settings.DATA, upload)
        raise
    return upload


def _staged(act: Act, upload: uuid.UUID, library: str, kind: str, paths: list[Path]) -> None:
    Upload.objects.create(
        id=upload,
        library=library,
        kind=kind,
        state="staged",
        by=act.who.id if isinstance(act.who, Staff) else None,
        at=act.at,
        files=[{"name": path.name, "size": path.stat().st_size} for path in paths],
    )


def describe(act: Act, *, upload: uuid.UUID, said: Mapping[str, str]) -> None:
    """Say how the files are to be read, where that was not found out right. Raises Refused for
    what nobody can mean."""
    kept: dict[str, Any] = {name: said[name] for name in SAID if said.get(name)}
    check(Order("x", **kept))
    with acting(act) as lines:
        row = _moved(upload, "describe")
        row.said, row.found = kept, {}
        row.save()
        lines.add("upload_described", "upload", upload, named=sorted(kept))


def ask_rehearsal(act: Act, *, upload: uuid.UUID) -> None:
    """Let the worker find out what the files would change."""
    with acting(act) as lines:
        _moved(upload, "ask_rehearsal").save()
        lines.add("rehearsal_asked", "upload", upload)


def rehearse(act: Act, *, upload: uuid.UUID, told: Told = nobody) -> None:
    """Find out what files would change, and note it."""
    row = Upload.objects.get(id=upload)
    order = _order(row, is_rehearsal=True)
    try:
        loaded = import_files(settings.DATA, uploads.paths_of(settings.DATA, upload), order, told)
    except Refused as refused:
        if refused.code == "busy":
            raise
        action, found = "refuse", {"refused": refused.code, "detail": refused.detail}
    else:
        action, found = "rehearse", _found(asdict(loaded))
    with acting(act) as lines:
        row = _moved(upload, action)
        row.found = found
        row.save()
        lines.add("upload_rehearsed", "upload", upload, outcome=row.state)


def _found(loaded: dict[str, Any]) -> dict[str, Any]:
    """Of a rehearsal what is shown: the first of what would be set aside, and how much it is."""
    aside = loaded.pop("set_aside")
    return {**loaded, "set_aside": len(aside), "aside": aside[:MOST_SHOWN]}


MOST_SHOWN = 50


def send(act: Act, *, upload: uuid.UUID, may_delete: bool = False) -> str:
    """Make a delivery of the files, which the worker then loads; its id. Raises Refused."""
    row = Upload.objects.get(id=upload)
    UPLOAD.after("send", row.state)
    order = _order(row, may_delete=may_delete)
    one = receive_files(settings.DATA, uploads.paths_of(settings.DATA, upload), order)
    with acting(act) as lines:
        row = _moved(upload, "send")
        row.delivery = one.id
        row.save()
        lines.add("delivery_received", "delivery", one.id, library=row.library, upload=str(upload))
    uploads.remove(settings.DATA, upload)
    return one.id


def drop(act: Act, *, upload: uuid.UUID) -> None:
    """Forget files that nobody said yes to."""
    with acting(act) as lines:
        _moved(upload, "drop").save()
        lines.add("upload_dropped", "upload", upload)
    uploads.remove(settings.DATA, upload)


def withdraw(act: Act, *, delivery: str) -> None:
    """Take a delivery back: the worker then makes of the member's records what they were without
    it. Raises Refused."""
    with acting(act) as lines:
        at = mark_withdrawn(settings.DATA, delivery)
        lines.add("delivery_withdrawn", "delivery", delivery, event=at)


def _moved(upload: uuid.UUID, action: str) -> Upload:
    """The row in its next state, not yet saved. Raises NotAllowed."""
    row = Upload.objects.select_for_update().get(id=upload)
    row.state = UPLOAD.after(action, row.state)
    return row


def _order(row: Upload, *, may_delete: bool = False, is_rehearsal: bool = False) -> Order:
    return Order(
        row.library,
        name=names().get(row.library, ""),
        is_full=row.kind == "full",
        is_deletes=row.kind == "deletes",
        may_delete=may_delete,
        is_rehearsal=is_rehearsal,
        **row.said,
    )
