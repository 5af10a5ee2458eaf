"""Files on their way into the catalogue, and out of it again: all that staff do with them."""

import contextlib
import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.conf import settings

from lianguan.catalogue import examined, queries, uploads
from lianguan.catalogue.lifecycle import UPLOAD
from lianguan.catalogue.looking import look
from lianguan.catalogue.models import Upload, Withdrawal
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.delivery import Told, nobody
from lianguan.engine.union.importing import Order, check, import_files, receive_files
from lianguan.engine.union.room import check_room
from lianguan.engine.union.taking_back import check_withdrawal, mark_withdrawn
from lianguan.journal.act import Act, Staff
from lianguan.journal.actions import acting, one_writer
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
        row = _staged(act, upload, library, kind, paths)
        row.looked = look(settings.DATA, row)
        with acting(act) as lines:
            row.save(force_insert=True)
            lines.add("upload_staged", "upload", upload, library=library, kind=kind)
    except BaseException:
        uploads.remove(settings.DATA, upload)
        raise
    return upload


def _staged(act: Act, upload: uuid.UUID, library: str, kind: str, paths: list[Path]) -> Upload:
    return Upload(
        id=upload,
        library=library,
        kind=kind,
        state="staged",
        by=_staff_of(act),
        at=act.at,
        files=[{"name": path.name, "size": path.stat().st_size} for path in paths],
    )


def describe(act: Act, *, upload: uuid.UUID, said: Mapping[str, str]) -> None:
    """Say how the files are to be read, where that was not found out right. Raises Refused for
    what nobody can mean."""
    kept: dict[str, Any] = {name: said[name] for name in SAID if said.get(name)}
    check(Order("x", **kept))
    row = Upload.objects.get(id=upload)
    row.said = kept
    looked = look(settings.DATA, row)
    with acting(act) as lines:
        row = _moved(upload, "describe")
        row.said, row.found, row.looked = kept, {}, looked
        row.save()
        lines.add("upload_described", "upload", upload, named=sorted(kept))


def ask_rehearsal(act: Act, *, upload: uuid.UUID) -> None:
    """Let the worker find out what the files would change."""
    with acting(act) as lines:
        _moved(upload, "ask_rehearsal").save()
        lines.add("rehearsal_asked", "upload", upload)


def rehearse(act: Act, *, upload: uuid.UUID, told: Told = nobody) -> None:
    """Find out what files would change, and note it. Raises Refused("busy") where somebody else
    builds."""
    row = Upload.objects.get(id=upload)
    order = _order(row, is_rehearsal=True)
    try:
        paths = uploads.paths_of(settings.DATA, upload)
        loaded = import_files(settings.DATA, paths, order, told)
    except Refused as refused:
        if refused.code in NOT_ITS_FAULT:
            raise
        refuse(act, upload=upload, refused=refused)
    else:
        with acting(act) as lines:
            row = _moved(upload, "rehearse")
            row.found = _found(asdict(loaded))
            row.save()
            lines.add("upload_rehearsed", "upload", upload)


NOT_ITS_FAULT = ("busy", "disk_full")
"""Refusals that say nothing of the files: it is tried again."""


def refuse(act: Act, *, upload: uuid.UUID, refused: Refused) -> None:
    """Note why files cannot be imported as they are."""
    with acting(act) as lines:
        row = _moved(upload, "refuse")
        row.found = {"refused": refused.code, "detail": refused.detail}
        row.save()
        lines.add("upload_refused", "upload", upload, why=refused.code)


def _found(loaded: dict[str, Any]) -> dict[str, Any]:
    """Of a rehearsal what is shown: the first of what would be set aside, and how much it is."""
    aside = loaded.pop("set_aside")
    return {**loaded, "set_aside": len(aside), "aside": aside[:MOST_SHOWN]}


MOST_SHOWN = 50


