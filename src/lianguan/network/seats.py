"""Who is at work: what a view that people sign in for is given, and what every page knows of it."""

import datetime
import functools
import json
import uuid
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from lianguan.journal.act import Act, Staff, day_of
from lianguan.journal.actions import AlreadyDone
from lianguan.journal.ids import new_id
from lianguan.journal.queries import is_done
from lianguan.network import queries
from lianguan.network.queries import Seat
from lianguan.network.roles import who_may
from lianguan.network.unsent import SIGN, unsent


class AtWork(HttpRequest):
    """A request of somebody who signed in and may do what they came to do."""

    seat: Seat


Page = Callable[..., HttpResponse]
"""A view for staff: of an AtWork, and what its address says."""


class Way(NamedTuple):
    """A page that staff go to from the bar."""

    url: str
    code: str
    """A line of words.csv."""
    duty: str
    """Who has it sees the way; "" for everybody at work."""


_ways: list[Way] = []


def register(url: str, code: str, duty: str) -> None:
    """Put a page into the bar of those whom it concerns. Called by a package when it is ready."""
    way = Way(url, code, duty)
    if way not in _ways:
        _ways.append(way)


def may(duty: str, lead: Page | None = None) -> Callable[[Page], Page]:
    """A view for those who have a duty ("" for everybody at work). Others are asked to sign in, or
    told who may. A form that is sent twice is done once, and the second leads to where the first
    did: `lead` answers it, else the first page at work."""

    def guarded(page: Page) -> Page:
        @functools.wraps(page)
        def answered(request: AtWork, /, **said: uuid.UUID) -> HttpResponse:
            if not request.user.is_authenticated:
                if lead and came_before(request):
                    return _keeps_session(request, lead(request, **said))
                return _to_sign_in(request)
            seat = queries.seat(request.user.pk, duty, today())
            if seat is None:
                return forbidden(request, duty)
            request.seat = seat
            try:
                return _private(page(request, **said))
            except AlreadyDone:
                return lead(request, **said) if lead else redirect("network:work")

        answered.duty = duty  # type: ignore[attr-defined]  # for whoever lists the rights
        return answered

    return guarded


def stands_on(name: str, *of: str) -> Callable[[Page], Page]:
    """A view for forms that stand on another page: whoever asks for its address, to read its answer
    in another language or larger print, gets that page. `of`: what it takes of the address."""

    def guarded(page: Page) -> Page:
        @functools.wraps(page)
        def answered(request: AtWork, /, **said: uuid.UUID) -> HttpResponse:
            if request.method == "POST":
                return page(request, **said)
            return redirect(reverse(name, kwargs={one: said[one] for one in of}))

        return answered

    return guarded


def came_before(request: HttpRequest) -> bool:
    """This very form was sent before, with all that it says, and what it asks for is done: whoever
    presses a button twice is not told that everything is there already."""
    return is_done(act_id(request))


def _keeps_session(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A form that came twice may name a session that its first coming ended, for another that the
    browser has by now: the cookie of that one stays."""
    request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    """Nobody who uses the machine next finds the page in its browser."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """After that the page that was asked for; what somebody wrote in a form is sent again."""
    wanted = request.get_full_path()
    if said := unsent(request):
        context = {"next": wanted, "unsent": said}
        return _private(render(request, "network/sign_in.html", context, status=403))
    return redirect(f"{reverse('network:sign_in')}?{urlencode({'next': wanted})}")


def forbidden(request: HttpRequest, duty: str) -> HttpResponse:
    """Not for this person; who may is said."""
    context = {"duty": f"duty_{duty or 'work'}", "roles": [f"role_{one}" for one in who_may(duty)]}
    return _private(render(request, "network/forbidden.html", context, status=403))


def today() -> datetime.date:
    """The day at the places."""
    return day_of(now())


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def act_of(request: AtWork) -> Act:
    """The act of whoever sent a form. The form has an id for it, so that a form sent twice is one
    act; one that was changed before it was sent again is another."""
    seat, founded = request.seat, queries.hub()
    if founded is None:
        raise RuntimeError("somebody is at work and there is no hub")
    machine = str(founded.id)
    return Act(Staff(seat.staff, seat.role), machine, now(), seat.place, act_id(request))


def act_id(request: HttpRequest) -> uuid.UUID:
    """Made of the id that the form brought, and of all that it says. The former is random and kept
    nowhere, so nobody finds out from an act what was said with it, be it a password."""
    try:
        brought = uuid.UUID(request.POST.get("act", ""))
    except ValueError:
        return new_id()
    return uuid.uuid5(brought, json.dumps([request.path, *_said(request)]))


def _said(request: HttpRequest) -> list[tuple[str, list[str]]]:
    """All that a form says but the sign that it is ours; of its files what they are called and how
    long they are."""
    texts = [(name, said) for name, said in request.POST.lists() if name != SIGN]
    files = [(name, [f"{one.name} {one.size}" for one in request.FILES.getlist(name)])
             for name in request.FILES]  # fmt: skip
    return sorted(texts + files)


def pages(request: HttpRequest) -> dict[str, object]:
    """What templates know of who is at work. Nothing is looked up for a page that does not ask."""
    return {
        "staff": SimpleLazyObject(lambda: _at_work(request)),
        "staff_nav": SimpleLazyObject(lambda: _nav(request)),
        "at_work": reverse("network:work"),
        "sign_out": reverse("network:sign_out"),
        "here": request.path,
        "new_act": new_id,
    }


class AtDesk(NamedTuple):
    """Who is signed in, as the bar says it."""

    name: str
    place: str


def _at_work(request: HttpRequest) -> AtDesk | None:
    seat = _any_seat(request)
    if seat is not None:
        return AtDesk(seat.name, seat.place_name)
    user = getattr(request, "user", None)
    return AtDesk(user.name, "") if user is not None and user.is_authenticated else None


def _any_seat(request: HttpRequest) -> Seat | None:
    seat: Seat | None = getattr(request, "seat", None)
    user = getattr(request, "user", None)
    if seat is None and user is not None and user.is_authenticated:
        return queries.seat(user.pk, "", today())
    return seat


def _nav(request: HttpRequest) -> list[tuple[str, str]]:
    """(address, code of its words) of the pages that concern who is at work."""
    seat = _any_seat(request)
    if seat is None:
        return []
    held = queries.duties(seat.staff, today())
    return [(_url(way.url), way.code) for way in _ways if not way.duty or way.duty in held]


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
