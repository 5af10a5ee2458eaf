"""The front page of a hub that nobody has set up yet."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianguan.discovery.views import home as public_home
from lianguan.network import queries, setup
from lianguan.network.known import has_deliveries

_founded = set[str]()
"""The databases that have a hub, known once it is so: a hub is never closed again."""


def home(request: HttpRequest) -> HttpResponse:
    """The public's front page; where nothing was loaded and no hub founded, the setting up, for
    whoever may do it."""
    if not is_founded() and not has_deliveries() and setup.may_set_up(request, ""):
        return redirect("network:setup")
    return public_home(request)


def is_founded() -> bool:
    """Asked for by every front page, and so looked up only until it is so."""
    database = str(connection.settings_dict["NAME"])
    if database not in _founded and queries.is_founded():
        _founded.add(database)
    return database in _founded


def pages(request: HttpRequest) -> dict[str, object]:
    """What the public's pages offer to who sits at a machine that is not set up."""
    return {"offers_setup": lambda: offers_setup(request)}


def offers_setup(request: HttpRequest) -> bool:
    """To whoever may found the hub, while there is none; but on the page where it is founded."""
    is_there = request.path == reverse("network:setup")
    return not is_founded() and not is_there and setup.may_set_up(request, "")
