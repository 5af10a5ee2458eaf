"""Pages on which staff send files, see what came of them, and take them back."""

import csv
import io
import re
import uuid
from collections.abc import Collection
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lianguan.catalogue import actions, queries
from lianguan.catalogue.forms import columns_named, files_of, kind_of
from lianguan.engine.read.findings import Refused
from lianguan.engine.sentences import sentence
from lianguan.engine.union.sources import number_of
from lianguan.journal.actions import AlreadyDone
from lianguan.network.queries import Seat, duties, seat
from lianguan.network.seats import AtWork, act_of, may, today
from lianguan.transitions.lifecycle import NotAllowed

DELIVERY = re.compile(r"[0-9]+-[0-9TZ]+")
"""How the id of a delivery looks."""
PAGE = re.compile(r"[1-9][0-9]{0,5}")


@require_safe
@may("see_imports")
def imports(request: AtWork) -> HttpResponse:
    """What waits for a yes, and the latest deliveries."""
    before = request.GET.get("before", "")
    number = number_of(before) if DELIVERY.fullmatch(before) else 0
    latest = queries.latest(request.seat.libraries, number)
    context = {
        "open": [] if number else queries.uploads_of(request.seat.libraries),
        "latest": latest,
        "older": latest[-1].id if len(latest) == queries.ON_PAGE else "",
        "names": queries.names(),
        "senders": _libraries_for(request, "import"),
    }
    return render(request, "catalogue/imports.html", context)


def _libraries_for(request: AtWork, duty: str) -> tuple[str, ...]:
    """The libraries for which whoever looks at the page may do something else than look."""
    found = seat(request.seat.staff, duty, today())
    return found.libraries if found else ()


def _to_imports(request: HttpRequest) -> HttpResponse:
    return redirect("catalogue:imports")


@require_http_methods(["GET", "HEAD", "POST"])
@may("import", lead=_to_imports)
def new_upload(request: AtWork) -> HttpResponse:
    """Files chosen, and what they are."""
    context: dict[str, object] = {"libraries": _named(request.seat.libraries), "kind": "upsert"}
    if request.method == "POST":
        library = request.POST.get("library", "")
        if library not in request.seat.libraries:
            raise Http404
        context |= {"library": library, "kind": kind_of(request)}
        try:
            return redirect("catalogue:upload", upload=_staged(request, library))
        except Refused as refused:
            context["refused"] = refused
    status = 422 if "refused" in context else 200
    return render(request, "catalogue/new_upload.html", context, status=status)


def _staged(request: AtWork, library: str) -> uuid.UUID:
    files, size = files_of(request)
    act = act_of(request)
    return actions.stage(act, library=library, kind=kind_of(request), files=files, size=size)


FORMATS_SAID = ("cnmarc", "unimarc", "marc21", "csv", "excel")
ENCODINGS_SAID = ("utf-8", "gb18030", "marc-8", "big5")
"""What people have needed to say of a file that was taken for something else."""


@require_http_methods(["GET", "HEAD", "POST"])
@may("import")
def upload(request: AtWork, upload: uuid.UUID) -> HttpResponse:
    """Files looked at before anything is changed."""
    one = _own_upload(request.seat, upload)
    if one.delivery:
        return redirect("catalogue:delivery", delivery=one.delivery)
    refused = None
    if request.method == "POST":
        try:
            return _pressed(request, one)
        except Refused as said:
            refused = said
        except (NotAllowed, AlreadyDone):  # by somebody else, or twice, at this very moment
            return redirect("catalogue:upload", upload=one.id)
    previews = queries.previews(one.id)
    context = {
        "one": one,
        "name": queries.names().get(one.library, one.library),
        "previews": previews,
        "can_be_read": any(not file.refused for file in previews),
        "choices": queries.column_choices(),
        "formats": FORMATS_SAID,
        "encodings": ENCODINGS_SAID,
        "refused": refused,
    }
    return render(request, "catalogue/upload.html", context, status=422 if refused else 200)


def _pressed(request: AtWork, one: queries.Waiting) -> HttpResponse:
    """Do what the button says. Raises Refused."""
    button, act = request.POST.get("do", ""), act_of(request)
    if button not in one.actions:
        raise Refused("button_late")
    if button == "send":
        may_delete = request.POST.get("may_delete") == "yes"
        sent = actions.send(act, upload=one.id, may_delete=may_delete)
        return redirect("catalogue:delivery", delivery=sent)
    if button == "drop":
        actions.drop(act, upload=one.id)
        return redirect("catalogue:imports")
    if button == "describe":
        said = columns_named(request, queries.previews(one.id), one.said.get("columns", ""))
        actions.describe(act, upload=one.id, said=said)
    else:
        actions.ask_rehearsal(act, upload=one.id)
    return redirect("catalogue:upload", upload=one.id)


