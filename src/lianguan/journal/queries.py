"""What the journal remembers, for others."""

import datetime
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lianguan.journal.act import LOCAL
from lianguan.journal.chain import BEGINNING, COLUMNS, Kept, moment, walk
from lianguan.journal.models import Chain, Line


@dataclass(frozen=True, slots=True)
class Remembered:
    """A line, to be shown."""

    seq: int
    at: datetime.datetime
    who_id: str
    role: str
    did: str
    thing: str
    thing_id: str
    particulars: dict[str, Any]


def lines_of(thing: str, thing_id: object) -> list[Remembered]:
    """What was done to a thing, in the order in which it happened."""
    rows = Line.objects.filter(thing=thing, thing_id=str(thing_id)).order_by("at", "seq")
    return [_remembered(row) for row in rows]


def _remembered(row: Line) -> Remembered:
    particulars = json.loads(row.said)["particulars"]
    return Remembered(
        row.seq, row.at, row.who_id, row.role, row.did, row.thing, row.thing_id, particulars
    )


def lines_of_act(act: uuid.UUID) -> list[Remembered]:
    """What an act did, in the order in which it did it."""
    return [_remembered(row) for row in Line.objects.filter(act=act).order_by("nth")]


def is_done(act: uuid.UUID) -> bool:
    """An act of this id has left lines."""
    return Line.objects.filter(act=act).exists()


def head_of(machine: str, day: datetime.date) -> tuple[int, str]:
    """Number and hash of the last line that a machine wrote up to the end of a day; (0, "") where
    there is none. Of a day that is over it is the same for ever."""
    end = datetime.datetime.combine(day + datetime.timedelta(1), datetime.time(), LOCAL)
    row = Line.objects.filter(machine=machine, written__lt=end).order_by("-seq").first()
    return (row.seq, row.hash) if row else (0, BEGINNING)


def machines() -> list[str]:
    """Those that have a chain."""
    chains = Chain.objects.values_list("machine", flat=True)
    return sorted({*chains, *Line.objects.values_list("machine", flat=True).distinct()})


def first_broken(machine: str) -> int | None:
    """The number of the first line of a machine's chain that is not what was written, or is
    missing; None where all is as it was."""
    walked = walk(_kept(machine))
    if walked.broken:
        return walked.broken
    chain = Chain.objects.filter(machine=machine).first()
    end = (chain.seq, chain.head) if chain else (0, BEGINNING)
    return None if end == (walked.seq, walked.head) else walked.seq + 1


def _kept(machine: str) -> Iterator[Kept]:
    rows = Line.objects.filter(machine=machine).order_by("seq")
    for row in rows.iterator():
        columns = {name: _as_said(getattr(row, name)) for name in COLUMNS}
        yield Kept(row.seq, row.said, row.hash, columns)


def _as_said(value: object) -> object:
    """A column as the line has it."""
    if isinstance(value, datetime.datetime):
        return moment(value)
    return str(value) if isinstance(value, uuid.UUID | datetime.date) else value


def count() -> int:
    """How many lines there are."""
    return Line.objects.count()


def written_since(moment: datetime.datetime | None) -> tuple[datetime.datetime | None, int]:
    """When the first line after a moment was written, and how many are; None for all there are."""
    rows = Line.objects.filter(written__gt=moment) if moment else Line.objects.all()
    first = rows.order_by("written").first()
    return (first.written if first else None, rows.count())
