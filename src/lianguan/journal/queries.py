"""What the journal remembers, for others."""

import datetime
import json
from dataclasses import dataclass
from typing import Any

from lianguan.journal.chain import BEGINNING, canonical, chained
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
    """What was done to a thing, the first first."""
    rows = Line.objects.filter(thing=thing, thing_id=str(thing_id)).order_by("at", "seq")
    return [_remembered(row) for row in rows]


def _remembered(row: Line) -> Remembered:
    particulars = json.loads(row.said).get("particulars", {})
    return Remembered(
        row.seq, row.at, row.who_id, row.role, row.did, row.thing, row.thing_id, particulars
    )


def head_of(machine: str, day: datetime.date) -> tuple[int, str]:
    """Number and hash of the last line of a machine up to the end of a day; (0, "") where there
    is none."""
    row = Line.objects.filter(machine=machine, day__lte=day).order_by("-seq").first()
    return (row.seq, row.hash) if row else (0, BEGINNING)


def first_broken(machine: str) -> int | None:
    """The number of the first line of a machine's chain that is not what was written, or is
    missing; None where all is as it was."""
    head, seq = BEGINNING, 0
    for row in Line.objects.filter(machine=machine).order_by("seq").iterator():
        seq += 1
        head = chained(head, row.said)
        if row.seq != seq or row.hash != head or not _agrees(row):
            return seq
    chain = Chain.objects.filter(machine=machine).first()
    said = (chain.seq, chain.head) if chain else (0, BEGINNING)
    return None if said == (seq, head) else seq + 1


def _agrees(row: Line) -> bool:
    """The columns say what the line says."""
    said = json.loads(row.said)
    columns = {name: getattr(row, name) for name in ("id", "machine", "seq", "act", "day", "did")}
    columns |= {"thing": row.thing, "thing_id": row.thing_id, "who_id": row.who_id}
    columns |= {"place": row.place, "role": row.role, "who": row.who}
    return canonical(columns) == canonical({name: said[name] for name in columns})
