"""What members sent, as they sent it: the bytes, and the log of imports. Everything else in
the catalogue is made from these and can be deleted.

    sources/<library>/profile.json            how this member's files are read
    sources/<library>/<import>/import.json    what came, when, and how it was read
    sources/<library>/<import>/<sha256>.zst   each file, unpacked, in the zstd seekable format
"""

import contextlib
import datetime
import hashlib
import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from lianguan.engine.mapping.holdings import Columns
from lianguan.engine.mapping.stream import Options
from lianguan.engine.match.cluster import pair
from lianguan.engine.read.files import SourceFile, source_files
from lianguan.engine.read.findings import Refused
from lianguan.engine.union import numbering, seekable
from lianguan.engine.union.decisions import Decision, DecisionLog
from lianguan.engine.union.durable import held, make_folder, sync, write_whole
from lianguan.engine.union.terms import Terms

CHUNK = 1 << 20
LIBRARY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")

STAGING = ".new-"
"""What the folder of a delivery that is about to be received begins with."""

GONE = ".gone-"
"""And that of one that is about to be removed."""

ASIDE = ".failed-"
"""And that of one that could not be loaded."""

UPSERT, FULL, DELETES, LEAVING = "upsert", "full", "deletes", "leaving"
"""An upsert adds and changes; a full delivery is all that the member has; a delete list names
what it has deleted; with its leaving, which has no files, all that it has goes."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How one member's files are read; what the first import found, or what the member says."""

    format: str = ""
    encoding: str = ""
    columns: str = ""
    key: str = "001"
    """Where the record number is: 001, 003/001, a subfield such as 035$a, or hash for none."""
    holdings: dict[str, Columns] = field(default_factory=dict)
    name: str = ""
    """What the member is called on pages."""
    named: int = 0
    """Number of the line of the log at which it was called so by itself. What deliveries from
    before that call it counts no more."""
    recognised: dict[str, str] = field(default_factory=dict)
    """Heading → attribute, as the last tables of the member were understood."""
    terms: Terms = field(default_factory=Terms)
    """What may be done with its records: always the present ones, in profile.json alone."""

    def options(self) -> Options:
        elsewhere = self.key if "$" in self.key else ""
        return Options(self.format, self.encoding, self.columns, self.holdings, elsewhere)


@dataclass(frozen=True, slots=True)
class StoredFile:
    name: str
    sha256: str
    size: int
    """Bytes, unpacked."""


@dataclass(frozen=True, slots=True)
class Import:
    """One delivery of one member."""

    id: str
    library: str
    kind: str
    at: str
    """When it was received, ISO 8601 in UTC: the time of everything that it changed."""
    files: tuple[StoredFile, ...]
    profile: Profile
    may_delete: bool = True
    """Somebody said yes to a full delivery or a delete list that deletes much."""
    withdrawn: str = ""
    """Number and time of its being taken back, in the form of an id; "" if it was not."""
    origin: str = ""
    """What it was made of, by a name of whoever asked for it; made once of one origin."""

    @property
    def number(self) -> int:
        """Its place in the log."""
        return number_of(self.id)

    @property
    def sizes(self) -> list[int]:
        """Bytes of each of its files, unpacked; none of files that are not kept yet."""
        return [file.size for file in self.files]

    def is_withdrawn(self, at: str) -> bool:
        """It was not there any more, or not yet, at the event `at` (an id)."""
        is_back = self.withdrawn and number_of(self.withdrawn) <= number_of(at)
        return self.number > number_of(at) or bool(is_back)


class Event(NamedTuple):
    """A line of the log: a delivery came, or was taken back; a person decided."""

    at: str
    """Its place and its time, as an id."""
    what: "Import | Decision"
    is_withdrawal: bool = False

    @property
    def number(self) -> int:
        return number_of(self.at)


