"""Pages for what could not be done: what happened, what is safe, what to do, a number to quote."""

import errno
import sys
from collections.abc import Iterator
from typing import NamedTuple

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianguan.discovery import views

FULL = ("database or disk is full", "disk I/O error")
"""What SQLite says when there is no room, or none for what it puts beside a database."""
LOOKED = {"safe": "nothing_changed", "do": "broken_do"}
SENT = {"safe": "", "do": "broken_do_sent"}
OFFERS_NOTHING: dict[str, object] = {"offers_setup": False}


class Told(NamedTuple):
    """How a page says why something was not done: codes of words.csv."""

    status: int
    title: str
    safe: str
    do: str


TOLD = {
    "host_wrong": Told(400, "host_wrong_title", "nothing_changed", "host_wrong_do"),
    "no_files_here": Told(400, "no_files_here_title", "nothing_changed", "no_files_here_do"),
    "too_slow": Told(408, "too_slow_title", "nothing_changed", "too_slow_do"),
    "too_much": Told(413, "too_much_title", "nothing_changed", "too_much_do"),
    "files_too_large": Told(413, "files_too_large_title", "nothing_changed", "files_too_large_do"),
    "busy_forms": Told(503, "busy_forms_title", "busy_forms_safe", "busy_forms_do"),
    "no_room": Told(503, "no_room_title", "no_room_safe", "no_room_do"),
}
"""What happened, a code of words.csv → the rest of its page."""


def told(request: HttpRequest, code: str) -> HttpResponse:
    """The page of what happened. Nothing is looked up for it, since that may be what went wrong."""
    said = TOLD[code]._asdict() | {"happened": code} | OFFERS_NOTHING
    response = render(request, "site/told.html", said, status=TOLD[code].status)
    response.headers["Cache-Control"] = "no-store"
    return response


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot have been meant so: another name for this site, or a form that is none."""
    if isinstance(exception, DisallowedHost):
        return told(request, "host_wrong")
    return views.not_understood(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """A full disk is said to be one; anything else is a fault of ours, and what went wrong follows
    in the server's log on the number that the reader is told. Whoever only looked has changed
    nothing; of what was sent nobody knows, and nothing is promised."""
    if is_full(sys.exception()):
        return told(request, "no_room")
    said = LOOKED if request.method in ("GET", "HEAD") else SENT
    return render(request, "site/broken.html", said | OFFERS_NOTHING, status=500)


def behind(error: BaseException | None) -> Iterator[BaseException]:
    """An exception, and those that it came of."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def is_full(error: BaseException | None) -> bool:
    """There was no room on the disk."""
    return any(_says_full(one) for one in behind(error))


def _says_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return any(said in str(error) for said in FULL)
