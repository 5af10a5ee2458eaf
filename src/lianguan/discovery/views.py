"""The pages: search and results, an entry, and what is told when something is not there."""

import functools
import hashlib
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import parse_etags

from lianguan.discovery import queries
from lianguan.discovery.covers import picture_of
from lianguan.discovery.facets import Asked, chips, facets_of
from lianguan.discovery.serials import is_serial, serial_held
from lianguan.engine.read.findings import Refused
from lianguan.engine.search.index import FACETS
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.network.known import has_deliveries
from lianguan.network.views import first_step

LONGEST_QUERY = 200
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def of_one_moment(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that shows the catalogue as it was when it was asked for. Whatever is published
    before it is made, nothing on it contradicts the rest. Whoever has it as it is now is told so,
    and it is not made."""

    @functools.wraps(page)
    def answered(request: HttpRequest, **said: str) -> HttpResponse:
        try:
            opened = queries.catalogue()
        except Refused as refused:
            return closed(request, refused)
        try:
            tag = _tag(request, opened)
            if tag and tag in parse_etags(request.headers.get("If-None-Match", "")):
                return _kept(HttpResponse(status=304), tag)
            return _kept(page(request, opened, **said), tag)
        finally:
            opened.rest()

    return answered


def _tag(request: HttpRequest, opened: UnionCatalogue) -> str:
    """What tells one state of a page from another; "" for one that is not to be kept, since it
    also remembers what its reader chose."""
    made_by = getattr(request, "page_form", "")
    if not made_by:
        return ""
    said = f"{made_by} {queries.state(opened)}"
    return f'W/"{hashlib.sha256(said.encode()).hexdigest()[:20]}"'


def _kept(response: HttpResponse, tag: str) -> HttpResponse:
    """What is the same for everybody may be kept, if it is asked each time whether it is still
    so."""
    is_for_one = response.has_header("Cache-Control")
    if tag and not is_for_one and response.status_code in (200, 304):
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = "no-cache"
    return response


@of_one_moment
def home(request: HttpRequest, opened: UnionCatalogue) -> HttpResponse:
    """The one box, what is new, who takes part, and the figures that matter."""
    if queries.is_empty(opened):
        return empty(request)
    page = queries.home(opened)
    context = {"page": page, "names": {one.code: one.name for one in page.members}}
    return render(request, "discovery/home.html", context)


@of_one_moment
def search(request: HttpRequest, opened: UnionCatalogue) -> HttpResponse:
    """Results. Without words: everything, to look around in."""
    if queries.is_empty(opened):
        return empty(request)
    asked = _asked(request)
    page = _page(request.GET.get("page", ""))
    found = queries.found(opened, asked.query, asked.chosen, page)
    last = min(-(-found.total // queries.ON_PAGE), queries.DEEPEST)
    worded = queries.worded(opened, getattr(request, "language", "zh"))
    context = {
        "query": asked.query,
        "chosen": chips(asked, worded),
        "without": asked.with_(**dict.fromkeys(FACETS, "")),
        "found": found,
        "results": queries.results(opened, found),
        "facets": facets_of(found, asked, worded),
        "names": queries.names(opened),
        "page": page,
        "last": last,
        "earlier": asked.with_(page=str(page - 1)) if page > 1 else "",
        "later": asked.with_(page=str(page + 1)) if page < last else "",
    }
    return render(request, "discovery/results.html", context)


def _asked(request: HttpRequest) -> Asked:
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    chosen = {name: value for name in FACETS if (value := request.GET.get(name, ""))}
    return Asked(query, chosen, reverse("discovery:search"))


def _page(said: str) -> int:
    page = int(said) if said.isdecimal() and len(said) < 6 else 1
    return min(max(page, 1), queries.DEEPEST)


@of_one_moment
def entry(request: HttpRequest, opened: UnionCatalogue, address: str) -> HttpResponse:
    """An entry; other addresses of it lead to its canonical one."""
    canonical = opened.canonical(address.lower())
    if canonical is None:
        return not_found(request)
    if canonical != address:
        return redirect("discovery:entry", address=canonical)
    shown = queries.entry(opened, canonical)
    if shown is None:
        return render(request, "discovery/gone.html", {"address": address}, status=410)
    merged = shown.view.shown
    serial = serial_held(merged) if is_serial(merged) and merged.holdings else None
    context = {
        "page": shown,
        "names": queries.names(opened),
        "shown": merged,
        "serial": serial,
        "whole_address": request.build_absolute_uri(request.path),
        "picture": picture_of(shown.cover),
        "whole_picture": request.build_absolute_uri(static(picture_of(shown.cover))),
    }
    return render(request, "discovery/entry.html", context)


@of_one_moment
def member(request: HttpRequest, opened: UnionCatalogue, code: str) -> HttpResponse:
    """What a member takes part with."""
    shown = queries.member(opened, code)
    if shown is None:
        return not_found(request)
    asked = Asked("", {"library": code}, reverse("discovery:search"))
    worded = queries.worded(opened, getattr(request, "language", "zh"))
    facets = [one for one in facets_of(shown.found, asked, worded) if one.name != "library"]
    context = {"page": shown, "member": shown.member, "facets": facets}
    return render(request, "discovery/member.html", context)


def tips(request: HttpRequest) -> HttpResponse:
    """How to search."""
    return render(request, "discovery/tips.html")


def about(request: HttpRequest) -> HttpResponse:
    """What this is, and where its figures come from."""
    return render(request, "discovery/about.html")


@of_one_moment
def record(request: HttpRequest, opened: UnionCatalogue, library: str, number: str) -> HttpResponse:
    """The entry of a member's record; of one that is gone, what there is of its entry."""
    try:
        address = opened.address_of(f"{library}:{number}")
    except Refused:
        former = opened.address_once(library, number)
        if former is None:
            return not_found(request)
        address = former
    return redirect("discovery:entry", address=address)


def health(request: HttpRequest) -> HttpResponse:
    """Is everything well, as far as it is anybody's business? For no search engine."""
    found = queries.health()
    context = {"found": found, "is_well": found.agrees and found.has_room}
    response = render(request, "discovery/health.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def closed(request: HttpRequest, refused: Refused) -> HttpResponse:
    """There is no catalogue to look at: nothing was loaded, or it is being brought up to date."""
    if refused.code == "nothing_loaded":
        return empty(request)
    return render(request, "discovery/closed.html", {"code": refused.code}, status=503)


def empty(request: HttpRequest) -> HttpResponse:
    """There are no records at all: why, and the one thing that whoever looks can do about it."""
    is_loading = has_deliveries()
    step = None if is_loading else first_step(request)
    context = {"happened": "empty_loading" if is_loading else "empty", "step": step}
    response = render(request, "discovery/empty.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "site/not_found.html", status=404)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that is not as browsers make them here, or more than is taken at once."""
    is_too_much = isinstance(exception, TOO_MUCH)
    code, status = ("too_much", 413) if is_too_much else ("not_understood", 400)
    return render(request, f"site/{code}.html", status=status)
