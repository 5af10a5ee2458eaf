"""What members sent, as they sent it: the bytes, and the log of imports. Everything else in
the catalogue is made from these and can be deleted.

    sources/<library>/profile.json            how this member's files are read
    sources/<library>/<import>/import.json    what came, when, and how it was read
    sources/<library>/<import>/<sha256>.zst   each file, unpacked, in the zstd seekable format
"""

import datetime
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from lianguan.engine.mapping.holdings import Columns
from lianguan.engine.mapping.stream import Options
from lianguan.engine.read.files import SourceFile, source_files
from lianguan.engine.read.findings import Refused
from lianguan.engine.union import seekable
from lianguan.engine.union.terms import Terms

CHUNK = 1 << 20
LIBRARY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")

UPSERT, FULL = "upsert", "full"
"""An upsert adds and changes; a full delivery is all that the member has."""


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
    """Somebody said yes to a full delivery that deletes much."""
    withdrawn: str = ""
    """Number and time of its being taken back, in the form of an id; "" if it was not."""

    @property
    def number(self) -> int:
        """Its place in the log."""
        return number_of(self.id)

    def is_withdrawn(self, at: str) -> bool:
        """It was not there any more, or not yet, at the event `at` (an id)."""
        return self.id > at or bool(self.withdrawn and self.withdrawn <= at)


class Event(NamedTuple):
    """A line of the log: a delivery came, or was taken back."""

    at: str
    one: Import
    is_withdrawal: bool


class Sources:
    """The folder of sources."""

    def __init__(self, root: Path) -> None:
        self.root = root

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
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "profile.json", asdict(profile))

    def imports(self, library: str) -> list[Import]:
        """The deliveries of a member in the order in which they came, withdrawn ones too."""
        logs = sorted(self.folder(library).glob("[0-9]*/import.json"))
        return [_import(json.loads(path.read_text("utf-8"))) for path in logs]

    def find(self, import_id: str) -> Import | None:
        return next((one for one in self.every() if one.id == import_id), None)

    def history(self) -> list[Event]:
        """Everything that happened, in order."""
        came = [Event(one.id, one, False) for one in self.every()]
        went = [Event(one.withdrawn, one, True) for one in self.every() if one.withdrawn]
        return sorted(came + went, key=lambda event: event.at)

    def receive(
        self,
        library: str,
        paths: list[Path],
        kind: str,
        profile: Profile,
        *,
        may_delete: bool = True,
    ) -> Import:
        """Keep the files of a delivery, written and on disk before this returns."""
        folder = self.folder(library)
        folder.mkdir(parents=True, exist_ok=True)
        now = datetime.datetime.now(datetime.UTC)
        name = self._next_id(now)
        staging = folder / f".new-{name}"
        staging.mkdir()
        files = tuple(self._keep(staging, one) for path in paths for one in source_files(path))
        at = now.isoformat(timespec="seconds")
        read_by = replace(profile, terms=Terms())
        made = Import(name, library, kind, at, files, read_by, may_delete)
        _write(staging / "import.json", asdict(made))
        _sync(staging)
        staging.rename(folder / name)
        _sync(folder)
        return made

    def every(self) -> Iterator[Import]:
        """The deliveries of all members in the order in which they came."""
        found = [one for library in self.libraries() for one in self.imports(library)]
        yield from sorted(found, key=lambda one: one.id)

    def _next_id(self, now: datetime.datetime) -> str:
        last = max(
            (number_of(name) for one in self.every() for name in (one.id, one.withdrawn)), default=0
        )
        return f"{last + 1:06}-{now:%Y%m%dT%H%M%SZ}"

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
        at = self._next_id(datetime.datetime.now(datetime.UTC))
        _write(path, {**json.loads(path.read_text("utf-8")), "withdrawn": at})
        return at

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
        """Forget a delivery that was refused before anything came of it."""
        shutil.rmtree(self.folder(one.library) / one.id)

    def put_aside(self, one: Import) -> None:
        """Take a delivery that could not be loaded out of the log. Its bytes stay, for whoever
        looks into it."""
        folder = self.folder(one.library) / one.id
        folder.rename(folder.with_name(f".failed-{one.id}"))

    def failed(self) -> list[str]:
        """The deliveries that could not be loaded."""
        found = self.root.glob("*/.failed-*")
        return sorted(path.name.removeprefix(".failed-") for path in found)

    def tidy(self) -> None:
        """Remove what was half received when the machine stopped; only while building."""
        for path in self.root.glob("*/.new-*"):
            shutil.rmtree(path)

    def path(self, one: Import, file: StoredFile) -> Path:
        return self.folder(one.library) / one.id / f"{file.sha256}.zst"

    def open_files(self, one: Import) -> list[SourceFile]:
        """The files of a delivery, to be read."""
        return [SourceFile(file.name, _opener(self.path(one, file))) for file in one.files]


def _opener(path: Path):  # type: ignore[no-untyped-def]
    return lambda: io.BufferedReader(seekable.SeekableFile(path), CHUNK)


def time_of(event: str) -> str:
    """The time in an id, ISO 8601 in UTC."""
    said = datetime.datetime.strptime(event.split("-", 1)[1], "%Y%m%dT%H%M%SZ")
    return said.replace(tzinfo=datetime.UTC).isoformat(timespec="seconds")


def number_of(event: str) -> int:
    """The place in the log that an id begins with."""
    return int(event.split("-", 1)[0] or 0)


def _import(said: dict) -> Import:  # type: ignore[type-arg]
    files = tuple(StoredFile(**one) for one in said.pop("files"))
    return Import(files=files, profile=_profile(said.pop("profile")), **said)


def _profile(said: dict) -> Profile:  # type: ignore[type-arg]
    terms = said.pop("terms", {})
    return Profile(terms=Terms(**{**terms, "hidden": tuple(terms.get("hidden", ()))}), **said)


def _write(path: Path, said: object) -> None:
    """Write JSON so that the file is never seen half written."""
    staged = path.with_suffix(".new")
    with staged.open("w", encoding="utf-8") as file:
        json.dump(said, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    staged.rename(path)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
