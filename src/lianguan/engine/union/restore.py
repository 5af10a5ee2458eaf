"""A union again out of a backup: the sources as they were, and the catalogue built from them."""

import os
import shutil
from pathlib import Path

from lianguan.engine.read.findings import Refused
from lianguan.engine.union import manifest
from lianguan.engine.union.backup import remember
from lianguan.engine.union.database import building
from lianguan.engine.union.decisions import FILE as DECISIONS
from lianguan.engine.union.delivery import Told, nobody
from lianguan.engine.union.durable import sync
from lianguan.engine.union.manifest import DATABASE, PEOPLE, BackedUp, Backup
from lianguan.engine.union.rebuilding import rebuild
from lianguan.engine.union.room import check_room, for_rebuild

STAGING = ".restoring"
NOTHING = {"lock", "lost+found", "keys", STAGING}
"""What may stand in a folder that counts as empty; keys may be brought back first."""

BEFORE_THE_SOURCES = {"catalogue", DECISIONS, PEOPLE, "set_aside"}
"""What comes into its place before the sources do: where they are missing and the folder in which
all was made ready is still there, a restore was cut short."""


def restore(backup: Backup, root: Path, told: Told = nobody) -> None:
    """Give a folder with nothing in it what a backup has, and build the catalogue. Every file is
    checked; until all is there nothing is. Raises Refused: "restore_not_empty",
    "backup_damaged" naming a file, "disk_full"."""
    refuse_used(root)
    with building(root, "restore"):
        refuse_used(root)
        staging = root / STAGING
        _forget_cut_short(root)
        shutil.rmtree(staging, ignore_errors=True)
        check_room(root, backup.size + for_rebuild(backup.catalogue))
        try:
            _bring(backup, staging, told)
            rebuild(staging, told, backup.done)
            for path in sorted(staging.iterdir()):  # the sources last: without them it is none
                path.rename(root / path.name)
            sync(root)
            remember(root, backup)
        finally:
            if not (root / "sources").exists():
                _forget_cut_short(root)
            shutil.rmtree(staging, ignore_errors=True)


def refuse_used(root: Path) -> None:
    """Raises Refused("restore_not_empty") for a folder that has something in it."""
    there = {path.name for path in root.iterdir()} if root.exists() else set()
    if STAGING in there and "sources" not in there:
        there -= BEFORE_THE_SOURCES
    if there := there - NOTHING:
        raise Refused("restore_not_empty", f"{root}: {' '.join(sorted(there)[:5])}")


def _forget_cut_short(root: Path) -> None:
    for name in BEFORE_THE_SOURCES:
        shutil.rmtree(root / name, ignore_errors=True)
        (root / name).unlink(missing_ok=True)


def _bring(backup: Backup, root: Path, told: Told) -> None:
    (root / "sources").mkdir(parents=True)  # there may be none: nobody had sent anything yet
    for number, file in enumerate(backup.files):
        told("restore", number, len(backup.files))
        _copy(backup.stored(file), root / file.path, file)
    folders = [path for path in root.rglob("*") if path.is_dir()]
    for folder in (*folders, root):
        sync(folder)


def _copy(stored: Path, to: Path, file: BackedUp) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(stored, to)
    except FileNotFoundError as error:
        raise Refused("backup_damaged", str(stored)) from error
    if file.part == DATABASE:
        to.chmod(0o600)
    with to.open("rb") as copied:
        os.fsync(copied.fileno())
    if manifest.digest(to) != file.sha256:
        raise Refused("backup_damaged", str(stored))
