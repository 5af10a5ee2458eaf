"""Entries in the search index: merged, made ready by several processes side by side, written.

What is to be written was noted with the change that touched it; whole is the index made where
it is gone, broken, or of another day.
"""

import contextlib
import ctypes
import errno
import functools
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lianguan.engine.merge import Shown, merge, texts
from lianguan.engine.search.index import Document, Mark, Ready, SearchIndex, ready
from lianguan.engine.union.access import Access
from lianguan.engine.union.database import Connection, connect, transaction
from lianguan.engine.union.delivery import Told, nobody
from lianguan.engine.union.entries import (
    counts,
    generation_of,
    is_open,
    records_of_several,
    work_name,
)
from lianguan.engine.union.keys import parted
from lianguan.engine.union.sharing import processes, side_by_side
from lianguan.engine.union.written import Packing

STRIDE = 1_000
"""Entries whose records are in memory together."""

WORTH_SHARING = 10_000
"""Entries from which on several processes make what is indexed of them."""

BESIDE = "index.old"

AT_FDCWD, RENAME_EXCHANGE = -100, 2
"""Of renameat2(2)."""


def bring_up(
    folder: Path, connection: Connection, packing: Packing, access: Access, told: Told = nobody
) -> None:
    """Bring the search index of a catalogue, in which nothing is left to commit, up to its
    entries: by what was noted, or whole where the index is gone, broken, of another catalogue,
    or of a time from which there are no notes."""
    now, noted_since = generation_of(connection)
    index = _opened(folder / "index")
    writing = Writing(folder, packing, access, now, told)
    if index is None or not _is_within(index.mark, now, noted_since):
        writing.anew()
    elif index.mark != now or _notes(connection):
        writing.noted(connection, index)
    else:
        return
    with transaction(connection):
        connection.execute("DELETE FROM to_index")
        since = (now.generation,)
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('noted_since', ?)", since)


def _is_within(mark: Mark, now: Mark, noted_since: int) -> bool:
    """All that has changed since an index with this mark was noted."""
    is_its_own = mark.catalogue == now.catalogue
    return is_its_own and noted_since <= mark.generation <= now.generation


def _opened(folder: Path) -> SearchIndex | None:
    """The index, unless it is not there or cannot be read."""
    if not folder.is_dir():
        return None
    try:
        return SearchIndex(folder)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it can be made again
        return None