def send(act: Act, *, upload: uuid.UUID, may_delete: bool = False) -> str:
    """Say yes to files: they become a delivery, which the worker then loads; its id. Should this
    end in the middle, `receive` makes it of them. Raises Refused."""
    with acting(act) as lines:
        row = _moved(upload, "send")
        row.may_delete = may_delete
        row.save()
        lines.add("upload_sent", "upload", upload)
    return receive(replace(act, id=new_id()), upload=upload)


def receive(act: Act, *, upload: uuid.UUID) -> str:
    """Make the delivery of files that somebody said yes to; its id. Whoever comes second finds it
    made. Raises Refused, and the upload says so too."""
    with uploads.held(settings.DATA, upload):
        row = Upload.objects.get(id=upload)
        if not row.delivery:
            row.delivery = _received(act, row)
    uploads.remove(settings.DATA, upload)
    return row.delivery


def _received(act: Act, row: Upload) -> str:
    try:
        paths = uploads.paths_of(settings.DATA, row.id)
        one = receive_files(settings.DATA, paths, _order(row), origin=str(row.id))
    except Refused as refused:
        refuse(act, upload=row.id, refused=refused)
        raise
    with acting(act) as lines:
        row = _moved(row.id, "receive")
        row.delivery = one.id
        row.save()
        particulars = {"library": row.library, "upload": str(row.id)}
        lines.add("delivery_received", "delivery", one.id, **particulars)
    return one.id


def drop(act: Act, *, upload: uuid.UUID) -> None:
    """Forget files that nobody said yes to."""
    with acting(act) as lines:
        _moved(upload, "drop").save()
        lines.add("upload_dropped", "upload", upload)
    uploads.remove(settings.DATA, upload)


def tidy(act: Act, *, before: datetime.datetime) -> None:
    """Drop what nobody said yes to since it came before a moment, and forget files of which no
    row knows: whoever sent them was cut short."""
    for upload in queries.forgotten(before):
        drop(act, upload=upload)
        act = replace(act, id=new_id())
    for upload in uploads.kept(settings.DATA, before):
        if not Upload.objects.filter(id=upload, state__in=queries.OPEN).exists():
            uploads.remove(settings.DATA, upload)


def withdraw(act: Act, *, delivery: str) -> None:
    """Take a delivery back: the worker then makes of the member's records what they were without
    it. Raises Refused."""
    check_withdrawal(settings.DATA, delivery)
    with acting(act) as lines:
        row, is_new = Withdrawal.objects.get_or_create(
            delivery=delivery, defaults={"by": _staff_of(act), "at": act.at}
        )
        if not is_new:
            raise Refused("import_withdrawn", delivery)
        lines.add("delivery_withdrawn", "delivery", delivery)
    write_withdrawal(delivery=delivery)


def write_withdrawal(*, delivery: str) -> None:
    """Write into the log of deliveries what somebody said; again where that was cut short. Of
    a delivery that was refused meanwhile there is nothing to take back."""
    with contextlib.suppress(Refused):
        mark_withdrawn(settings.DATA, delivery)
    with one_writer():
        Withdrawal.objects.filter(delivery=delivery).update(is_done=True)


def _staff_of(act: Act) -> uuid.UUID | None:
    return act.who.id if isinstance(act.who, Staff) else None


def _moved(upload: uuid.UUID, action: str) -> Upload:
    """The row in its next state, not yet saved. Raises NotAllowed."""
    row = Upload.objects.select_for_update().get(id=upload)
    row.state = UPLOAD.after(action, row.state)
    return row


def _order(row: Upload, *, is_rehearsal: bool = False) -> Order:
    return Order(
        row.library,
        name=queries.names().get(row.library, ""),
        is_full=row.kind == "full",
        is_deletes=row.kind == "deletes",
        may_delete=row.may_delete,
        is_rehearsal=is_rehearsal,
        **row.said,
    )


def ask_examination() -> None:
    """Have everything looked at by the worker. Changes nothing that people did, so the journal has
    no line of it."""
    examined.ask(settings.DATA)
