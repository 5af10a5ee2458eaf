"""Places: the tree, lists of new ones, what they are called."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from lianguan.network import actions, forms, queries
from lianguan.network.kinds import IN_A_LIST, LIBRARY, ROOM
from lianguan.network.known import as_list, call, codes, codes_by_name
from lianguan.network.pasted import LONGEST, Listed, Standing, read_list
from lianguan.network.queries import PlaceShown
from lianguan.network.seats import AtWork, act_of, came_before, forbidden, may, stands_on, today
from lianguan.network.views import changed, done, next_step, went_to


@require_safe
@may("see_places")
def places(request: AtWork) -> HttpResponse:
    """The tree of all places, and where somebody may add to it a list to paste."""
    return _places(request, {})


@require_http_methods(["GET", "HEAD", "POST"])
@may("manage_places")
@stands_on("network:places")
def check(request: AtWork) -> HttpResponse:
    """A list as it was understood, to be confirmed or corrected. Nothing is changed."""
    under = _under(request)
    if under is None:
        return forbidden(request, "manage_places")
    listed = _listed(request, under)
    return _confirm(request, under, listed)


@require_http_methods(["GET", "HEAD", "POST"])
@may("manage_places")
@stands_on("network:places")
def add(request: AtWork) -> HttpResponse:
    """A confirmed list becomes places; one with mistakes comes back with all that it says."""
    under = _under(request)
    if under is None:
        return forbidden(request, "manage_places")
    if came_before(request):
        return went_to("network:places", "places_added")
    listed = _listed(request, under)
    if not listed or any(one.errors for one in listed):
        return _confirm(request, under, listed)
    refused = changed(
        lambda: actions.add_places(
            act_of(request), under=under.id, places=listed, with_records=codes()
        )
    )
    if refused:
        return _confirm(request, under, listed, refused)
    for one in listed:
        if one.kind == LIBRARY:
            call(one.code, one.name)
    return went_to("network:places", "places_added")


@require_http_methods(["GET", "HEAD", "POST"])
@may("manage_places")
def place(request: AtWork, place: uuid.UUID) -> HttpResponse:
    """What one place is called."""
    shown = queries.place(place)
    if shown is None:
        raise Http404
    if not queries.may_at(request.seat.staff, "manage_places", place, today()):
        return forbidden(request, "manage_places")
    if request.method != "POST":
        said = {"name": shown.name, "name_bo": shown.name_bo, "name_en": shown.name_en}
        return _place(request, shown, forms.Filled(said))
    filled = forms.names(request.POST)
    if filled.is_well:
        changed(lambda: actions.change_names(act_of(request), place=place, **filled.said))
        if shown.kind == LIBRARY:
            call(shown.code, filled.said["name"])
        return went_to("network:places", "renamed")
    return _place(request, shown, filled)


def _place(request: AtWork, shown: PlaceShown, filled: forms.Filled) -> HttpResponse:
    context = {"place": shown, "filled": filled}
    return render(request, "network/place.html", context, status=200 if filled.is_well else 422)


def _under(request: AtWork) -> PlaceShown | None:
    """The place that a list is put under, if the one who sent it manages it."""
    try:
        found = queries.place(uuid.UUID(request.POST.get("under", "")))
    except ValueError:
        return None
    if found and queries.may_at(request.seat.staff, "manage_places", found.id, today()):
        return found
    return None


def _listed(request: AtWork, under: PlaceShown) -> list[Listed]:
    """The list with the kinds and codes that were chosen for its lines; nothing of one that is too
    long to be looked through."""
    text = request.POST.get("list", "")
    if text.count("\n") > LONGEST:
        return []
    chosen: dict[int, tuple[str, str]] = {}
    for number in range(1, text.count("\n") + 2):
        said = tuple(forms.line_of(request.POST, f"{name}_{number}") for name in ("kind", "code"))
        if any(said):
            chosen[number] = (said[0], said[1])
    standing = [_standing(one, under) for one in queries.places()]
    known, withheld = (codes_by_name(), []) if _is_at_hub(request) else ({}, codes())
    return read_list(text, _standing(under, under), standing, known, chosen, withheld)


def _is_at_hub(request: AtWork) -> bool:
    """Who manages the places of the hub sets up those whose records are there already; nobody else
    comes by another's records by giving its code to a place."""
    return queries.may_at_hub(request.seat.staff, "manage_places", today())


def _standing(one: PlaceShown, under: PlaceShown) -> Standing:
    """A place, open to a list that is put under another if it is that or stands under it."""
    return Standing(one.code, one.name, one.kind, under.id in one.above)


def _places(request: AtWork, context: dict[str, object], status: int = 200) -> HttpResponse:
    mine = queries.places_for(request.seat.staff, "manage_places", today())
    said = {
        "places": queries.places(),
        "managed": {one.id for one in mine},
        "mine": [one for one in mine if one.kind != ROOM],
        "done": done(request),
        "next_step": next_step(request),
        "text": as_list() if not queries.has_libraries() and _is_at_hub(request) else "",
    }
    return render(request, "network/places.html", said | context, status=status)


def _confirm(
    request: AtWork, under: PlaceShown, listed: list[Listed], refused: str = ""
) -> HttpResponse:
    text = request.POST.get("list", "")
    if not listed:
        refused = "list_too_long" if text.strip() else "list_empty"
    wrong = sum(1 for one in listed if one.errors)
    context = {
        "under": under,
        "listed": listed,
        "text": text,
        "kinds": IN_A_LIST,
        "wrong": wrong,
        "refused": refused,
    }
    status = 422 if wrong or refused else 200
    return render(request, "network/confirm.html", context, status=status)
