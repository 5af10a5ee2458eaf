"""How far the one who builds is: told in a file, for pages that somebody watches."""

import contextlib
import fcntl
import json
import os
import time
from pathlib import Path
from typing import NamedTuple

FILE = "progress.json"

PAUSE = 0.25
"""Seconds at least between two tellings of the same stage."""


class Progress(NamedTuple):
    """A stage of a load (`delivery.Told`), and how much of it is done."""

    stage: str
    done: int
    total: int
    """0 where nobody knows."""


class Telling:
    """Listens to a load and tells it in the file. Nothing depends on it: what cannot be written,
    as on a full disk, is left out."""

    def __init__(self, root: Path) -> None:
        self.path = root / FILE
        self.last = ("", 0.0)

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if self.last[0] == stage and now - self.last[1] < PAUSE:
            return
        self.last = (stage, now)
        staged = self.path.with_suffix(".new")
        with contextlib.suppress(OSError):
            staged.write_text(json.dumps(Progress(stage, done, total)))
            staged.replace(self.path)


def progress(root: Path) -> Progress | None:
    """How far it is; None while nobody builds, or where it was not told."""
    if not _is_building(root):
        return None
    try:
        return Progress(*json.loads((root / FILE).read_bytes()))
    except (OSError, ValueError):
        return None


def _is_building(root: Path) -> bool:
    try:
        handle = os.open(root / "lock", os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
