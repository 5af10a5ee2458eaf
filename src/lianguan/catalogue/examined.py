"""What was found when everything was looked at last. Where there are many files it takes minutes:
a page asks for it, the worker does it, and whoever comes later reads the same."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from lianguan.engine.union.doctor import Check
from lianguan.engine.union.durable import write_whole

FILE = "examination.json"
ASKED = "examination.asked"


class Examination(NamedTuple):
    at: datetime.datetime
    """When it was done."""
    checks: list[Check]

    @property
    def wrong(self) -> int:
        """How many checks found something."""
        return sum(not check.is_well for check in self.checks)


def ask(root: Path) -> None:
    """Have everything looked at soon; whoever asks while others wait, waits with them."""
    (root / ASKED).touch()


def is_asked(root: Path) -> bool:
    """Somebody waits for it."""
    return (root / ASKED).exists()


def answer(root: Path, look: Callable[[Path], list[Check]]) -> None:
    """Look at everything and keep what was found."""
    checks = look(root)
    now = datetime.datetime.now(datetime.UTC)
    said = {"at": now.isoformat(), "checks": [check._asdict() for check in checks]}
    write_whole(root / FILE, json.dumps(said).encode())
    (root / ASKED).unlink(missing_ok=True)


def last(root: Path) -> Examination | None:
    """None if nobody ever asked."""
    try:
        said = json.loads((root / FILE).read_bytes())
    except FileNotFoundError:
        return None
    checks = [Check(**check) for check in said["checks"]]
    return Examination(datetime.datetime.fromisoformat(said["at"]), checks)
