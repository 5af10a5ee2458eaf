"""Files and names that are on the disk when the call returns, whatever the power does next; and
folders that one holds at a time."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


def sync(path: Path) -> None:
    """What a file says, or the names that a folder has, is on the disk when this returns."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder, and those that it stands in, where they are not there yet."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in reversed(missing):
        sync(one.parent)


def write_whole(path: Path, said: bytes) -> None:
    """Write a file so that it is never seen half written, nor lost once this has returned."""
    staged = path.with_suffix(".new")
    with staged.open("wb") as file:
        file.write(said)
        file.flush()
        os.fsync(file.fileno())
    staged.rename(path)
    sync(path.parent)


@contextlib.contextmanager
def held(folder: Path, *, waits: bool = False) -> Iterator[None]:
    """Hold a folder. Where somebody else does, wait, or raise BlockingIOError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        yield
    finally:
        os.close(handle)
