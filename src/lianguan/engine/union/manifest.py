"""What a backup is: a list of files; and the files themselves beside it, which all backups in
the folder share.

    FOLDER/20260302T081500Z.json    one backup: what it consists of, and what is said of it
    FOLDER/sources/<sha256>.zst     a file of a member, as the sources keep it
    FOLDER/sources/<sha256>.json    an import.json or a profile.json; .jsonl: the decisions
    FOLDER/database/<sha256>.sqlite what people did; nobody but the owner of the folder reads it

The digest of a packed file is that of what is in it, as everywhere in the sources. Each part of
a backup has a list of its own and a folder of its own. Keys are no part of it: they are kept
apart from what they open.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from lianguan.engine.read.findings import Refused
from lianguan.engine.union import seekable
from lianguan.engine.union.durable import write_whole

FORM = 1
NAMED_BY = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"\d{8}T\d{6}Z")
STORED = re.compile(r"[0-9a-f]{64}\.(zst|jsonl?|sqlite)")
INSIDE = re.compile(
    r"decisions\.jsonl|people\.sqlite|sources/[A-Za-z0-9][A-Za-z0-9_.-]{0,63}/"
    r"(profile\.json|(\.failed-)?\d+-\d{8}T\d{6}Z/((import|failed)\.json|[0-9a-f]{64}\.zst))"
)
"""Where a file may stand in a union: a damaged list writes nowhere else."""


PEOPLE = "people.sqlite"
"""The database of what people do, as a file."""

SOURCES, DATABASE = "sources", "database"
PARTS = (SOURCES, DATABASE)


class BackedUp(NamedTuple):
    """A file in a backup."""

    path: str
    """Its place in the folder of the union."""
    size: int
    """Bytes, packed."""
    sha256: str

    @property
    def stored(self) -> str:
        """Its name in the backup."""
        return self.sha256 + self.path[self.path.rindex(".") :]

    @property
    def part(self) -> str:
        """The part of the backup that it belongs to."""
        return DATABASE if self.path == PEOPLE else SOURCES

    @property
    def is_log(self) -> bool:
        """It says that a delivery came; those that could not be loaded are not in the log."""
        return self.path.endswith("/import.json") and "/.failed-" not in self.path


@dataclass(frozen=True, slots=True)
class Backup:
    """The log and its sources as they were at one moment."""

    folder: Path
    """Where it stands, with others."""
    name: str
    """20260302T081500Z; of two the later name is the later backup."""
    at: str
    version: str
    """Of the program that made it."""
    last: str
    """The last event of the log that is in it, an id; "" if there was none."""
    done: int
    """The number of the last event up to which the catalogue had done all."""
    catalogue: int
    """Bytes of the catalogue then: what a restore will need."""
    files: tuple[BackedUp, ...]
    added: int = 0
    """Files that no backup in the folder had before, when it is made."""

    @property
    def path(self) -> Path:
        return self.folder / f"{self.name}.json"

    @property
    def size(self) -> int:
        """Bytes that it gives back."""
        return sum(file.size for file in self.files)

    @property
    def imports(self) -> int:
        """How many deliveries are in it."""
        return len([file for file in self.files if file.is_log])

    def stored(self, file: BackedUp) -> Path:
        return stored_in(self.folder, file)


def store(folder: Path, part: str = SOURCES) -> Path:
    """Where the files of all backups of a folder stand, those of one part."""
    return folder / part


def stores(folder: Path) -> list[Path]:
    """Where those of all parts do."""
    return [store(folder, part) for part in PARTS]


def stored_in(folder: Path, file: BackedUp) -> Path:
    """Where one of them stands."""
    return store(folder, file.part) / file.stored


def digest(path: Path) -> str:
    """The SHA-256 by which a file is called in a backup; "" if it cannot be unpacked."""
    if path.suffix != ".zst":
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    try:
        return seekable.sha256(path)
    except OSError:
        return ""


def names(folder: Path) -> list[str]:
    """The backups in a folder, the oldest first."""
    found = folder.glob("*.json") if folder.is_dir() else ()
    return sorted(path.stem for path in found if NAME.fullmatch(path.stem))


def write(backup: Backup) -> None:
    """Make it a backup: from one moment to the next it is there, and whole."""
    parts = dict(_parts(backup.files))
    said = {
        "form": FORM,
        "lianguan": backup.version,
        "at": backup.at,
        "last": backup.last,
        "done": backup.done,
        "catalogue": backup.catalogue,
        "sha256": _of_parts(parts),
        "parts": {name: [file._asdict() for file in files] for name, files in parts.items()},
    }
    write_whole(backup.path, json.dumps(said, indent=1).encode())


def _parts(files: Iterable[BackedUp]) -> Iterator[tuple[str, tuple[BackedUp, ...]]]:
    """The list of each part; of one that has nothing, but for the sources, none."""
    kept = tuple(files)
    for part in PARTS:
        own = tuple(file for file in kept if file.part == part)
        if own or part == SOURCES:
            yield part, own


def _of_parts(parts: dict[str, tuple[BackedUp, ...]]) -> str:
    """A digest of the lists, by which a damaged list is found out."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def read(folder: Path, name: str) -> Backup:
    """A backup by its name. Raises Refused: "backup_damaged", "backup_newer"."""
    path = folder / f"{name}.json"
    try:
        said = json.loads(path.read_bytes())
        if said["form"] != FORM:
            raise Refused("backup_newer", f"{path}: {said['lianguan']}")
        parts = {
            name: tuple(BackedUp(**file) for file in listed)
            for name, listed in said["parts"].items()
        }
        files = tuple(file for listed in parts.values() for file in listed)
        made = Backup(
            folder,
            name,
            said["at"],
            said["lianguan"],
            said["last"],
            said["done"],
            said["catalogue"],
            files,
        )
        is_sound = said["sha256"] == _of_parts(parts) and _are_inside(files)
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("backup_damaged", str(path)) from error
    if not is_sound:
        raise Refused("backup_damaged", str(path))
    return made


def _are_inside(files: Iterable[BackedUp]) -> bool:
    return all(INSIDE.fullmatch(file.path) for file in files)


def find(said: Path) -> Backup:
    """The backup that somebody means: its file, or a folder for the newest in it. Raises
    Refused("backup_not_found")."""
    if said.is_file() and NAME.fullmatch(said.stem):
        return read(said.parent, said.stem)
    if found := names(said):
        return read(said, found[-1])
    raise Refused("backup_not_found", str(said))
