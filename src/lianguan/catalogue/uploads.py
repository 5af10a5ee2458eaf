"""Where the files of uploads stand."""

import os
import re
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path

from lianguan.engine.union.durable import make_folder, sync

FOLDER = "uploads"
LONGEST_NAME = 180
"""Bytes of a file's name: file systems take 255, and a copy may be called something longer."""

UNFIT = re.compile(r"[\x00-\x1f\x7f/\\]+")


def folder_of(root: Path, upload: uuid.UUID) -> Path:
    return root / FOLDER / str(upload)


def paths_of(root: Path, upload: uuid.UUID) -> list[Path]:
    """The files in the order in which they came."""
    folders = sorted(folder_of(root, upload).iterdir(), key=lambda one: int(one.name))
    return [next(one.iterdir()) for one in folders]


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


def _fit(name: str) -> str:
    """A name that any file system takes: the end of it says what the file is."""
    said = UNFIT.sub("_", name).strip(" .") or "file"
    while len(said.encode()) > LONGEST_NAME:
        said = said[1:]
    return said
