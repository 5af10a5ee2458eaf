"""Staff: who works where in which role; new people, ended roles, lost passwords."""

import uuid
from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from lianguan.journal.act import Act
from lianguan.network import actions, forms, queries
from lianguan.network.queries import StaffShown
from lianguan.network.roles import ROLES
from lianguan.network.seats import AtWork, act_of, came_before, forbidden, may, stands_on, today
from lianguan.network.views import changed, done, went_to

DUTY = "manage_staff"


@require_safe
@may(DUTY)
def staff(request: AtWork) -> HttpResponse:
    """Those who work at the places whose staff one manages, and a form for somebody new."""
    return _staff(request, forms.Filled())


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@may(DUTY)
@stands_on("network:staff")
def add(request: AtWork) -> HttpResponse:
    """Somebody new with a first role, at once: nobody is there without a place."""
    filled, role = forms.person(request.POST), forms.role_at(request.POST)
    filled.said |= role.said
    filled.errors |= role.errors
    if filled.is_well and not _manages(request, role.said["place"]):
        return forbidden(request, DUTY)
    if came_before(request):
        return went_to("network:staff", "staff_added")
    if filled.is_well:
        refused = changed(lambda: _add(act_of(request), request, filled))
        if not refused:
            return went_to("network:staff", "staff_added")
        filled.errors["sign_in"] = refused
    return _staff(request, filled)


def _add(act: Act, request: AtWork, filled: forms.Filled) -> None:
    actions.add_with_role(
        act,
        new=forms.new_staff(filled, request.POST),
        place=uuid.UUID(filled.said["place"]),
        role=filled.said["role"],
    )


@require_safe
@may(DUTY)
def one(request: AtWork, staff: uuid.UUID) -> HttpResponse:
    return _one(request, _shown(request, staff), forms.Filled())


@require_http_methods(["GET", "HEAD", "POST"])
@may(DUTY)
@stands_on("network:one_staff", "staff")
def appoint(request: AtWork, staff: uuid.UUID) -> HttpResponse:
    """A further role, at a place whose staff one manages."""
    shown, filled = _shown(request, staff), forms.role_at(request.POST)
    if not filled.is_well:
        return _one(request, shown, filled)
    if not _manages(request, filled.said["place"]):
        return forbidden(request, DUTY)
    if came_before(request):
        return went_to("network:one_staff", "appointed", staff=staff)
    refused = changed(
        lambda: actions.appoint(
            act_of(request),
            staff=staff,
            place=uuid.UUID(filled.said["place"]),
            role=filled.said["role"],
            since=today(),
        )
    )
    if refused:
        filled.errors["role"] = refused
        return _one(request, shown, filled)
    return went_to("network:one_staff", "appointed", staff=staff)


@require_http_methods(["GET", "HEAD", "POST"])
@may(DUTY)
@stands_on("network:one_staff", "staff")
def end(request: AtWork, staff: uuid.UUID, appointment: uuid.UUID) -> HttpResponse:
    """A role is held no more, from now on."""
    shown = _shown(request, staff)
    place = next((a.place.id for a in shown.appointments if a.id == appointment), None)
    if place is None:
        raise Http404
    if not _manages(request, str(place)):
        return forbidden(request, DUTY)
    refused = changed(
        lambda: actions.end_appointment(act_of(request), appointment=appointment, until=today())
    )
    return _told(request, shown, refused, "ended")


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@may(DUTY)
@stands_on("network:one_staff", "staff")
def password(request: AtWork, staff: uuid.UUID) -> HttpResponse:
    """A new password for somebody else, who forgot theirs. One's own is changed by whoever knows
    the old one, so not here."""
    if staff == request.seat.staff:
        return redirect("network:password")
    shown = _shown(request, staff)
    if not queries.may_manage(request.seat.staff, shown, today()):
        return forbidden(request, DUTY)
    filled = forms.new_password(request.POST, shown.sign_in, shown.name)
    if not filled.is_well:
        return _one(request, shown, filled)
    refused = changed(
        lambda: actions.change_password(
            act_of(request), staff=staff, password=request.POST["password"]
        )
    )
    return _told(request, shown, refused, "password_changed")


@require_http_methods(["GET", "HEAD", "POST"])
@may(DUTY)
@stands_on("network:one_staff", "staff")
def deactivate(request: AtWork, staff: uuid.UUID) -> HttpResponse:
    return _set_active(request, staff, actions.deactivate, "deactivated")


@require_http_methods(["GET", "HEAD", "POST"])
@may(DUTY)
@stands_on("network:one_staff", "staff")
def activate(request: AtWork, staff: uuid.UUID) -> HttpResponse:
    return _set_active(request, staff, actions.activate, "activated")


def _set_active(
    request: AtWork, staff: uuid.UUID, action: Callable[..., None], said: str
) -> HttpResponse:
    shown = _shown(request, staff)
    if not queries.may_manage(request.seat.staff, shown, today()):
        return forbidden(request, DUTY)
    return _told(request, shown, changed(lambda: action(act_of(request), staff=staff)), said)


def _told(request: AtWork, shown: StaffShown, refused: str, said: str) -> HttpResponse:
    if refused:
        return _one(request, shown, forms.Filled(errors={"all": refused}))
    return went_to("network:one_staff", said, staff=shown.id)


def _manages(request: AtWork, place: str) -> bool:
    return queries.may_at(request.seat.staff, DUTY, uuid.UUID(place), today())


def _shown(request: AtWork, staff_id: uuid.UUID) -> StaffShown:
    """Somebody who has, or had, a role where one manages the staff; others are not there."""
    shown = queries.staff(staff_id)
    if shown is None or not queries.is_concerned(request.seat.staff, DUTY, shown, today()):
        raise Http404
    return shown


def _choices(request: AtWork) -> dict[str, object]:
    """Roles, and places at which one may give them."""
    mine = queries.places_for(request.seat.staff, DUTY, today())
    return {"roles": [role.code for role in ROLES], "mine": mine}


def _staff(request: AtWork, filled: forms.Filled) -> HttpResponse:
    shown = queries.staff_for(request.seat.staff, DUTY, today())
    context = {"all_staff": shown, "filled": filled, "done": done(request)} | _choices(request)
    return render(request, "network/staff.html", context, status=200 if filled.is_well else 422)


def _one(request: AtWork, shown: StaffShown, filled: forms.Filled) -> HttpResponse:
    manages = queries.may_manage(request.seat.staff, shown, today())
    context = {"one": shown, "filled": filled, "done": done(request), "manages": manages}
    context |= {"is_me": shown.id == request.seat.staff}
    status = 200 if filled.is_well else 422
    return render(request, "network/one_staff.html", context | _choices(request), status=status)
