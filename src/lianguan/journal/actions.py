"""All that writes goes through here: one transaction, and a line for each thing that it changed."""

import contextlib
import datetime
import fcntl
import threading
from collections.abc import Iterator
from pathlib import Path

from django.db import IntegrityError, connection, transaction

from lianguan.journal.act import Act
from lianguan.journal.chain import (
    BEGINNING,
    COLUMNS,
    Event,
    Numbered,
    canonical,
    chained,
    event,
    line,
)
from lianguan.journal.ids import new_id
from lianguan.journal.models import Chain, Line


class AlreadyDone(Exception):
    """This very act was done before: a form sent twice, a line that comes again. Nothing was
    changed now."""


class _Own(threading.local):
    """Of this thread."""

    lines: "Lines | None" = None
    """Of the act under way."""
    writes: bool = False


_own = _Own()


class Lines:
    """What an act has done so far."""

    def __init__(self, act: Act) -> None:
        self.act = act
        self.events: list[Event] = []

    def add(self, did: str, thing: str, thing_id: object, **particulars: object) -> None:
        """Note what was done to one thing. Particulars are codes, numbers, ids and days; a text
        that could name a person is refused with ValueError."""
        self.events.append(event(did, thing, thing_id, **particulars))


@contextlib.contextmanager
def acting(act: Act) -> Iterator[Lines]:
    """A transaction in which an act changes what it changes and adds a line for each. An action
    within another is part of it, and undone alone where it raises. Nothing is changed where the
    outermost raises, nor by an act that was done before: AlreadyDone."""
    if _own.lines is not None:
        with _part_of(_own.lines, act):
            yield _own.lines
        return
    with one_writer(), transaction.atomic(durable=True):
        if Line.objects.filter(act=act.id).exists():
            raise AlreadyDone(str(act.id))
        _own.lines = lines = Lines(act)
        try:
            yield lines
        finally:
            _own.lines = None
        _write(lines)


@contextlib.contextmanager
def _part_of(lines: Lines, act: Act) -> Iterator[None]:
    if act is not lines.act:
        raise RuntimeError("two acts in one transaction")
    done = len(lines.events)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del lines.events[done:]
        raise


@contextlib.contextmanager
def one_writer() -> Iterator[None]:
    """Wait in the kernel's queue for the one who writes to SQLite. Without it, who comes late may
    wait for seconds while others are served (docs/decisions/0018); PostgreSQL needs none. To be
    taken before a transaction is begun."""
    if connection.vendor != "sqlite" or _own.writes:
        yield
        return
    with Path(f"{connection.settings_dict['NAME']}.lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _own.writes = True
        try:
            yield
        finally:
            _own.writes = False


def _write(lines: Lines) -> None:
    """The lines at the end of the machine's chain. Its end is the last row that a transaction
    locks."""
    if not lines.events:
        return
    machine = lines.act.machine
    Chain.objects.get_or_create(machine=machine, defaults={"head": BEGINNING})
    chain = Chain.objects.select_for_update().get(machine=machine)
    chain.written = _now(chain.written)
    rows = [_row(chain, lines.act, nth, done) for nth, done in enumerate(lines.events, 1)]
    try:
        Line.objects.bulk_create(rows)
    except IntegrityError as error:  # by another connection, at the same moment
        raise AlreadyDone(str(lines.act.id)) from error
    chain.save()


def _now(before: datetime.datetime | None) -> datetime.datetime:
    """By the clock, and not before the last line whatever the clock says: so the lines of a day
    that is over stay the same."""
    now = datetime.datetime.now(datetime.UTC)
    return max(now, before) if before else now


def _row(chain: Chain, act: Act, nth: int, done: Event) -> Line:
    """The next line; the chain ends with it."""
    chain.seq += 1
    row = line(act, Numbered(new_id(), chain.seq, nth, chain.written or act.at), done)
    said = canonical(row)
    chain.head = chained(chain.head, said)
    return Line(**{name: row[name] for name in COLUMNS}, said=said, hash=chain.head)