def _notes(connection: Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT entry FROM to_index ORDER BY entry")]


@dataclass(frozen=True, slots=True)
class Writing:
    """Entries of a catalogue, merged by several processes and written into an index."""

    folder: Path
    packing: Packing
    access: Access
    mark: Mark
    told: Told = nobody

    def anew(self) -> None:
        """Index every entry beside what is there, and put it in its place."""
        made = self.folder / "index.new"
        for leftover in (made, made.with_name(BESIDE)):
            shutil.rmtree(leftover, ignore_errors=True)
        self.all(SearchIndex.new(made))
        put_in_place(made, self.folder / "index")

    def all(self, index: SearchIndex) -> None:
        """Write every entry."""
        query = "SELECT record, address, work FROM entries JOIN records ON id = record"

        def share(connection: Connection, own: int, among: int) -> Iterator[list[Any]]:
            shown = is_open(connection, self.access, "entries.record")
            where = f"WHERE record / {STRIDE} % ? = ? AND {shown}"
            asked = f"{query} {where} ORDER BY address"  # as notes are written
            rows = connection.execute(asked, (among, own))
            while some := rows.fetchmany(STRIDE):
                yield some

        with closing(self._connect()) as connection:
            total = counts(connection, self.access)[0]
        self._write(index, share, total, ())

    def noted(self, connection: Connection, index: SearchIndex) -> None:
        """Write the entries that were noted. The notes go only after the index has committed: if
        the machine stops in between they are indexed once more, which changes nothing."""
        query = (
            "SELECT record, to_index.entry, work FROM to_index"
            " CROSS JOIN records ON address = to_index.entry"
            " CROSS JOIN entries ON record = id WHERE "
        )
        where = is_open(connection, self.access, "entries.record")
        there = [tuple(row) for row in connection.execute(query + where)]
        gone = set(_notes(connection)) - {row[1] for row in there}

        def share(_: Connection, own: int, among: int) -> Iterator[list[Any]]:
            for first in range(own * STRIDE, len(there), among * STRIDE):
                yield there[first : first + STRIDE]

        self._write(index, share, len(there), gone)

    def _write(
        self,
        index: SearchIndex,
        share: Callable[[Connection, int, int], Iterator[list[Any]]],
        total: int,
        gone: Collection[str],
    ) -> None:
        """Write the entries of every share, (record, address, work) each; take out those of
        `gone`."""
        count = processes() if total >= WORTH_SHARING else 1

        def made(own: int) -> Iterator[list[Ready]]:
            with closing(self._connect()) as connection:
                for some in share(connection, own, count):
                    yield list(_documents(connection, self.packing, self.access, some))

        with contextlib.ExitStack() as stack:
            answers: list[Iterator[Any]] = [made(0)]
            if count > 1:
                jobs = [functools.partial(made, own) for own in range(count)]
                answers = stack.enter_context(side_by_side(jobs))
            ready = _in_turn(answers)
            index.write(_counted(ready, total, self.told), gone, self.mark)

    def _connect(self) -> Connection:
        return connect(self.folder / "catalogue.sqlite")


def put_in_place(made: Path, there: Path) -> None:
    """Put a folder in the place of another, which is removed. A reader finds one of the two at
    any moment; where the system cannot do that, none for as long as two renames take."""
    if there.exists():
        try:
            exchange(made, there)
        except OSError:
            there.rename(there.with_name(BESIDE))
            made.rename(there)
            made = there.with_name(BESIDE)
        shutil.rmtree(made, ignore_errors=True)
    else:
        made.rename(there)


def exchange(one: Path, other: Path) -> None:
    """Let two folders change their names with each other. Raises OSError where that is not
    known: Linux has it since 3.15, and some network disks have not."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), one)


def _in_turn(answers: list[Iterator[Any]]) -> Iterator[Any]:
    """What all say, one after the other, as long as any says something."""
    while answers:
        for one in list(answers):
            some = next(one, None)
            if some is None:
                answers.remove(one)
            else:
                yield from some


def _counted(ready: Iterator[Any], total: int, told: Told) -> Iterator[Ready]:
    for number, one in enumerate(ready):
        if number % STRIDE == 0:
            told("index", number, total)
        yield one


def _documents(
    connection: Connection, packing: Packing, access: Access, entries: list[Any]
) -> Iterator[Ready]:
    """What is indexed of some entries, (record, address, work) each."""
    records = records_of_several(connection, packing, access, [row[0] for row in entries])
    for record, address, work in entries:
        shown = merge(records[record])
        yield ready(document_of(address, work_name(work, address), shown))


TITLES = ("title", "subtitle", "parts", "titles")
WORDS = ("publisher", "edition", "series", "subjects", "classes")
"""Slots by whose words an entry is found."""


def document_of(entry: str, work: str, shown: Shown) -> Document:
    """An entry as the search index has it."""
    heading = " ".join(filter(None, (shown.title.value, shown.parts.value)))
    classes = texts(shown, ("classes",))
    return Document(
        entry,
        work,
        " : ".join(filter(None, (heading, shown.subtitle.value))),
        tuple([said.value for said in shown.agents]),
        shown.year.value,
        shown.libraries,
        texts(shown, ("languages",)),
        shown.format.value,
        shown.publisher.value,
        texts(shown, ("isbns",)),
        tuple(dict.fromkeys(_numbers(shown))),
        texts(shown, TITLES),
        texts(shown, WORDS),
        class_of(shown),
        tuple(dict.fromkeys(step for said in classes for step in class_steps(said))),
    )


CLC = "clc:"
STEPS = re.compile(r"[A-Z]{1,2}[0-9]*")
"""What of a class number parts the tree: I247.5 and I24=75 stand under I24, TP311 under TP3."""
LETTERS = frozenset("ABCDEFGHIJKNOPQRSTUVXZ")


def class_steps(said: str) -> tuple[str, ...]:
    """The classes above a number of the Chinese library classification, from its letter on:
    clc:I247.5 → I, I2, I24. None for other schemes and for what has no class letter."""
    found = STEPS.match(said.removeprefix(CLC)) if said.startswith(CLC) else None
    if found is None or found[0][0] not in LETTERS:
        return ()
    return tuple(found[0][:length] for length in range(1, min(len(found[0]), 3) + 1))


def class_of(shown: Shown) -> str:
    """The first class of an entry, as scheme:number: one of the Chinese library classification,
    or else any."""
    classes = texts(shown, ("classes",))
    first = next((said for said in classes if class_steps(said)), "")
    return first or next(iter(classes), "")


def _numbers(shown: Shown) -> Iterator[str]:
    """By what numbers an entry is found beside its ISBNs: those that its records name, the
    members' own with and without the library, and bar codes."""
    yield from (said.partition(":")[2] for said in texts(shown, ("numbers",)))
    for key in shown.records:
        yield key
        yield parted(key)[1]
    for held in shown.holdings:
        yield from held.holding.barcodes
