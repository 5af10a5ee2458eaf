"""What every page has in common: how its reader wants it, and what it may load."""

import hashlib
import logging
import secrets
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

import lianguan
from lianguan.site.first import offers_setup
from lianguan.site.kept import digest

Answer = Callable[[HttpRequest], HttpResponse]

LANGUAGES = {"zh": "zh-Hans", "en": "en"}
CHOICES = {"lang": ("zh", "en"), "theme": ("system", "light", "dark"), "print": ("normal", "large")}
"""What a reader may choose by a link (?theme=dark), the usual first; remembered for a year."""
COOKIES = {"lang": "language", "theme": "theme", "print": "print"}
YEAR = 365 * 24 * 3600

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

POLICY_AT_WORK = f"{POLICY}; script-src 'self'; connect-src 'self'"
"""A script may save a reload there; it comes with us, and no page holds one itself."""
AT_WORK = "/staff/"


TEXTS = ("text/", "application/json", "image/svg+xml")


class Packed(GZipMiddleware):
    """What is text is sent packed; fonts and pictures are packed already. It is packed as it is
    sent: a page of 15 ms takes 0.5 more, and the style sheet 2 ms once for each reader, which is
    not worth a file that must be made anew with each change of it."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith(TEXTS):
            return response
        packed: HttpResponseBase = super().process_response(request, response)
        return packed


def policy(answer: Answer) -> Answer:
    """Pages load nothing from elsewhere, and those of the public run no script."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        said = POLICY_AT_WORK if request.path.startswith(AT_WORK) else POLICY
        response.headers.setdefault("Content-Security-Policy", said)
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response

    return answered


def earlier(request: HttpRequest, then: str, name: str) -> HttpResponse:
    """A file by the address that it had in an earlier version: the one of today."""
    if then == digest() or not finders.find(name):
        raise Http404
    return redirect(static(name))


def safe_cookies(answer: Answer) -> Answer:
    """What is remembered on a page that came by https goes back by https alone."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if request.is_secure():
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response

    return answered


def reader_language(answer: Answer) -> Answer:
    """`?lang=en`, `?theme=dark` and `?print=large` choose and are remembered; else it is as chosen
    before, else Chinese, as the reader's system has it, and in normal print."""

    def answered(request: HttpRequest) -> HttpResponse:
        chosen = {name: request.GET[name] for name in CHOICES if _is_choice(request.GET, name)}
        looks = {name: _chosen(request, name) for name in CHOICES}
        request.language, request.looks = looks["lang"], looks  # type: ignore[attr-defined]  # ours
        made_by = f"{form()} {looks} {offers_setup(request)}"
        request.page_form = "" if chosen else made_by  # type: ignore[attr-defined]
        response = answer(request)
        response.headers["Content-Language"] = LANGUAGES[looks["lang"]]
        patch_vary_headers(response, ("Cookie",))
        for name, value in chosen.items():
            response.set_cookie(COOKIES[name], value, max_age=YEAR, samesite="Lax", httponly=True)
        return response

    return answered


def wrong_method(answer: Answer) -> Answer:
    """Whoever opens an address that only forms are sent to, or sends a form to one that is only
    read, finds a page and not a blank."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        page = render(request, "site/wrong_method.html", status=response.status_code)
        page.headers["Allow"] = response.headers["Allow"]
        page.headers["Cache-Control"] = "no-store"
        return page

    return answered


def _is_choice(said: Mapping[str, str], name: str, key: str = "") -> bool:
    return said.get(key or name, "") in CHOICES[name]


def _chosen(request: HttpRequest, name: str) -> str:
    """What a reader chose now, or before, or what is usual."""
    if _is_choice(request.GET, name):
        return str(request.GET[name])
    if _is_choice(request.COOKIES, name, COOKIES[name]):
        return request.COOKIES[COOKIES[name]]
    return CHOICES[name][0]


@cache
def form() -> str:
    """A word for what pages are made by: whoever kept a page of another version asks again."""
    said = hashlib.sha256(digest().encode())
    for path in sorted(Path(lianguan.__file__).parent.rglob("*")):
        if path.suffix in (".py", ".html", ".csv"):
            said.update(path.read_bytes())
    return said.hexdigest()[:16]


def pages(request: HttpRequest) -> dict[str, object]:
    """What every template knows."""
    looks: dict[str, str] = getattr(request, "looks", {name: CHOICES[name][0] for name in CHOICES})
    return {
        "language": looks["lang"],
        "lang": LANGUAGES[looks["lang"]],
        "theme": looks["theme"],
        "print": looks["print"],
        "displays": [
            (name, [(value, _link(request, name, value), value == looks[name]) for value in values])
            for name, values in CHOICES.items()
        ],
        "here": request.path,
        "number": SimpleLazyObject(lambda: numbered(request)),
    }


def numbered(request: HttpRequest) -> str:
    """A number to quote, made where a page shows it. It stands in the server's log with what was
    asked for, without words that were looked for."""
    number = secrets.token_hex(3).upper()
    logging.getLogger("django.request").error("%s: %s %s", number, request.method, request.path)
    return number


def _link(request: HttpRequest, name: str, value: str) -> str:
    """This page with one thing chosen otherwise."""
    kept = [(key, said) for key, several in request.GET.lists() for said in several]
    asked = [*((key, said) for key, said in kept if key not in CHOICES), (name, value)]
    return f"{request.path}?{urlencode(asked)}"
