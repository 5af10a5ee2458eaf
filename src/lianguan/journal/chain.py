"""The form of a line and how lines are chained: what anybody needs to check a journal."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from lianguan.journal.act import Act, Staff

FORMAT = 1
ALGORITHM = "sha256"
BEGINNING = ""
"""What stands for the hash before the first line."""


def canonical(said: Mapping[str, Any]) -> str:
    """JSON with its names in order and no blanks: the same for the same content."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def chained(previous: str, said: str) -> str:
    """The hash of a line after the line whose hash is `previous`."""
    return hashlib.sha256(f"{previous}\n{said}".encode()).hexdigest()


def line(act: Act, seq: int, id: str, event: Mapping[str, Any]) -> dict[str, Any]:  # noqa: A002
    """A line as it is chained. `event`: did, thing, thing_id and particulars."""
    return {
        "format": FORMAT,
        "algorithm": ALGORITHM,
        "id": id,
        "machine": act.machine,
        "seq": seq,
        "act": act.id,
        "at": act.at.isoformat(),
        "day": act.day,
        "who": "staff" if isinstance(act.who, Staff) else "rule",
        "who_id": act.who.id,
        "role": act.who.role if isinstance(act.who, Staff) else "",
        "place": act.place,
        "happened": act.happened,
        **event,
    }
