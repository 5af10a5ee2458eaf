"""Processes of this machine: who lives, who was started by whom."""

import time
from collections.abc import Callable
from pathlib import Path

SOON = 20.0


def wait_for(what: Callable[[], object], seconds: float = SOON) -> None:
    """It becomes true before long."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def lives(process: int) -> bool:
    """It is there, and not only because nobody has asked yet how it ended."""
    return _state(process)[0] not in "ZX"


def descendants(process: int) -> set[int]:
    """All that a process has started, and what those have."""
    parents = {one: int(_state(one)[1]) for one in _every()}
    found = {process}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {process}


def _every() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _state(process: int) -> list[str]:
    """Its state, a letter, and its parent; X of one that is gone."""
    try:
        said = Path(f"/proc/{process}/stat").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return ["X", "0"]
    return said.rpartition(")")[2].split()[:2]
