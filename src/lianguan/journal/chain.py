"""The form of a line and how lines are chained: what anybody needs to check a journal."""

import datetime
import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lianguan.journal.act import Act, Staff

FORMAT = 1
ALGORITHM = "sha256"
BEGINNING = ""
"""What stands for the hash before the first line."""

CODE = re.compile(r"[!-~]{0,200}")
"""Codes and numbers as text: no blanks, and only ASCII. So no sentence gets into a line, and no
name as people here write theirs."""


@dataclass(frozen=True, slots=True)
class Event:
    """What was done to one thing."""

    did: str
    thing: str
    thing_id: str
    particulars: dict[str, Any]


def event(did: str, thing: str, thing_id: object, **particulars: object) -> Event:
    """Raises ValueError for a particular that could name a person: free text."""
    plain = {name: _plain(value) for name, value in particulars.items()}
    return Event(did, thing, str(_plain(thing_id)), plain)


def _plain(value: object) -> Any:
    """A value as JSON has it: a code, a whole number, an id, a day, a moment, or a list of such.
    No fractions: they are not written alike everywhere."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime.datetime):
        return moment(value)
    if isinstance(value, uuid.UUID | datetime.date):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, str) and CODE.fullmatch(value):
        return value
    raise ValueError(f"not for a line of the journal: {type(value).__name__}")


def moment(at: datetime.datetime) -> str:
    """A moment, always written alike: in UTC, with microseconds."""
    return at.astimezone(datetime.UTC).isoformat(timespec="microseconds")


def canonical(said: Mapping[str, Any]) -> str:
    """JSON with its names in order and no blanks: the same for the same content."""
    return json.dumps(
        said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def chained(previous: str, said: str) -> str:
    """The hash of a line after the line whose hash is `previous`."""
    return hashlib.sha256(f"{previous}\n{said}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Numbered:
    """Where a line stands, and when it was written there."""

    id: uuid.UUID
    seq: int
    """Its number in the machine's chain."""
    nth: int
    """Its number in its act, from 1."""
    written: datetime.datetime
    """Never before the line that stands before it."""


def line(act: Act, numbered: Numbered, done: Event) -> dict[str, Any]:
    """A line as it is chained."""
    role = act.who.role if isinstance(act.who, Staff) else ""
    return {
        "format": FORMAT,
        "algorithm": ALGORITHM,
        "id": str(numbered.id),
        "machine": act.machine,
        "seq": numbered.seq,
        "act": str(act.id),
        "nth": numbered.nth,
        "written": moment(numbered.written),
        "at": moment(act.at),
        "day": str(act.day),
        "who": "staff" if isinstance(act.who, Staff) else "rule",
        "who_id": str(act.who.id),
        "role": role,
        "place": str(act.place) if act.place else None,
        "happened": act.happened,
        "did": done.did,
        "thing": done.thing,
        "thing_id": done.thing_id,
        "particulars": done.particulars,
    }


@dataclass(frozen=True, slots=True)
class Kept:
    """A line as it is found in a journal."""

    seq: int
    said: str
    hash: str
    columns: Mapping[str, Any]
    """What stands beside it in columns: names as in the line, values as it has them."""


@dataclass(frozen=True, slots=True)
class Walked:
    """How far a chain is whole."""

    seq: int
    head: str
    broken: int | None
    """The number of the first line that is not what was written or is missing."""


def walk(lines: Iterable[Kept]) -> Walked:
    """Go along a chain, in the order of its numbers, until something is not as it was written."""
    seq, head = 0, BEGINNING
    for kept in lines:
        if kept.seq != seq + 1 or kept.hash != chained(head, kept.said) or not _agrees(kept):
            return Walked(seq, head, seq + 1)
        seq, head = kept.seq, kept.hash
    return Walked(seq, head, None)


def _agrees(kept: Kept) -> bool:
    """The line is in its one form, and its columns say what it says."""
    try:
        said = json.loads(kept.said)
        is_canonical = canonical(said) == kept.said
    except ValueError:
        return False
    return is_canonical and all(_same(said, name, kept.columns[name]) for name in kept.columns)


def _same(said: Any, name: str, value: object) -> bool:
    return isinstance(said, dict) and name in said and said[name] == value


COLUMNS = (
    "id", "machine", "seq", "act", "nth", "written", "at", "day", "who", "who_id", "role", "place",
    "did", "thing", "thing_id",
)  # fmt: skip
"""What of a line stands in columns too."""
