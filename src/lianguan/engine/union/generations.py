"""Catalogues stand in folders of their own; one of them is in use."""

import hashlib
import secrets
import shutil
import sys
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlite

from lianguan.engine.match.features import Features
from lianguan.engine.record import SLOTS
from lianguan.engine.search.index import SearchIndex
from lianguan.engine.union import database
from lianguan.engine.union.database import Connection
from lianguan.engine.union.durable import sync, write_whole
from lianguan.engine.union.sources import Event
from lianguan.engine.union.written import Packing

POINTER = "CURRENT"
"""The file that names the folder in use."""


@cache
def form() -> str:
    """The form in which records and features are kept: a catalogue of another form cannot be
    read."""
    said = "\0".join((*SLOTS, *Features._fields, database.SCHEMA, str(sys.version_info[:2])))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@cache
def rules() -> str:
    """The rules by which records are read, matched and merged: a catalogue that other rules
    made is not what a rebuild would give."""
    digest = hashlib.sha256()
    for file in _files(resources.files("lianguan.engine")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _files(folder: Traversable) -> list[Traversable]:
    """The modules and tables of the engine, in order of their names."""
    found: list[Traversable] = []
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir():
            found += _files(one)
        elif one.name.endswith((".py", ".csv")) and one.name != "words.csv":
            found.append(one)
    return found


def made_by(connection: Connection) -> dict[str, str]:
    """What a catalogue says of the form and the rules that made it."""
    rows = connection.execute("SELECT name, value FROM meta WHERE name IN ('form', 'rules')")
    return dict(rows.fetchall())


def packing_of(connection: Connection) -> Packing | None:
    """How a catalogue packs its records; None before its first delivery."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'dictionary'").fetchone()
    return None if row is None else Packing(row[0])


def is_of_now(folder: Path) -> bool:
    """The catalogue is in the form and by the rules of this version."""
    connection = database.connect(folder / "catalogue.sqlite")
    try:
        return made_by(connection) == {"form": form(), "rules": rules()}
    finally:
        connection.close()


def done_until(root: Path, events: Sequence[Event]) -> int:
    """The number of the last event up to which the catalogue in use has done all: what waits
    comes after it. The very last one where no catalogue can say."""
    last = max((event.number for event in events), default=0)
    folder = current(root)
    if folder is None:
        return last
    try:
        with closing(database.connect(folder / "catalogue.sqlite")) as connection:
            done = {row[0] for row in connection.execute("SELECT id FROM events")}
    except sqlite.Error:
        return last
    return min((event.number - 1 for event in events if event.at not in done), default=last)


def current(root: Path) -> Path | None:
    """The folder of the catalogue that is in use; None where there is none, or no longer."""
    try:
        folder = root / "catalogue" / (root / "catalogue" / POINTER).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    return folder if (folder / "catalogue.sqlite").exists() else None


def is_lost(root: Path) -> bool:
    """A catalogue was in use, and is gone."""
    return current(root) is None and (root / "catalogue" / POINTER).exists()


def in_use(root: Path) -> Path:
    """The folder of the catalogue that is in use; an empty one is made where there is none."""
    folder = current(root)
    if folder is None:
        folder = new_generation(root)
        with closing(database.connect(folder / "catalogue.sqlite", writing=True)):
            SearchIndex.new(folder / "index")
        publish(root, folder)
    return folder


def new_generation(root: Path) -> Path:
    """A folder for a catalogue that nobody uses yet, with its tables."""
    folder = root / "catalogue" / _next_name(root)
    folder.mkdir(parents=True)
    with closing(database.connect_unused(folder / "catalogue.sqlite")) as connection:
        made = [("form", form()), ("rules", rules()), ("catalogue", secrets.token_hex(8))]
        connection.executemany("INSERT INTO meta VALUES (?, ?)", made)
    return folder


def _next_name(root: Path) -> str:
    numbers = [int(p.name) for p in (root / "catalogue").glob("[0-9]*") if p.name.isdigit()]
    return f"{max(numbers, default=0) + 1:06}"


def publish(root: Path, folder: Path) -> None:
    """Put a catalogue in use. From one moment to the next: a reader sees the old or the new."""
    force_to_disk(folder)
    write_whole(root / "catalogue" / POINTER, folder.name.encode())


def force_to_disk(folder: Path) -> None:
    """Everything in a folder is on the disk when this returns."""
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


def remove_unused(root: Path) -> None:
    """Remove every catalogue but the one in use: older ones, and what a rebuild that was cut
    short has left. Only while building."""
    used = current(root)
    for folder in (root / "catalogue").glob("[0-9]*"):
        if used and folder != used:
            shutil.rmtree(folder, ignore_errors=True)
