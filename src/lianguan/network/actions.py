"""All that is written about places, staff and roles. Each takes an act, and leaves a line for
everything that it changes."""

import contextlib
import datetime
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db import IntegrityError

from lianguan.engine.read.findings import Refused
from lianguan.journal.act import Act, Rule
from lianguan.journal.actions import Lines, acting
from lianguan.journal.ids import new_id
from lianguan.network import queries
from lianguan.network.kinds import HUB, UNDER
from lianguan.network.models import Appointment, Place, Staff
from lianguan.network.pasted import Listed
from lianguan.network.roles import BY_CODE

ADMINISTRATOR = "administrator"
HUB_CODE = "HUB"


@dataclass(frozen=True, slots=True)
class NewStaff:
    """Somebody who is to work here."""

    sign_in: str
    name: str
    password: str


@contextlib.contextmanager
def _judged(act: Act, otherwise: str) -> Iterator[Lines]:
    """An act whose last judge is a constraint of the database: where somebody was quicker, it is
    refused with a code."""
    try:
        with acting(act) as lines:
            yield lines
    except IntegrityError as error:
        raise Refused(otherwise) from error


def found_hub(act: Act, *, hub: uuid.UUID, name: str, administrator: NewStaff) -> uuid.UUID:
    """The hub, and who administers it; gives the id of the latter. `act.machine` is the id of the
    hub as text. Raises Refused("hub_founded")."""
    with _judged(act, "hub_founded") as lines:
        if Place.objects.filter(kind=HUB).exists():
            raise Refused("hub_founded")
        Place.objects.create(id=hub, path=f"{hub.hex}/", kind=HUB, code=HUB_CODE, name=name)
        lines.add("found", "place", hub, kind=HUB, code=HUB_CODE)
        return add_with_role(act, new=administrator, place=hub, role=ADMINISTRATOR)


def add_with_role(act: Act, *, new: NewStaff, place: uuid.UUID, role: str) -> uuid.UUID:
    """Somebody new, appointed from today. Refuses what `add_staff` and `appoint` refuse."""
    with acting(act):
        staff = add_staff(act, new=new)
        appoint(act, staff=staff, place=place, role=role, since=act.day)
    return staff


def add_places(
    act: Act, *, under: uuid.UUID, places: Sequence[Listed], with_records: Collection[str]
) -> list[uuid.UUID]:
    """Places under one that is there and at any depth of it; those to which others belong come
    first. All or none. `with_records`: codes of libraries whose records are there; who gives one
    to a place lets those who work there withdraw them, so that is for the hub. Raises Refused:
    "place_unknown", "parent_elsewhere", "list_has_mistakes", "kind_misplaced", "code_taken",
    "code_has_records"."""
    if any(one.errors for one in places):
        raise Refused("list_has_mistakes")
    made = []
    with _judged(act, "code_taken") as lines:
        _refuse_records_of_others(act, places, with_records)
        top, over = _place_of(under), {row.code: row for row in Place.objects.all()}
        for one in places:
            row = _add_place(one, over, top)
            over[row.code] = row
            lines.add("add", "place", row.id, kind=row.kind, code=row.code, parent=row.parent_id)
            made.append(row.id)
    return made


def _refuse_records_of_others(
    act: Act, places: Sequence[Listed], with_records: Collection[str]
) -> None:
    if isinstance(act.who, Rule) or queries.may_at_hub(act.who.id, "manage_places", act.day):
        return
    theirs = {code.casefold() for code in with_records}
    for one in places:
        if one.code.casefold() in theirs:
            raise Refused("code_has_records", one.code)


def _add_place(one: Listed, over: dict[str, Place], top: Place) -> Place:
    parent = over.get(one.parent)
    if parent is None:
        raise Refused("place_unknown", one.parent)
    if not parent.path.startswith(top.path):
        raise Refused("parent_elsewhere", one.parent)
    if parent.kind not in UNDER[one.kind]:
        raise Refused("kind_misplaced", one.name)
    place_id = new_id()
    return Place.objects.create(
        id=place_id,
        parent=parent,
        path=f"{parent.path}{place_id.hex}/",
        kind=one.kind,
        code=one.code,
        name=one.name,
        name_bo=one.name_bo,
        name_en=one.name_en,
    )


def _place_of(place_id: uuid.UUID) -> Place:
    row = Place.objects.filter(id=place_id).first()
    if row is None:
        raise Refused("place_unknown")
    return row


