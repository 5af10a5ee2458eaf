"""Tallies of several trials put together."""

import copy
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, TypeVar

AnyTally = TypeVar("AnyTally")

MOST = ("longest", "memory")
"""What is the greatest of all and not their sum."""


def together(tallies: Iterable[AnyTally]) -> AnyTally:
    """One tally of many: numbers added, the longest wait the longest of all."""
    first, *others = tallies
    total: Any = copy.deepcopy(first)
    for other in others:
        for one in fields(total):
            joined = _joined(one.name, getattr(total, one.name), getattr(other, one.name))
            setattr(total, one.name, joined)
    found: AnyTally = total
    return found


def _joined(name: str, one: Any, other: Any) -> Any:
    if name in MOST:
        return max(one, other)
    if not isinstance(one, dict):
        return one + other
    for key, value in other.items():
        one[key] = one[key] + value if key in one else value
    return one
