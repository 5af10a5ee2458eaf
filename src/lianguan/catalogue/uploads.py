"""Where the files of uploads stand."""

import contextlib
import datetime
import os
import re
import shutil
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

from lianguan.engine.read.findings import Refused
from lianguan.engine.union import durable
from lianguan.engine.union.durable import make_folder, sync

FOLDER = "uploads"
LONGEST_NAME = 180
"""Bytes of a file's name: file systems take 255, and a copy may be called something longer."""

UNFIT = re.compile(r"[\x00-\x1f\x7f/\\]+")


def folder_of(root: Path, upload: uuid.UUID) -> Path:
    return root / FOLDER / str(upload)


def paths_of(root: Path, upload: uuid.UUID) -> list[Path]:
    """The files in the order in which they came. Raises Refused("files_gone"): they are in no
    backup, and may have been dropped meanwhile."""
    try:
        folders = sorted(folder_of(root, upload).iterdir(), key=lambda one: int(one.name))
        paths = [next(one.iterdir()) for one in folders]
    except (FileNotFoundError, StopIteration):
        paths = []
    if not paths:
        raise Refused("files_gone", str(upload))
    return paths


@contextlib.contextmanager
def held(root: Path, upload: uuid.UUID) -> Iterator[None]:
    """Wait until nobody else makes a delivery of the files."""
    make_folder(folder_of(root, upload))
    with durable.held(folder_of(root, upload), waits=True):
        yield


def keep(root: Path, upload: uuid.UUID, files: Iterable[tuple[str, Iterable[bytes]]]) -> list[Path]:
    """Write files, (name, chunks) each, to the disk. Each stands in a folder of its own, since two
    may have one name."""
    for number, (name, chunks) in enumerate(files):
        folder = folder_of(root, upload) / str(number)
        make_folder(folder)
        path = folder / _fit(name)
        with path.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        sync(folder)
    return paths_of(root, upload)


def remove(root: Path, upload: uuid.UUID) -> None:
    shutil.rmtree(folder_of(root, upload), ignore_errors=True)


def kept(root: Path, before: datetime.datetime) -> list[uuid.UUID]:
    """The uploads of which files are kept that came before a moment."""
    folders = sorted((root / FOLDER).glob("*-*-*-*-*"))
    return [uuid.UUID(one.name) for one in folders if one.stat().st_mtime < before.timestamp()]


def _fit(name: str) -> str:
    """A name that any file system takes: the end of it says what the file is."""
    said = UNFIT.sub("_", name).strip(" .") or "file"
    while len(said.encode()) > LONGEST_NAME:
        said = said[1:]
    return said
