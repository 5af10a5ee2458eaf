"""The pages: search and results, an entry, and what is told when something is not there."""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lianguan.discovery import queries
from lianguan.discovery.serials import is_serial, serial_held
from lianguan.engine.read.findings import Refused
from lianguan.engine.search.index import FACETS
from lianguan.engine.union.catalogue import UnionCatalogue

LONGEST_QUERY = 200


def of_one_moment(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that shows the catalogue as it was when it was asked for. Whatever is published
    before it is made, nothing on it contradicts the rest."""

    @functools.wraps(page)
    def answered(request: HttpRequest, **said: str) -> HttpResponse:
        try:
            opened = queries.catalogue()
        except Refused as refused:
            return closed(request, refused)
        try:
            return page(request, opened, **said)
        finally:
            opened.rest()

    return answered


@of_one_moment
def home(request: HttpRequest, opened: UnionCatalogue) -> HttpResponse:
    """The one box, and what is in the catalogue."""
    records, entries, works = opened.size()
    counts = {"records": records, "entries": entries, "works": works}
    members = queries.members(opened)
    return render(request, "discovery/home.html", {"counts": counts, "members": members})


@of_one_moment
def search(request: HttpRequest, opened: UnionCatalogue) -> HttpResponse:
    """Results. Without words: everything, to look around in."""
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    chosen = {name: value for name in FACETS if (value := request.GET.get(name, ""))}
    page = _page(request.GET.get("page", ""))
    found = queries.found(opened, query, chosen, page)
    last = min(-(-found.total // queries.ON_PAGE), queries.DEEPEST)
    context = {
        "query": query,
        "chosen": [(n, v, _link(request, n, "")) for n, v in chosen.items()],
        "found": found,
        "facets": [(n, _values(request, n, found.facets[n])) for n in FACETS],
        "names": queries.names(opened),
        "page": page,
        "last": last,
        "earlier": _link(request, "page", str(page - 1)) if page > 1 else "",
        "later": _link(request, "page", str(page + 1)) if page < last else "",
    }
    return render(request, "discovery/results.html", context)


def _page(said: str) -> int:
    page = int(said) if said.isdecimal() and len(said) < 6 else 1
    return min(max(page, 1), queries.DEEPEST)


def _link(request: HttpRequest, name: str, value: str) -> str:
    """The same search with one thing changed; a page number does not survive a narrowing."""
    asked = request.GET.copy()
    asked.pop("lang", None)
    asked.pop("page", None)
    asked.pop(name, None)
    if value:
        asked[name] = value
    return f"{reverse('discovery:search')}?{asked.urlencode()}"


def _values(
    request: HttpRequest, name: str, values: list[tuple[str, int]]
) -> list[tuple[str, int, str]]:
    """(value, entries, link) of a facet; years the latest first."""
    ordered = sorted(values, reverse=True) if name == "year" else values
    return [(value, count, _link(request, name, value)) for value, count in ordered]


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
    context = {"page": shown, "names": queries.names(opened), "shown": merged, "serial": serial}
    return render(request, "discovery/entry.html", context)


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
        return render(request, "discovery/empty.html")
    return render(request, "discovery/closed.html", {"code": refused.code}, status=503)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "site/not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """What went wrong is in the server's log; nothing the reader did is lost."""
    return render(request, "site/broken.html", status=500)
