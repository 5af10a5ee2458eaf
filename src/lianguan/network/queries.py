"""What is known of places, staff and their roles, for others."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import DatabaseError

from lianguan.network import policy
from lianguan.network.kinds import HUB, LIBRARY
from lianguan.network.models import Appointment, Place, Staff
from lianguan.network.policy import Appointed
from lianguan.network.roles import ROLES


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """A place, to be shown."""

    id: uuid.UUID
    code: str
    kind: str
    name: str
    name_bo: str
    name_en: str
    depth: int
    above: tuple[uuid.UUID, ...]
    """Its own id and those of all above it, the highest first."""


@dataclass(frozen=True, slots=True)
class AppointmentShown:
    """Somebody's role at a place, to be shown."""

    id: uuid.UUID
    role: str
    place: PlaceShown
    since: datetime.date
    until: datetime.date | None


@dataclass(frozen=True, slots=True)
class StaffShown:
    """Somebody who works here, to be shown."""

    id: uuid.UUID
    sign_in: str
    name: str
    is_active: bool
    appointments: tuple[AppointmentShown, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody at work: in which role, at which place, for which libraries."""

    staff: uuid.UUID
    name: str
    role: str
    place: uuid.UUID
    place_name: str
    libraries: tuple[str, ...]
    """Codes of the libraries for which they may do what they came to do."""


def hub() -> PlaceShown | None:
    """The hub; None while none is founded."""
    row = Place.objects.filter(kind=HUB).first()
    return _place(row) if row else None


def is_founded() -> bool:
    """A hub is there; no, too, where the database is not there yet."""
    try:
        return Place.objects.filter(kind=HUB).exists()
    except DatabaseError:
        return False


def places() -> list[PlaceShown]:
    """All places, each after the one that it belongs to."""
    return [_place(row) for row in Place.objects.order_by("path")]


def place(place_id: uuid.UUID) -> PlaceShown | None:
    row = Place.objects.filter(id=place_id).first()
    return _place(row) if row else None


def _place(row: Place) -> PlaceShown:
    above = tuple(row.above)
    names = (row.name, row.name_bo, row.name_en)
    return PlaceShown(row.id, row.code, row.kind, *names, len(above) - 1, above)


def has_libraries() -> bool:
    return Place.objects.filter(kind=LIBRARY).exists()


def staff(staff_id: uuid.UUID) -> StaffShown | None:
    row = Staff.objects.filter(id=staff_id).first()
    return _staff([row])[0] if row else None


def staff_by_sign_in(sign_in: str) -> StaffShown | None:
    row = Staff.objects.filter(sign_in=sign_in.strip().casefold()).first()
    return _staff([row])[0] if row else None


def all_staff() -> list[StaffShown]:
    return _staff(Staff.objects.order_by("-is_active", "sign_in"))


def _staff(rows: Iterable[Staff]) -> list[StaffShown]:
    kept = list(rows)
    theirs: dict[uuid.UUID, list[AppointmentShown]] = {row.id: [] for row in kept}
    found = Appointment.objects.filter(staff__in=theirs).select_related("place")
    for row in found.order_by("since", "id"):
        shown = AppointmentShown(row.id, row.role, _place(row.place), row.since, row.until)
        theirs[row.staff_id].append(shown)
    return [
        StaffShown(row.id, row.sign_in, row.name, row.is_active, tuple(theirs[row.id]))
        for row in kept
    ]


def appointed(staff_id: uuid.UUID) -> list[Appointed]:
    """What somebody who may sign in was appointed to, for `policy`."""
    rows = Appointment.objects.filter(staff=staff_id, staff__is_active=True)
    return [Appointed(row.role, row.place_id, row.since, row.until) for row in rows]


def may_at(staff_id: uuid.UUID, duty: str, place_id: uuid.UUID, day: datetime.date) -> bool:
    """Somebody may do a thing at a place."""
    at = place(place_id)
    return at is not None and policy.may(appointed(staff_id), duty, at.above, day)


def may_at_hub(staff_id: uuid.UUID, duty: str, day: datetime.date) -> bool:
    """Somebody may do a thing at the hub, and so at every place."""
    top = hub()
    return top is not None and may_at(staff_id, duty, top.id, day)


def places_for(staff_id: uuid.UUID, duty: str, day: datetime.date) -> list[PlaceShown]:
    """The places at which somebody may do a thing."""
    mine = appointed(staff_id)
    return [one for one in places() if policy.may(mine, duty, one.above, day)]


def staff_for(staff_id: uuid.UUID, duty: str, day: datetime.date) -> list[StaffShown]:
    """Those who have, or had, a role at a place at which somebody may do a thing."""
    mine = appointed(staff_id)
    return [one for one in all_staff() if _is_concerned(mine, duty, one, day)]


def is_concerned(staff_id: uuid.UUID, duty: str, other: StaffShown, day: datetime.date) -> bool:
    """Another is one of those."""
    return _is_concerned(appointed(staff_id), duty, other, day)


def _is_concerned(
    mine: Sequence[Appointed], duty: str, other: StaffShown, day: datetime.date
) -> bool:
    return any(policy.may(mine, duty, one.place.above, day) for one in other.appointments)


def may_manage(staff_id: uuid.UUID, other: StaffShown, day: datetime.date) -> bool:
    """Somebody may change another's password or shut them out: only where they manage the staff of
    every place at which the other has, or had, a role."""
    theirs = [one.place.above for one in other.appointments]
    return policy.may_manage(appointed(staff_id), theirs, day)


def seat(staff_id: uuid.UUID, duty: str, day: datetime.date) -> Seat | None:
    """Somebody come to do a thing ("" for being at work at all); None if they may not. Of several
    appointments that allow it the one at the highest place is named."""
    rows = [row for row in _open(staff_id) if policy.holds(_as_appointed(row), duty, day)]
    if not rows:
        return None
    order = [role.code for role in ROLES]
    rows.sort(key=lambda row: (len(row.place.path), order.index(row.role), row.id))
    first = rows[0]
    return Seat(
        first.staff_id,
        first.staff.name,
        first.role,
        first.place_id,
        first.place.name,
        _libraries([row.place for row in rows]),
    )


def _open(staff_id: uuid.UUID) -> Iterable[Appointment]:
    found = Appointment.objects.filter(staff=staff_id, staff__is_active=True)
    return found.select_related("place", "staff")


def _as_appointed(row: Appointment) -> Appointed:
    return Appointed(row.role, row.place_id, row.since, row.until)


def duties(staff_id: uuid.UUID, day: datetime.date) -> frozenset[str]:
    """Everything that somebody may do somewhere."""
    held = [one for one in appointed(staff_id) if policy.holds(one, "", day)]
    return policy.duties(held)


def _libraries(at: Iterable[Place]) -> tuple[str, ...]:
    """Codes of the libraries at these places and under them."""
    paths = tuple(one.path for one in at)
    rows = Place.objects.filter(kind=LIBRARY).order_by("path").values_list("code", "path")
    return tuple(code for code, path in rows if path.startswith(paths))
