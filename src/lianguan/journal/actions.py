"""All that writes goes through here: one transaction, and a line for each thing that it changed."""

import contextlib
import fcntl
import threading
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction

from lianguan.journal.act import Act
from lianguan.journal.chain import BEGINNING, canonical, chained, line
from lianguan.journal.ids import new_id
from lianguan.journal.models import Chain, Line

_own = threading.local()
"""Of this thread: the lines of the act under way."""


class Lines:
    """What an act has done so far."""

    def __init__(self, act: Act) -> None:
        self.act = act
        self.events: list[dict[str, object]] = []

    def add(self, did: str, thing: str, thing_id: object, **particulars: object) -> None:
        """Note what was done to one thing. No particular may name a person."""
        event = {"did": did, "thing": thing, "thing_id": str(thing_id)}
        self.events.append(event | ({"particulars": particulars} if particulars else {}))


@contextlib.contextmanager
def acting(act: Act) -> Iterator[Lines]:
    """A transaction in which an act changes what it changes and adds a line for each. An action
    within another is part of it. Nothing is changed where it raises."""
    lines: Lines | None = getattr(_own, "lines", None)
    if lines is not None:
        yield lines
        return
    with one_writer(), transaction.atomic():
        _own.lines = lines = Lines(act)
        try:
            yield lines
        finally:
            _own.lines = None
        _write(lines)


@contextlib.contextmanager
def one_writer() -> Iterator[None]:
    """Wait in the kernel's queue for the one who writes to SQLite. Without it, who comes late may
    wait for seconds while others are served (docs/decisions/0018); PostgreSQL needs none."""
    if connection.vendor != "sqlite":
        yield
        return
    path = Path(f"{connection.settings_dict['NAME']}.lock")
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write(lines: Lines) -> None:
    """The lines at the end of the machine's chain. Its end is the last row that a transaction
    locks."""
    if not lines.events:
        return
    act = lines.act
    Chain.objects.get_or_create(machine=act.machine, defaults={"head": BEGINNING})
    chain = Chain.objects.select_for_update().get(machine=act.machine)
    for event in lines.events:
        chain.seq += 1
        row = line(act, chain.seq, str(new_id()), event)
        said = canonical(row)
        chain.head = chained(chain.head, said)
        Line.objects.create(**{name: row[name] for name in COLUMNS}, said=said, hash=chain.head)
    chain.save()


COLUMNS = (
    "id", "machine", "seq", "act", "at", "day", "who", "who_id", "role", "place", "did", "thing",
    "thing_id",
)  # fmt: skip
"""What of a line stands in columns too."""
