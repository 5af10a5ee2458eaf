"""Pages for what could not be done: what happened, what is safe, what to do, a number to quote."""

import errno
import sys
from collections.abc import Iterator
from http import HTTPStatus

from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianguan.discovery import views

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
FULL = ("database or disk is full", "disk I/O error")
"""What SQLite says when there is no room, or none for what it puts beside a database."""


def told(request: HttpRequest, code: str, status: int) -> HttpResponse:
    """The page of a code: its words are in words.csv as CODE_title, CODE, CODE_safe and CODE_do.
    Nothing is looked up for it, since that may be what went wrong."""
    said = {name: f"{code}_{name}" for name in ("title", "safe", "do")}
    context = {**said, "happened": code, "offers_setup": False}
    response = render(request, "site/told.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What cannot have been meant so: another name for this site, or a form that is none."""
    if isinstance(exception, TOO_MUCH):
        return told(request, "form_too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    code = "host_wrong" if isinstance(exception, DisallowedHost) else "form_unread"
    return told(request, code, HTTPStatus.BAD_REQUEST)


def broken(request: HttpRequest) -> HttpResponse:
    """A full disk is said to be one; anything else is a fault of ours."""
    if is_full(sys.exception()):
        return told(request, "no_room", HTTPStatus.SERVICE_UNAVAILABLE)
    return views.broken(request)


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
