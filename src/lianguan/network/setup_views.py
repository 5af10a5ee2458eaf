"""The first hour: an empty hub asks for its name and for whoever is to administer it. What comes
after (places, the first file) are the pages of everyday, which say what is next; so a setting up
that was left half way goes on wherever it was left."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lianguan.journal.act import Act, Rule
from lianguan.journal.ids import new_id
from lianguan.network import actions, forms, queries, setup
from lianguan.network.models import Staff
from lianguan.network.pasted import LONGEST_NAME
from lianguan.network.seats import now
from lianguan.network.views import changed, went_to

FOUNDING = Rule("founding")


@never_cache
@sensitive_post_parameters("password", "again", "word")
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """The name of the hub and its administrator, who is signed in at once."""
    if queries.is_founded():
        return redirect("network:work" if request.user.is_authenticated else "network:sign_in")
    word = request.POST.get("word") or request.GET.get("word", "")
    if not setup.may_set_up(request, word):
        return _closed(request, word)
    if request.method != "POST":
        return _form(request, forms.Filled(), word)
    filled = _filled(request)
    if filled.is_well and _found(request, filled):
        return went_to("network:places", "hub_founded_now")
    return _form(request, filled, word)


def _filled(request: HttpRequest) -> forms.Filled:
    filled = forms.person(request.POST)
    hub = filled.said["hub"] = forms.line_of(request.POST, "hub")
    if not hub:
        filled.errors["hub"] = "name_missing"
    elif len(hub) > LONGEST_NAME:
        filled.errors["hub"] = "name_too_long"
    return filled


def _found(request: HttpRequest, filled: forms.Filled) -> bool:
    """Found the hub and sign its administrator in. Of two who do it at once one is refused."""
    hub = new_id()
    act = Act(FOUNDING, str(hub), now(), hub)
    new = forms.new_staff(filled, request.POST)
    refused = changed(
        lambda: actions.found_hub(act, hub=hub, name=filled.said["hub"], administrator=new)
    )
    if refused:
        filled.errors["hub"] = refused
        return False
    row = Staff.objects.get_by_natural_key(new.sign_in)
    login(request, row, backend="django.contrib.auth.backends.ModelBackend")
    return True


def _form(request: HttpRequest, filled: forms.Filled, word: str) -> HttpResponse:
    context = {"filled": filled, "word": word}
    return render(request, "network/setup.html", context, status=200 if filled.is_well else 422)


def _closed(request: HttpRequest, word: str) -> HttpResponse:
    """Not for anybody: how it is done is said, and the word asked for where there is one."""
    context = {"has_word": bool(setup.word()), "is_wrong": bool(word)}
    return render(request, "network/setup_closed.html", context, status=403)
