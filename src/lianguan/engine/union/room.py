"""How much room things take, and how much there is."""

import contextlib
import os
import shutil
from pathlib import Path

from lianguan.engine.read.findings import Refused

FREE_FOR_BUILD = 200 << 20
"""Bytes that must be free on the disk beside those that a build is known to need."""


def free_at(path: Path) -> int:
    """Free bytes on the disk of a folder, or of where it would be made."""
    there = next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())
    return shutil.disk_usage(there).free


def size_of(folder: Path | None) -> int:
    """Bytes of the files in a folder; one that stands there twice takes room once."""
    if folder is None:
        return 0
    seen: dict[int, int] = {}
    folders = [str(folder)]
    while folders:
        with contextlib.suppress(FileNotFoundError), os.scandir(folders.pop()) as there:
            for one in there:
                if one.is_dir(follow_symlinks=False):
                    folders.append(one.path)
                else:
                    with contextlib.suppress(FileNotFoundError):
                        seen[one.inode()] = one.stat(follow_symlinks=False).st_size
    return sum(seen.values())


def check_room(path: Path, needed: int) -> None:
    """Refuse to begin what the disk has no room for."""
    free = free_at(path)
    if free < needed:
        raise Refused("disk_full", f"{path}: {free >> 20} MiB < {needed >> 20} MiB")


def for_import(size: int) -> int:
    """What an import of so many bytes needs, at the most."""
    return 3 * size + FREE_FOR_BUILD


def for_rebuild(catalogue: int) -> int:
    """What a rebuild needs beside a catalogue of so many bytes: one more, and the pieces of the
    index while they are put together."""
    return 3 * catalogue // 2 + FREE_FOR_BUILD
