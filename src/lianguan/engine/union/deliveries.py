"""What members sent, as those who look after it ask: what waits, what is in, what came of it."""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from lianguan.engine.read import files
from lianguan.engine.read.findings import Refused, SetAside
from lianguan.engine.union import database, seekable
from lianguan.engine.union.build import LEFT_OUT
from lianguan.engine.union.generations import current
from lianguan.engine.union.preview import BEGINNING, heading_of
from lianguan.engine.union.sources import (
    ASIDE,
    Import,
    Sources,
    StoredFile,
    import_in,
    number_of,
    time_of,
)

WAITING, IN, PUT_ASIDE, WITHDRAWN, GOING, EMPTY = (
    "waiting", "in", "put_aside", "withdrawn", "going", "left_out",
)  # fmt: skip
"""How a delivery stands: it waits for its load; it is in; it could not be loaded; it was taken
back; it is about to be; the present rules refuse it."""


HEAD = 1 << 12
"""Bytes that tell what a file is."""


class Sent(NamedTuple):
    """A delivery, and how it stands."""

    id: str
    library: str
    kind: str
    at: str
    files: tuple[StoredFile, ...]
    state: str
    counts: dict[str, Any]
    """Of its load: read, new, changed, unchanged, deleted, set_aside, and rule → how often; empty
    before."""
    reason: str = ""
    """Why it was put aside or left out."""

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


class Stood(NamedTuple):
    """What the catalogue says of deliveries."""

    done: frozenset[int]
    """Numbers of events that were carried out."""
    counts: dict[int, dict[str, Any]]


def deliveries(
    root: Path, libraries: Collection[str] | None = None, limit: int = 50, before: int = 0
) -> list[Sent]:
    """The latest deliveries, the last first; of some members or all; those before a number."""
    folders = sorted(_folders(root, libraries), key=lambda one: -_number(one))
    wanted = [one for one in folders if not before or _number(one) < before][:limit]
    stood = _stood(root, [_number(one) for one in wanted])
    return [said for one in wanted if (said := _sent(root, one, stood))]


def delivery(root: Path, import_id: str) -> Sent:
    """One delivery. Raises Refused("import_unknown")."""
    for folder in _folders(root, None):
        if folder.name.removeprefix(ASIDE) == import_id:
            said = _sent(root, folder, _stood(root, [_number(folder)]))
            if said:
                return said
    raise Refused("import_unknown", import_id)


def _folders(root: Path, libraries: Collection[str] | None) -> Iterator[Path]:
    sources = Sources(root / "sources")
    for library in sources.libraries() if libraries is None else sorted(libraries):
        folder = sources.folder(library)
        yield from folder.glob("[0-9]*-*")
        yield from folder.glob(f"{ASIDE}[0-9]*-*")


def _number(folder: Path) -> int:
    return number_of(folder.name.removeprefix(ASIDE))


def _stood(root: Path, numbers: list[int]) -> Stood:
    """What the catalogue in use has done of all events, and what came of these deliveries."""
    folder = current(root)
    if folder is None:
        return Stood(frozenset(), {})
    with closing(database.connect(folder / "catalogue.sqlite")) as connection:
        done = frozenset(row[0] for row in connection.execute("SELECT number FROM events"))
        marks = ",".join("?" * len(numbers))
        query = f"SELECT number, counts FROM imports WHERE number IN ({marks})"  # noqa: S608 - only marks
        rows = connection.execute(query, numbers).fetchall()
    return Stood(done, {row[0]: json.loads(row[1]) for row in rows})


def _sent(root: Path, folder: Path, stood: Stood) -> Sent | None:
    """None for a delivery that went since its folder was seen."""
    one = import_in(folder)
    if one is None:
        return None
    counts = stood.counts.get(one.number, {})
    state, reason = _state(one, folder, stood.done, counts)
    at = time_of(one.id)
    return Sent(one.id, one.library, one.kind, at, one.files, state, counts, reason)


def _state(
    one: Import, folder: Path, done: Collection[int], counts: Mapping[str, Any]
) -> tuple[str, str]:
    """How a delivery stands, and why."""
    if folder.name.startswith(ASIDE):
        return PUT_ASIDE, str(json.loads((folder / "failed.json").read_bytes())["reason"])
    if one.withdrawn:
        return (WITHDRAWN if number_of(one.withdrawn) in done else GOING), ""
    if one.number not in done:
        return WAITING, ""
    if LEFT_OUT in counts:
        return EMPTY, counts[LEFT_OUT]
    return IN, ""


def set_aside(root: Path, import_id: str) -> list[SetAside]:
    """What of a delivery could not become records, with its place and the reason."""
    path = root / "set_aside" / f"{import_id}.jsonl"
    if not path.exists():
        return []
    return [SetAside(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def bytes_set_aside(root: Path, one: Sent) -> bytes:
    """What was set aside, piece after piece as it was sent, and rows of a table below its heading:
    to be mended and sent again. Without rows of workbooks, which are no bytes, and files of which
    nothing could be read."""
    pieces = [piece for piece in set_aside(root, one.id) if piece.length]
    sources = Sources(root / "sources")
    told = sources.said_last(one.library).columns
    folder = sources.folder(one.library) / one.id
    said = b""
    for file in one.files:
        path = folder / f"{file.sha256}.zst"
        own = [piece for piece in pieces if piece.file == file.name]
        form = files.format_of(seekable.read(path, 0, HEAD), file.name) if own else files.WORKBOOK
        bytes_of = (seekable.read(path, piece.offset, piece.length) for piece in own)
        if form == files.TABLE:
            said += heading_of(seekable.read(path, 0, BEGINNING), told)
            said += b"".join(row.rstrip(b"\r\n") + b"\n" for row in bytes_of)
        elif form != files.WORKBOOK:
            said += b"".join(bytes_of)
    return said
