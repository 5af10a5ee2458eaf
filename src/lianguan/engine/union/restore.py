"""A union again out of a backup: the sources as they were, and the catalogue built from them."""

import os
import shutil
from pathlib import Path

from lianguan.engine.read.findings import Refused
from lianguan.engine.union import manifest
from lianguan.engine.union.backup import remember
from lianguan.engine.union.build import rebuild
from lianguan.engine.union.database import building
from lianguan.engine.union.delivery import Told, nobody
from lianguan.engine.union.manifest import BackedUp, Backup
from lianguan.engine.union.room import check_room, for_rebuild
from lianguan.engine.union.sources import sync

STAGING = ".restoring"
NOTHING = {"lock", "lost+found", STAGING}
"""What may stand in a folder that counts as empty."""


def restore(backup: Backup, root: Path, told: Told = nobody) -> None:
    """Give a folder with nothing in it what a backup has, and build the catalogue. Every file is
    checked; until all is there nothing is. Raises Refused: "restore_not_empty",
    "backup_damaged" naming a file, "disk_full"."""
    _refuse_used(root)
    with building(root, "restore"):
        _refuse_used(root)
        staging = root / STAGING
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
            shutil.rmtree(staging, ignore_errors=True)


def _refuse_used(root: Path) -> None:
    there = {path.name for path in root.iterdir()} - NOTHING if root.exists() else set()
    if there:
        raise Refused("restore_not_empty", f"{root}: {' '.join(sorted(there)[:5])}")


def _bring(backup: Backup, root: Path, told: Told) -> None:
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
    with to.open("rb") as copied:
        os.fsync(copied.fileno())
    if manifest.digest(to) != file.sha256:
        raise Refused("backup_damaged", str(stored))
