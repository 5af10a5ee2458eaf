"""Pages on which cataloguers decide whether two records are one edition."""

from collections.abc import Callable, Collection
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lianguan.catalogue import judging, review
from lianguan.catalogue.matching import matching
from lianguan.catalogue.views import PAGE
from lianguan.engine.match.cluster import Pair, pair
from lianguan.engine.match.decide import DIFFERENT, SAME
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.beside import to_join, to_part
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.decisions import OPEN, WORK
from lianguan.journal.actions import AlreadyDone
from lianguan.network.queries import may_at_hub
from lianguan.network.seats import AtWork, act_of, may, today

LATER = "later"
BUTTONS = ((SAME, "s"), (WORK, "w"), (DIFFERENT, "d"), (LATER, "l"))
"""What can be said of a pair, each with its key."""

NO_CATALOGUE = ("nothing_loaded", "index_missing", "catalogue_old")


def _own(request: AtWork) -> Collection[str] | None:
    """The libraries for which somebody decides; None: for all, as whoever administers the hub
    does."""
    everywhere = may_at_hub(request.seat.staff, "decide", today())
    return None if everywhere else request.seat.libraries


def _two(request: AtWork) -> Pair:
    said = request.POST if request.method == "POST" else request.GET
    return said.get("left", "").strip(), said.get("right", "").strip()


def _pair_page(two: Pair) -> str:
    said = urlencode({"left": two[0], "right": two[1]})
    return f"{reverse('catalogue:review_pair')}?{said}"


def _status(refused: Refused | None) -> int:
    if refused is None:
        return 200
    return 403 if refused.code == "not_your_records" else 422


def _done(act: Callable[[], None]) -> Refused | None:
    """Do it; why it was not done, if it was not. What was done before is done."""
    try:
        act()
    except AlreadyDone:
        pass
    except Refused as refused:
        return refused
    return None


@require_safe
@may("decide")
def health_of_matching(request: AtWork) -> HttpResponse:
    """What a cataloguer should look at beside the doubtful pairs."""
    context: dict[str, object] = {"names": review.library_names()}
    try:
        shown = matching()
        context |= {"shown": shown, "is_counting": shown is None}
    except Refused as said:
        if said.code not in NO_CATALOGUE:
            raise
        context["closed"] = said.code
    return render(request, "catalogue/matching.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may("decide")
def queue(request: AtWork) -> HttpResponse:
    """One doubtful pair, and four buttons."""
    refused = None
    if request.method == "POST":
        two = _two(request)
        refused = _done(lambda: _say(request, two, asked=True))
        if refused is None:
            is_undone = request.POST.get("do") == OPEN
            return redirect(_pair_page(two) if is_undone else reverse("catalogue:review"))
    context: dict[str, object] = {"refused": refused, "buttons": BUTTONS, "most": review.MOST_A_DAY}
    try:
        context["queue"] = review.queue(request.seat.staff, _own(request), today())
    except Refused as said:
        if said.code not in NO_CATALOGUE:
            raise
        context["closed"] = said.code
    context["names"] = review.library_names()
    return render(request, "catalogue/review.html", context, status=_status(refused))


def _say(request: AtWork, two: Pair, *, asked: bool = False) -> None:
    """Do what the button says. Raises Refused and AlreadyDone."""
    said, act = request.POST.get("do", ""), act_of(request)
    if not all(two):
        raise Refused("record_unknown")
    judging.check_own([two], _own(request))
    if said == LATER:
        judging.put_off(act, two=two)
        return
    seen = request.POST.get("seen", "")
    judging.judge(act, pairs=[two], said=said, seen=seen, asked=asked)


@require_http_methods(["GET", "HEAD", "POST"])
@may("decide")
def two_records(request: AtWork) -> HttpResponse:
    """Any two records beside each other: why they do or do not stand together."""
    two, refused, shown = _two(request), None, None
    if request.method == "POST":
        refused = _done(lambda: _say(request, two))
        if refused is None:
            return redirect(_pair_page(pair(*two)))
    if all(two):
        try:
            shown = review.two_records(*two, _own(request))
        except Refused as said:
            refused = refused or said
    context = {
        "shown": shown,
        "left": two[0],
        "right": two[1],
        "refused": refused,
        "buttons": BUTTONS[:3],
        "names": review.library_names(),
    }
    return render(request, "catalogue/review_pair.html", context, status=_status(refused))


@require_http_methods(["GET", "HEAD", "POST"])
@may("decide")
def decided(request: AtWork) -> HttpResponse:
    """Who decided what and when; each decision can be taken back."""
    refused = None
    if request.method == "POST":
        two = _two(request)
        refused = _done(lambda: _say(request, two))
        if refused is None:
            return redirect("catalogue:review_decided")
    before = request.GET.get("before", "")
    lines = review.decided(_own(request), before)
    older = lines[-1].number if len(lines) == review.ON_PAGE else ""
    context = {"lines": lines, "older": older, "refused": refused, "names": review.library_names()}
    return render(request, "catalogue/review_decided.html", context, status=_status(refused))


@require_http_methods(["GET", "HEAD", "POST"])
@may("decide")
def entry(request: AtWork, address: str) -> HttpResponse:
    """The records of an entry: one is parted from the others, another entry is joined."""
    refused, own = None, _own(request)
    if request.method == "POST":
        refused = _done(lambda: _by_hand(request, own))
        if refused is None:
            return redirect(f"{request.path}?done={request.POST.get('do', '')}")
    said = PAGE.fullmatch(request.GET.get("page", "1"))
    shown = _entry(address, own, int(said[0]) if said else 1)
    context = {
        "entry": shown,
        "earlier": f"?page={shown.page - 1}" if shown.page > 1 else "",
        "later": f"?page={shown.page + 1}" if shown.page < shown.last else "",
        "refused": refused,
        "done": request.GET.get("done", ""),
        "names": review.library_names(),
    }
    return render(request, "catalogue/review_entry.html", context, status=_status(refused))


def _entry(address: str, own: Collection[str] | None, page: int) -> review.EntryShown:
    try:
        shown = review.entry(address, own, page)
    except Refused as refused:
        raise Http404 from refused
    if shown is None:
        raise Http404
    return shown


def _by_hand(request: AtWork, own: Collection[str] | None) -> None:
    """Part a record of an entry from the others, or join another entry. Raises Refused."""
    record = request.POST.get("record", "")
    with UnionCatalogue(settings.DATA) as opened:
        if request.POST.get("do") == "part":
            pairs, said = to_part(opened, record), DIFFERENT
        else:
            other = review.meant(request.POST.get("other", ""), own)
            pairs, said = to_join(opened, record, other), SAME
    judging.check_own(pairs, own)
    judging.judge(act_of(request), pairs=pairs, said=said)
