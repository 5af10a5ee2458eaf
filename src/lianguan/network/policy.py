"""Who may do what at which place."""

import datetime
import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from lianguan.network.roles import BY_CODE


class Appointed(NamedTuple):
    """Somebody's role at a place."""

    role: str
    place: uuid.UUID
    since: datetime.date
    until: datetime.date | None
    """The day from which it holds no more; None while it has no end."""


def holds(one: Appointed, duty: str, day: datetime.date) -> bool:
    """An appointment in force on a day that comes with a duty; with "" one that is in force."""
    is_in_force = one.since <= day and (one.until is None or day < one.until)
    return is_in_force and (not duty or duty in BY_CODE[one.role].duties)


def may(
    appointments: Iterable[Appointed],
    duty: str,
    at: Collection[uuid.UUID],
    day: datetime.date,
) -> bool:
    """Somebody may do a thing at a place by an appointment there or at a place above it. `at`: the
    place and all above it."""
    return any(one.place in at and holds(one, duty, day) for one in appointments)


def may_manage(
    appointments: Sequence[Appointed],
    theirs: Sequence[Collection[uuid.UUID]],
    day: datetime.date,
) -> bool:
    """Somebody manages the staff at every place where another has, or had, a role: else who manages
    one library could make a new password for who manages the hub. `theirs`: each of these places
    with all above it. Whoever never had a role is managed by nobody but the command line."""
    return bool(theirs) and all(may(appointments, "manage_staff", at, day) for at in theirs)


def duties(appointments: Iterable[Appointed]) -> frozenset[str]:
    """Everything that these come with."""
    return frozenset().union(*(BY_CODE[one.role].duties for one in appointments))
