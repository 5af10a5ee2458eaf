"""The pages: search and results, an entry, and what is told when something is not there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lianguan.discovery import queries
from lianguan.discovery.serials import is_serial, serial_held
from lianguan.engine.read.findings import Refused
from lianguan.engine.search.index import FACETS

LONGEST_QUERY = 200


def home(request: HttpRequest) -> HttpResponse:
    """The one box, and what is in the catalogue."""
    try:
        records, entries, works = queries.catalogue().size()
    except Refused as refused:
        return closed(request, refused)
    counts = {"records": records, "entries": entries, "works": works}
    members = queries.members()
    return render(request, "discovery/home.html", {"counts": counts, "members": members})


def search(request: HttpRequest) -> HttpResponse:
    """Results. Without words: everything, to look around in."""
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    chosen = {name: value for name in FACETS if (value := request.GET.get(name, ""))}
    page = _page(request.GET.get("page", ""))
    try:
        found = queries.found(query, chosen, page)
        names = queries.names()
    except Refused as refused:
        return closed(request, refused)
    last = min(-(-found.total // queries.ON_PAGE), queries.DEEPEST)
    context = {
        "query": query,
        "chosen": [(n, v, _link(request, n, "")) for n, v in chosen.items()],
        "found": found,
        "facets": [(n, _values(request, n, found.facets[n])) for n in FACETS],
        "names": names,
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


def entry(request: HttpRequest, address: str) -> HttpResponse:
    """An entry; other addresses of it lead to its canonical one."""
    try:
        canonical = queries.canonical(address.lower())
    except Refused as refused:
        return closed(request, refused)
    if canonical is None:
        return not_found(request)
    if canonical != address:
        return redirect("discovery:entry", address=canonical)
    shown = queries.entry(canonical)
    if shown is None:
        return render(request, "discovery/gone.html", {"address": address}, status=410)
    merged = shown.view.shown
    serial = serial_held(merged) if is_serial(merged) and merged.holdings else None
    context = {"page": shown, "names": queries.names(), "shown": merged, "serial": serial}
    return render(request, "discovery/entry.html", context)


def record(request: HttpRequest, library: str, number: str) -> HttpResponse:
    """The entry of a member's record."""
    try:
        return redirect("discovery:entry", address=queries.address_of(library, number))
    except Refused:
        return not_found(request)


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
    return render(request, "discovery/not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """What went wrong is in the server's log; nothing the reader did is lost."""
    return render(request, "discovery/broken.html", status=500)