def change_names(act: Act, *, place: uuid.UUID, name: str, name_bo: str, name_en: str) -> None:
    """What a place is called. Its code stays: records and lines know it by that."""
    with acting(act) as lines:
        row = _place_of(place)
        if (row.name, row.name_bo, row.name_en) == (name, name_bo, name_en):
            return
        row.name, row.name_bo, row.name_en = name, name_bo, name_en
        row.save(update_fields=["name", "name_bo", "name_en"])
        lines.add("rename", "place", row.id, code=row.code)


def add_staff(act: Act, *, new: NewStaff) -> uuid.UUID:
    """Somebody who may sign in, and do nothing until they are appointed. Raises
    Refused("sign_in_taken")."""
    row = Staff(sign_in=new.sign_in.strip().casefold(), name=new.name)
    row.set_password(new.password)
    with _judged(act, "sign_in_taken") as lines:
        if Staff.objects.filter(sign_in=row.sign_in).exists():
            raise Refused("sign_in_taken")
        row.save(force_insert=True)
        lines.add("add", "staff", row.id)
    return row.id


def appoint(
    act: Act, *, staff: uuid.UUID, place: uuid.UUID, role: str, since: datetime.date
) -> uuid.UUID:
    """A role at a place. Raises Refused: "role_unknown", "staff_unknown", "place_unknown",
    "appointed_already"."""
    if role not in BY_CODE:
        raise Refused("role_unknown", role)
    with _judged(act, "appointed_already") as lines:
        row = Appointment(staff=_staff(staff), place=_place_of(place), role=role, since=since)
        if Appointment.objects.filter(staff=staff, place=place, role=role, until=None).exists():
            raise Refused("appointed_already")
        row.save(force_insert=True)
        lines.add(
            "appoint", "appointment", row.id, staff=staff, place=place, role=role, since=since
        )
    return row.id


def _staff(staff_id: uuid.UUID) -> Staff:
    row = Staff.objects.filter(id=staff_id).first()
    if row is None:
        raise Refused("staff_unknown")
    return row


def end_appointment(act: Act, *, appointment: uuid.UUID, until: datetime.date) -> None:
    """From a day on the role is held no more. One that has ended stays as it is. Raises Refused:
    "appointment_unknown", "last_administrator"."""
    with acting(act) as lines:
        row = Appointment.objects.filter(id=appointment).first()
        if row is None:
            raise Refused("appointment_unknown")
        if row.until is not None:
            return
        row.until = max(until, row.since)
        row.save(update_fields=["until"])
        _refuse_without_administrator()
        lines.add("end", "appointment", row.id, staff=row.staff_id, role=row.role, until=row.until)


def change_password(act: Act, *, staff: uuid.UUID, password: str) -> None:
    """A new password; whoever is signed in with the old one is out. Raises
    Refused("staff_unknown")."""
    row = _staff(staff)
    row.set_password(password)
    with acting(act) as lines:
        Staff.objects.filter(id=staff).update(password=row.password)
        lines.add("change_password", "staff", staff)


def let_in_again(act: Act, *, staff: uuid.UUID, password: str) -> None:
    """A new password for somebody who may have been shut out: the way back from the machine."""
    with acting(act):
        change_password(act, staff=staff, password=password)
        activate(act, staff=staff)


def deactivate(act: Act, *, staff: uuid.UUID) -> None:
    """Somebody signs in no more, and is out at once. Raises Refused: "staff_unknown",
    "last_administrator"."""
    _set_active(act, staff, is_active=False)


def activate(act: Act, *, staff: uuid.UUID) -> None:
    """Somebody who was shut out may sign in again. Raises Refused("staff_unknown")."""
    _set_active(act, staff, is_active=True)


def _set_active(act: Act, staff: uuid.UUID, *, is_active: bool) -> None:
    with acting(act) as lines:
        row = _staff(staff)
        if row.is_active == is_active:
            return
        row.is_active = is_active
        row.save(update_fields=["is_active"])
        _refuse_without_administrator()
        lines.add("activate" if is_active else "deactivate", "staff", staff)


def _refuse_without_administrator() -> None:
    """Somebody who can sign in administers the hub, whatever else is changed. Of two who take the
    last two away at once one waits for the other."""
    Place.objects.select_for_update().filter(kind=HUB).first()
    left = Appointment.objects.filter(
        role=ADMINISTRATOR, place__kind=HUB, until=None, staff__is_active=True
    )
    if not left.exists():
        raise Refused("last_administrator")
