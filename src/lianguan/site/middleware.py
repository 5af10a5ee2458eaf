"""What every page has in common: the language of its reader, and what it may load."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

LANGUAGES = {"zh": "zh-Hans", "en": "en"}
COOKIE = "language"
YEAR = 365 * 24 * 3600

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def policy(answer: Answer) -> Answer:
    """Pages load nothing from elsewhere and run no script."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response

    return answered


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
    """`?lang=en` chooses and is remembered; else what was chosen before, else Chinese."""

    def answered(request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get("lang", "")
        remembered = request.COOKIES.get(COOKIE, "")
        language = next((one for one in (chosen, remembered) if one in LANGUAGES), "zh")
        request.language = language  # type: ignore[attr-defined]  # ours
        response = answer(request)
        response.headers["Content-Language"] = LANGUAGES[language]
        if chosen in LANGUAGES:
            response.set_cookie(COOKIE, language, max_age=YEAR, samesite="Lax", httponly=True)
        return response

    return answered


def pages(request: HttpRequest) -> dict[str, object]:
    """What every template knows."""
    language = getattr(request, "language", "zh")
    other = {"zh": "en", "en": "zh"}[language]
    query = request.GET.copy()
    query["lang"] = other
    return {
        "language": language,
        "lang": LANGUAGES[language],
        "other_language": f"{request.path}?{query.urlencode()}",
    }