class Sources:
    """The folder of sources."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.decisions = DecisionLog(root.parent)

    def folder(self, library: str) -> Path:
        if not LIBRARY.fullmatch(library):
            raise Refused("library_code_wrong", library)
        return self.root / library

    def libraries(self) -> list[str]:
        if not self.root.is_dir():
            return []
        return sorted(path.name for path in self.root.iterdir() if LIBRARY.fullmatch(path.name))

    def profile(self, library: str) -> Profile:
        path = self.folder(library) / "profile.json"
        if not path.exists():
            return Profile()
        return _profile(json.loads(path.read_text("utf-8")))

    def profiles(self) -> dict[str, Profile]:
        """Every member with its profile."""
        return {library: self.profile(library) for library in self.libraries()}

    def harvested(self) -> tuple[str, ...]:
        """The members whose records may be fetched by programs of others."""
        return tuple(code for code, one in self.profiles().items() if one.terms.harvested)

    def keep_profile(self, library: str, profile: Profile) -> None:
        folder = self.folder(library)
        make_folder(folder)
        _write(folder / "profile.json", asdict(profile))

    def call(self, library: str, name: str) -> None:
        """Say what a member is called, from now on and whatever its deliveries have said."""
        with self.next_event() as at:
            called = replace(self.profile(library), name=name, named=number_of(at))
            self.keep_profile(library, called)

    def said_last(self, library: str) -> Profile:
        """The member's profile with what was said of its newest delivery, which may still wait to
        be loaded."""
        profile = self.profile(library)
        newest = max(self.folder(library).glob("[0-9]*/import.json"), default=None, key=_number_at)
        if newest is None or not (said := _there(newest)):
            return profile
        last = _import(json.loads(said))
        columns = last.profile.columns if last.kind in (UPSERT, FULL) else profile.columns
        kept = replace(last.profile, format="", encoding="", columns=columns)
        kept = replace(kept, name=called_after(last, profile), named=profile.named)
        return replace(kept, recognised=profile.recognised)

    def imports(self, library: str) -> list[Import]:
        """The deliveries of a member in the order in which they came, withdrawn ones too."""
        logs = sorted(self.folder(library).glob("[0-9]*/import.json"), key=_number_at)
        return [one for path in logs if (one := import_in(path.parent))]

    def find(self, import_id: str) -> Import | None:
        return next((one for one in self.every() if one.id == import_id), None)

    def history(self) -> list[Event]:
        """Everything that happened, in order."""
        return happened(self.every(), self.decisions.every())

    def receive(
        self,
        library: str,
        paths: list[Path],
        kind: str,
        profile: Profile,
        *,
        may_delete: bool = True,
        origin: str = "",
    ) -> Import:
        """Keep the files of a delivery, written and on disk before this returns."""
        folder = self.folder(library)
        make_folder(folder)
        staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=folder))
        with held(staging):
            files = tuple(self._keep(staging, one) for path in paths for one in source_files(path))
            read_by = replace(profile, terms=Terms())
            with self.next_event() as name:
                made = Import(
                    name, library, kind, time_of(name), files, read_by, may_delete, origin=origin
                )
                _write(staging / "import.json", asdict(made))
                sync(staging)
                staging.rename(folder / name)
                sync(folder)
        return made

    def every(self) -> Iterator[Import]:
        """The deliveries of all members in the order in which they came."""
        found = [one for library in self.libraries() for one in self.imports(library)]
        yield from sorted(found, key=lambda one: one.number)

    @contextlib.contextmanager
    def next_event(self) -> Iterator[str]:
        """The id of the next line of the log, which is to be written before this ends."""
        with numbering.next_number(self.root, self._last_in_log) as number:
            yield f"{number:06}-{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%SZ}"

    def _last_in_log(self) -> int:
        """The highest number that the log knows of, where nothing says which was given last."""
        numbers = [event.number for event in self.history()]
        return max(numbers + [number_of(one) for one in self.failed()], default=0)

    @property
    def last_event(self) -> int:
        """The number that was given last; what it was given to is there, or never will be."""
        return numbering.last_number(self.root)

    def _keep(self, folder: Path, source: SourceFile) -> StoredFile:
        digest = hashlib.sha256()

        def chunks() -> Iterator[bytes]:
            with source.open() as file:
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
                    yield chunk

        staged = folder / "file.new"
        size = seekable.write(staged, chunks())
        with staged.open("rb") as file:
            os.fsync(file.fileno())
        self._place(staged, folder / f"{digest.hexdigest()}.zst")
        return StoredFile(source.name, digest.hexdigest(), size)

    def withdraw(self, one: Import) -> str:
        """Mark a delivery as taken back, and the id of that event. Its bytes stay."""
        path = self.folder(one.library) / one.id / "import.json"
        with self.next_event() as at:
            _write(path, {**json.loads(path.read_text("utf-8")), "withdrawn": at})
        return at

    def decide(self, left: str, right: str, said: str, who: str = "", origin: str = "") -> Decision:
        """Keep what a person decided on two records; of one origin once."""
        with self.next_event() as at:
            return self.decisions.add(Decision(at, *pair(left, right), said, who, origin))

    def _place(self, staged: Path, path: Path) -> None:
        """Give a file its name; one that came before takes no room a second time."""
        known = next(iter(path.parent.parent.glob(f"[0-9]*/{path.name}")), None)
        if known is None:
            staged.rename(path)
            return
        staged.unlink()
        if not path.exists():
            path.hardlink_to(known)

    def discard(self, one: Import) -> None:
        """Forget a delivery that was refused before anything came of it: from one moment to the
        next it is not in the log."""
        folder = self.folder(one.library) / one.id
        gone = folder.rename(folder.with_name(f"{GONE}{one.id}"))
        sync(folder.parent)
        shutil.rmtree(gone)

    def put_aside(self, one: Import, reason: str) -> None:
        """Take a delivery that could not be loaded out of the log. Its bytes stay, with the
        reason, for whoever looks into it."""
        folder = self.folder(one.library) / one.id
        _write(folder / "failed.json", {"reason": reason})
        folder.rename(folder.with_name(f"{ASIDE}{one.id}"))
        sync(folder.parent)

    def failed(self) -> list[str]:
        """The deliveries that could not be loaded."""
        found = self.root.glob(f"*/{ASIDE}*")
        return sorted(path.name.removeprefix(ASIDE) for path in found)

    def tidy(self) -> None:
        """Remove what was half received or half removed when the machine stopped, and nothing
        that somebody is about to receive."""
        for path in self.root.glob(f"*/{GONE}*"):
            shutil.rmtree(path, ignore_errors=True)
        for path in self.root.glob(f"*/{STAGING}*"):
            with contextlib.suppress(BlockingIOError, FileNotFoundError), held(path):
                shutil.rmtree(path)

    def path(self, one: Import, file: StoredFile) -> Path:
        return self.folder(one.library) / one.id / f"{file.sha256}.zst"

    def damaged(self, imports: Iterable[Import]) -> list[Path]:
        """The kept files of deliveries that are gone, or are not what was received. Every byte is
        read."""
        files = {self.path(one, file): file.sha256 for one in imports for file in one.files}
        return [path for path, sha256 in files.items() if not seekable.is_whole(path, sha256)]

    def open_files(self, one: Import) -> list[SourceFile]:
        """The files of a delivery, to be read."""
        return [SourceFile(file.name, _opener(self.path(one, file))) for file in one.files]


def _opener(path: Path):  # type: ignore[no-untyped-def]
    return lambda: io.BufferedReader(seekable.SeekableFile(path), CHUNK)


def called_after(one: Import, kept: Profile) -> str:
    """What a member is called that has a profile and then a delivery is loaded."""
    return one.profile.name if one.number > kept.named else kept.name


def happened(log: Iterable[Import], decisions: Iterable[Decision]) -> list[Event]:
    """What happened to these deliveries, and what was decided, in order."""
    events = [Event(one.at, one) for one in decisions]
    for one in log:
        events.append(Event(one.id, one))
        if one.withdrawn:
            events.append(Event(one.withdrawn, one, True))
    return sorted(events, key=lambda event: event.number)


def time_of(event: str) -> str:
    """The time in an id, ISO 8601 in UTC."""
    said = datetime.datetime.strptime(event.split("-", 1)[1], "%Y%m%dT%H%M%SZ")
    return said.replace(tzinfo=datetime.UTC).isoformat(timespec="seconds")


def number_of(event: str) -> int:
    """The place in the log that an id begins with."""
    return int(event.split("-", 1)[0] or 0)


def _number_at(path: Path) -> int:
    """The number of the delivery whose folder a file stands in."""
    return number_of(path.parent.name)


def _import(said: dict) -> Import:  # type: ignore[type-arg]
    files = tuple(StoredFile(**one) for one in said.pop("files"))
    return Import(files=files, profile=_profile(said.pop("profile")), **said)


def _profile(said: dict) -> Profile:  # type: ignore[type-arg]
    terms = said.pop("terms", {})
    return Profile(terms=Terms(**{**terms, "hidden": tuple(terms.get("hidden", ()))}), **said)


def import_in(folder: Path) -> Import | None:
    """The delivery in a folder; None if it went since it was seen."""
    said = _there(folder / "import.json")
    return _import(json.loads(said)) if said else None


def _there(path: Path) -> bytes:
    """What a file says; nothing if it went since it was seen, as a delivery that is refused
    does."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def log_line(one: Import) -> bytes:
    """What import.json says of a delivery."""
    return _as_json(asdict(one))


def _as_json(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _write(path: Path, said: object) -> None:
    write_whole(path, _as_json(said))
