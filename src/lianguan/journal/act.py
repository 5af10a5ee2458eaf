"""An act: who, where, when, on which machine. The first argument of everything that changes
anything."""

import datetime
import uuid
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from lianguan.journal.ids import new_id

LOCAL = ZoneInfo("Asia/Shanghai")
"""The one time of all places in China."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works at a place, in a role there."""

    id: uuid.UUID
    role: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What acts without a member of staff: a timer, the first setting up, whoever has the
    machine's command line."""

    id: str


Who = Staff | Rule
"""Readers, partners, devices and links act too, once there are any (`ARCHITECTURE.md`)."""


@dataclass(frozen=True, slots=True)
class Act:
    who: Who
    machine: str
    """The hub, or a device; each has a chain of lines of its own."""
    at: datetime.datetime
    """When, with a time zone."""
    place: uuid.UUID | None = None
    """Where; None for the hub as a whole."""
    id: uuid.UUID = field(default_factory=new_id)
    happened: bool = False
    """It has happened in the world already: objections become notes."""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("an act without a time zone")

    @property
    def day(self) -> datetime.date:
        """The day at the place."""
        return day_of(self.at)


def day_of(at: datetime.datetime) -> datetime.date:
    """The day at the places on which a moment falls."""
    return at.astimezone(LOCAL).date()
