"""Signing in and out, the first page at work, one's own password."""

import contextlib
import datetime
import ipaddress
import math
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
from lianguan.journal import queries as journal
from lianguan.journal.act import LOCAL
from lianguan.journal.actions import AlreadyDone
from lianguan.network import actions, forms, queries, setup, tries
from lianguan.network.forms import LONGEST_PASSWORD
from lianguan.network.known import has_deliveries
from lianguan.network.models import Staff
from lianguan.network.seats import AtWork, act_of, may, now, today

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
    until = tries.begin_try(name, address_of(request), now())
    if until:
        return _signing(request, {"wait": until.astimezone(LOCAL), "minutes": _minutes(until)})
    password = request.POST.get("password", "")[:LONGEST_PASSWORD]
    found = authenticate(request, username=name, password=password)
    if found is None:
        return _signing(request, {"error": "sign_in_failed"})
    tries.forget_tries(name, address_of(request))
    login(request, found)
    return redirect(wanted)


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
    said = {"next": _wanted(request), "name": request.POST.get("sign_in", "")[:64]}
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
        "next_step": _next_step(queries.duties(request.seat.staff, today())),
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
    return _next_step(queries.duties(request.user.pk, today()))


def _next_step(held: frozenset[str]) -> Step | None:
    """None where the first hour is over, or is not for those who hold these duties."""
    if "manage_places" in held and not queries.has_libraries():
        return Step(2, "next_places", "next_places_do", reverse("network:places"))
    if "import" in held and not has_deliveries():
        return Step(3, "next_file", "next_file_do", _imports())
    return None


def _imports() -> str:
    """The page on which files are sent in; the front page where there is none."""
    try:
        return reverse("catalogue:imports")
    except NoReverseMatch:
        return reverse("discovery:home")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@may("")
def password(request: AtWork) -> HttpResponse:
    """One's own password: the old one is asked for, so that nobody changes it at a desk that was
    left alone."""
    if request.method != "POST":
        return render(request, "network/password.html", {"filled": forms.Filled()})
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
        return went_to("network:work", "password_changed")
    return render(request, "network/password.html", {"filled": filled}, status=422)


def _wrong_password(request: AtWork, user: Staff) -> dict[str, str]:
    """Guesses at the old one are counted like those at the door."""
    until = tries.begin_try(user.sign_in, address_of(request), now())
    if until:
        return {"old": "too_many_tries"}
    if not user.check_password(request.POST.get("old", "")[:LONGEST_PASSWORD]):
        return {"old": "password_wrong"}
    tries.forget_tries(user.sign_in, address_of(request))
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


def came_before(request: AtWork) -> bool:
    """This very form was sent before, and what it asks for is done: whoever presses a button twice
    is not told that everything is there already."""
    return journal.is_done(act_of(request).id)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the sign that it is ours: it lay open for too long, or is not ours."""
    return render(request, "network/form_too_old.html", status=403)
