"""Signing in and out, the first page at work, one's own password."""

import contextlib
import datetime
import ipaddress
import math
import uuid
from collections.abc import Callable
from typing import NamedTuple

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianguan.engine.read.findings import Refused
from lianguan.journal.act import LOCAL
from lianguan.journal.actions import AlreadyDone
from lianguan.network import actions, forms, queries, setup, tries, unsent
from lianguan.network.forms import LONGEST_PASSWORD
from lianguan.network.known import has_deliveries
from lianguan.network.models import Staff
from lianguan.network.seats import AtWork, act_of, came_before, may, now, today

DONE = frozenset({"places_added", "staff_added", "appointed", "ended", "password_changed",
                  "deactivated", "activated", "renamed", "hub_founded_now"})  # fmt: skip
"""What a page may say that was done."""


def done(request: HttpRequest) -> str:
    """What was done just before; a code, "" for nothing."""
    said = request.GET.get("done", "")
    return said if said in DONE else ""


def went_to(name: str, said: str, **place: object) -> HttpResponse:
    """On to a page, which says what was done."""
    return redirect(f"{reverse(name, kwargs=place)}?done={said}")


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; of one that a web server on this machine passed on, what that
    says last."""
    came = str(request.META.get("REMOTE_ADDR", ""))
    passed = [one.strip() for one in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    with contextlib.suppress(ValueError):
        if passed[-1] and ipaddress.ip_address(came).is_loopback:
            return passed[-1]
    return came


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    wanted = _wanted(request)
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(wanted)
        return _signing(request, {})
    name = forms.line_of(request.POST, "sign_in")[:64]
    password = request.POST.get("password", "")[:LONGEST_PASSWORD]
    with tries.trying(name, address_of(request), now()) as locked:
        found = None if locked else authenticate(request, username=name, password=password)
    if locked:
        return _waiting(request, locked)
    if found is None:
        return _signing(request, {"error": "sign_in_failed"})
    tries.forget_tries(name, address_of(request), now())
    login(request, found)
    if fields := unsent.fields(request.POST.get("unsent", "")):
        return render(request, "network/send_again.html", {"fields": fields, "next": wanted})
    return redirect(wanted)


def _waiting(request: HttpRequest, locked: tries.Locked) -> HttpResponse:
    until = locked.until.astimezone(LOCAL)
    return _signing(request, {"wait": until, "minutes": _minutes(until), "locked": locked})


def _minutes(until: datetime.datetime) -> int:
    """How long it is until then, in whole minutes, at least one."""
    return max(1, math.ceil((until - now()).total_seconds() / 60))


def _wanted(request: HttpRequest) -> str:
    """The page to go on to: one of ours, whatever the address says."""
    said = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        said, allowed_hosts=None, require_https=request.is_secure()
    )
    return said if is_ours and said.startswith("/") else reverse("network:work")


def _signing(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    status = {"wait": 429, "error": 200}.get(next(iter(context), ""), 200)
    kept, name = request.POST.get("unsent", ""), request.POST.get("sign_in", "")[:64]
    said = {"next": _wanted(request), "name": name, "unsent": kept}
    return render(request, "network/sign_in.html", said | context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("network:sign_in")


@require_safe
@may("")
def work(request: AtWork) -> HttpResponse:
    """What somebody has to do with: their roles, and what comes next in the first hour."""
    context = {
        "me": queries.staff(request.seat.staff),
        "done": done(request),
        "next_step": next_step(request),
    }
    return render(request, "network/work.html", context)


class Step(NamedTuple):
    """What comes next in the first hour."""

    number: int
    why: str
    do: str
    address: str


def first_step(request: HttpRequest) -> Step | None:
    """What whoever meets an empty hub can do about it; None if that is for others."""
    if not queries.is_founded():
        can = setup.may_set_up(request)
        return Step(1, "begin_here", "offer_do", reverse("network:setup")) if can else None
    if not request.user.is_authenticated:
        return Step(0, "begin_signed_in", "sign_in", reverse("network:sign_in"))
    return _next_of(request.user.pk)


def next_step(request: AtWork) -> Step | None:
    """What comes next for whoever is at work; None where the first hour is over."""
    return _next_of(request.seat.staff)


def _next_of(staff: uuid.UUID) -> Step | None:
    """None where the first hour is over, or is not for those who hold these duties."""
    held = queries.duties(staff, today())
    if "manage_places" in held and not queries.has_libraries():
        return Step(2, "next_places", "next_places_do", reverse("network:places"))
    if "import" in held and not has_deliveries():
        return Step(3, "next_file", "next_file_do", _new_upload())
    return None


def _new_upload() -> str:
    """The page on which files are sent in; the front page where there is none."""
    try:
        return reverse("catalogue:new_upload")
    except NoReverseMatch:
        return reverse("discovery:home")


def _password_changed(request: AtWork) -> HttpResponse:
    """Sent twice, a new password comes once with a session that is over, since it ends all."""
    return went_to("network:work", "password_changed")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@may("", lead=_password_changed)
def password(request: AtWork) -> HttpResponse:
    """One's own password: the old one is asked for, so that nobody changes it at a desk that was
    left alone."""
    if request.method != "POST":
        return render(request, "network/password.html", {"filled": forms.Filled()})
    if came_before(request):
        return _password_changed(request)
    user = request.user
    if not isinstance(user, Staff):
        raise TypeError(type(user).__name__)
    filled = forms.new_password(request.POST, user.sign_in, user.name)
    filled.errors |= _wrong_password(request, user)
    if filled.is_well:
        changed(lambda: actions.change_password(
            act_of(request), staff=user.id, password=request.POST["password"]
        ))  # fmt: skip
        user.refresh_from_db()
        update_session_auth_hash(request, user)
        return _password_changed(request)
    return render(request, "network/password.html", {"filled": filled}, status=422)


def _wrong_password(request: AtWork, user: Staff) -> dict[str, str]:
    """Guesses at the old one are counted like those at the door."""
    old = request.POST.get("old", "")[:LONGEST_PASSWORD]
    with tries.trying(user.sign_in, address_of(request), now()) as locked:
        is_right = not locked and user.check_password(old)
    if locked:
        return {"old": "too_many_tries"}
    if not is_right:
        return {"old": "password_wrong"}
    tries.forget_tries(user.sign_in, address_of(request), now())
    return {}


def changed(action: Callable[[], object]) -> str:
    """Do it: the code of the refusal, "" where it was done, now or by the same form before."""
    try:
        action()
    except AlreadyDone:
        return ""
    except Refused as refused:
        return refused.code
    return ""


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the sign that it is ours: it lay open for too long, or is not ours."""
    return render(request, "network/form_too_old.html", status=403)
