"""What is taken of what people send: forms everywhere, files where files are asked for and of
those who may send them. All else is told before it takes room."""

import tempfile
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.urls import reverse

from lianguan.engine.read.findings import Refused
from lianguan.engine.union.room import FREE_FOR_BUILD, check_room
from lianguan.network import queries
from lianguan.network.seats import forbidden, today
from lianguan.site.arriving import REFUSED, CutOff, TooSlow, length_of
from lianguan.site.errors import TOO_MUCH, behind, is_full, told

TAKES_FILES = frozenset({"catalogue:new_upload"})
"""Pages to which files are sent."""

LARGEST_FORM = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
LARGEST_FILES = 4 << 30
"""Bytes sent at once: more than a browser brings over in one piece on most lines. A larger export
is sent as ZIP or in parts, or loaded at the machine, where any size goes."""
TWICE = 2
"""A file stands twice on the disk while it is put where it is kept."""

STATUS = {
    "form_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "files_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "no_files_here": HTTPStatus.BAD_REQUEST,
    "form_unread": HTTPStatus.BAD_REQUEST,
    "too_slow": HTTPStatus.REQUEST_TIMEOUT,
    "busy_forms": HTTPStatus.SERVICE_UNAVAILABLE,
    "no_room": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Why something was not taken, a code of words.csv, and how a page says it."""


class NoFiles(FileUploadHandler):
    """For every page that does not ask for files."""

    def new_file(self, *args: Any, **more: Any) -> None:
        raise Refused("no_files_here")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        raise Refused("no_files_here")

    def file_complete(self, file_size: int) -> None:
        raise Refused("no_files_here")


class Files(FileUploadHandler):
    """Files that are let in. They stand beside the data without a name, and are gone with whoever
    had them open."""

    def new_file(self, *args: Any, **more: Any) -> None:
        super().new_file(*args, **more)
        self.file = tempfile.TemporaryFile(dir=settings.DATA)  # noqa: SIM115 - the page closes it

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        self.file.seek(0)
        return UploadedFile(self.file, self.file_name, self.content_type, file_size)


class Taking:
    """Reads what a form says, or tells why not. Stands before all that looks into forms."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        match = request.resolver_match
        if request.method != "POST" or match is None:
            return None
        if match.view_name in TAKES_FILES:
            stopped = _stopped(request, getattr(match.func, "duty", ""))
            if stopped:
                return stopped
        try:
            _check(request, takes_files=match.view_name in TAKES_FILES)
            _read(request)
        except Refused as refused:
            code = "no_room" if refused.code == "disk_full" else refused.code
            return told(request, code, STATUS[code])
        return None


def _stopped(request: HttpRequest, duty: str) -> HttpResponse | None:
    """Nobody's files are taken but of those who may send them."""
    user = request.user
    if not user.is_authenticated:
        return redirect(f"{reverse('network:sign_in')}?{urlencode({'next': request.path})}")
    if queries.seat(user.pk, duty, today()) is None:
        return forbidden(request, duty)
    return None


def _check(request: HttpRequest, *, takes_files: bool) -> None:
    """Raises Refused for what is not even begun to be read."""
    size = length_of(request.META)
    if REFUSED in request.META:
        raise Refused("busy_forms")
    if not takes_files and size > LARGEST_FORM:
        raise Refused("form_too_large")
    if size > LARGEST_FILES:
        raise Refused("files_too_large")
    if takes_files:
        check_room(settings.DATA, TWICE * size + FREE_FOR_BUILD)
        request.upload_handlers = [Files(request)]


def _read(request: HttpRequest) -> None:
    """Raises Refused for what could not be read or kept."""
    try:
        request.POST.keys()
    except TOO_MUCH as error:
        raise Refused("form_too_large", str(error)) from error
    except (BadRequest, MultiPartParserError, SuspiciousOperation) as error:
        raise Refused("form_unread", str(error)) from error
    except OSError as error:
        raise Refused(_why(error), str(error)) from error


def _why(error: OSError) -> str:
    """The code for what went wrong as a form was read. Raises what is a fault."""
    if is_full(error):
        return "no_room"
    if any(isinstance(one, TooSlow | CutOff) for one in behind(error)):
        return "too_slow"
    raise error
