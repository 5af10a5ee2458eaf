"""The numbers of the log: one after the other, and none of them twice.

sources/.numbers    the number that was given last; held while a line of the log gets its own
"""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from lianguan.engine.union.durable import make_folder, sync

FILE = ".numbers"

WIDTH = 20
"""Bytes in which a number is written: in one go, over the one before."""


@contextlib.contextmanager
def next_number(folder: Path, last_known: Callable[[], int]) -> Iterator[int]:
    """The next number; what it is for is to be there before this ends. So numbers stand in the
    order in which things became known, whoever is at work beside. None is given twice, even if
    what had it never came to be or is gone again. Where nothing says which was given last,
    `last_known` does."""
    make_folder(folder)
    is_new = not (folder / FILE).exists()
    handle = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o666)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        number = (_said(file) or last_known()) + 1
        os.pwrite(file.fileno(), f"{number:{WIDTH}}".encode(), 0)
        os.fsync(file.fileno())
        if is_new:
            sync(folder)
        yield number


def last_number(folder: Path) -> int:
    """The number that was given last, when what it was given to is there, or never will be; 0 if
    none is known."""
    with no_number(folder) as last:
        return last


@contextlib.contextmanager
def no_number(folder: Path) -> Iterator[int]:
    """None is given meanwhile. Gives the last as `last_number` does."""
    try:
        file = (folder / FILE).open("rb")
    except FileNotFoundError:
        yield 0
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield _said(file)


def _said(file: IO[bytes]) -> int:
    said = os.pread(file.fileno(), 2 * WIDTH, 0).strip()
    return int(said) if said.isdigit() else 0