def _own_upload(seat: Seat, upload: uuid.UUID) -> queries.Waiting:
    """The upload, if it is of a library that somebody may act for."""
    try:
        one = queries.upload(upload)
    except Refused as refused:
        raise Http404 from refused
    if one.library not in seat.libraries or one.state == "dropped":
        raise Http404
    return one


def _own(seat: Seat, delivery: str) -> queries.Report:
    try:
        report = queries.report(delivery)
    except (Refused, ValueError) as error:
        raise Http404 from error
    if report.sent.library not in seat.libraries:
        raise Http404
    return report


@require_safe
@may("see_imports")
def delivery(request: AtWork, delivery: str) -> HttpResponse:
    """What came of a delivery, or how far it is."""
    report = _own(request.seat, delivery)
    page = PAGE.fullmatch(request.GET.get("page", "1"))
    shown = report.aside_on(int(page[0]) if page else 1)
    context = {
        "report": report,
        "sent": report.sent,
        "names": queries.names(),
        "shown": shown,
        "takers_back": _libraries_for(request, "withdraw"),
    }
    return render(request, "catalogue/delivery.html", context)


@require_safe
@may("see_imports")
def progress(request: AtWork, delivery: str) -> HttpResponse:
    """How far it is, alone: what a page that is open asks for again and again."""
    report = _own(request.seat, delivery)
    response = render(request, "catalogue/_progress.html", {"report": report, "sent": report.sent})
    if not report.is_moving:
        response.headers["HX-Refresh"] = "true"
    return response


@require_safe
@may("see_imports")
def set_aside_list(request: AtWork, delivery: str) -> HttpResponse:
    """What was set aside, as a table: file, place, reason."""
    report = _own(request.seat, delivery)
    language = getattr(request, "language", "zh")
    said = io.StringIO()
    rows = csv.writer(said)
    rows.writerow([sentence(f"set_aside_{name}", language) for name in HEADINGS])
    for one in report.aside:
        reason = sentence(one.reason, language)
        rows.writerow([_safe(one.file), one.offset, one.length, reason, _safe(one.detail)])
    return _download(
        BYTE_ORDER_MARK + said.getvalue(), "text/csv; charset=utf-8", f"{delivery}.csv"
    )


BYTE_ORDER_MARK = "\ufeff"
"""By which spreadsheets know that a text is UTF-8."""

HEADINGS = ("file", "offset", "length", "reason", "detail")


def _safe(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@require_safe
@may("see_imports")
def set_aside_bytes(request: AtWork, delivery: str) -> HttpResponse:
    """The bytes of what was set aside, to be mended and sent again."""
    sent = _own(request.seat, delivery).sent
    said = queries.bytes_set_aside(delivery)
    kind = max((Path(file.name).suffix.lower() for file in sent.files), default="")
    name = f"{delivery}-set-aside{kind if SUFFIX.fullmatch(kind) else '.mrc'}"
    return _download(said, "application/octet-stream", name)


SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")


def _download(said: str | bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(said, content_type=content_type, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@may("withdraw")
def withdraw(request: AtWork, delivery: str) -> HttpResponse:
    """A delivery taken back, after it was said what that means."""
    report, refused = _own(request.seat, delivery), None
    if request.method == "POST":
        try:
            actions.withdraw(act_of(request), delivery=delivery)
            return redirect("catalogue:delivery", delivery=delivery)
        except Refused as said:
            refused = said
    context = {"sent": report.sent, "names": queries.names(), "refused": refused}
    return render(request, "catalogue/withdraw.html", context, status=422 if refused else 200)


@require_safe
@may("see_imports")
def members(request: AtWork) -> HttpResponse:
    """The members that somebody looks after, and when each last sent something."""
    context = {"members": queries.members(request.seat.libraries)}
    return render(request, "catalogue/members.html", context)


@require_safe
@may("see_imports")
def member(request: AtWork, library: str) -> HttpResponse:
    """How a member's files are read, its terms, and what it sent."""
    if library not in request.seat.libraries:
        raise Http404
    context = {
        "member": queries.member(library),
        "latest": queries.latest([library]),
        "names": queries.names(),
    }
    return render(request, "catalogue/member.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may("see_health")
def health(request: AtWork) -> HttpResponse:
    """What was found when everything was looked at last, and a button to have it looked at."""
    if request.method == "POST":
        actions.ask_examination()
        return redirect("catalogue:health")
    context = {
        "last": queries.examination(),
        "is_examining": queries.is_examining(),
        "may_decide": "decide" in duties(request.seat.staff, today()),
    }
    return render(request, "catalogue/health.html", context)


def _named(libraries: Collection[str]) -> list[tuple[str, str]]:
    names = queries.names()
    return [(code, names.get(code, code)) for code in libraries]
