"""Which pages are judged, and how: in which language, which theme, how wide. A page more is a
row more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from tests.browser.page import Page

JINAN, HAIBEI = "CN-370100-1-JNL", "CN-632200-1-HBL"


class Row(NamedTuple):
    """One page, by a name that a librarian would give it."""

    path: str
    shows: str
    hub: str = "demo"
    """Which catalogue it is a page of: "demo" or "empty"."""


PAGES = {
    "home": Row("/", "the one box, who takes part, what there is"),
    "results": Row("/search?q=中国", "what was found, with facets and counts"),
    "results-tibetan": Row("/search?q=སྒྲུང", "Tibetan titles, found by a syllable"),
    "results-narrowed": Row(f"/search?q=中国&library={JINAN}", "narrowed to one library"),
    "everything": Row("/search?q=", "all there is, to look around in"),
    "nothing-found": Row("/search?q=没有这样一本书", "nothing found, and what can be done"),
    "entry": Row(f"/r/{JINAN}/0112000119", "a yearbook: who has which years"),
    "entry-tibetan": Row(
        f"/r/{HAIBEI}/HB000127", "a Tibetan book of two libraries, and why it is one"
    ),
    "health": Row("/health", "whether all is well"),
    "not-found": Row("/nowhere", "an address that never was"),
    "empty": Row("/", "a hub into which nothing was loaded yet", "empty"),
}
"""Pages of the demonstration: what everybody may see, and what pictures are taken of."""

AWKWARD = {
    "long-titles": Row("/search?library=LONG", "the longest titles in a list"),
    "long-zh": Row("/r/LONG/zh", "a long Chinese title"),
    "long-bo": Row("/r/LONG/bo", "a long Tibetan title"),
    "long-en": Row("/r/LONG/en", "a long English title"),
    "long-unbroken": Row("/r/LONG/unbroken", "a word without an end"),
    "stacks": Row("/r/LONG/stacks", "Tibetan wherever a title or a name can stand"),
    "stacks-found": Row("/search?q=བསྒྲུབས་པའི་ལྷ་ཁང་", "the same found, and in the box"),
    "gone": Row("/r/GONE/1", "a book whose records were withdrawn"),
}
"""Pages with what is hard to set; in the tests alone (awkward.py)."""


@dataclass(frozen=True, slots=True)
class Theme:
    scheme: str = "light"
    """What the reader's system prefers."""
    cookies: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    """What <html> then says of itself: data-theme, data-print."""


THEMES = {
    "light": Theme(),
    "dark": Theme(cookies={"theme": "dark"}, marks={"theme": "dark"}),
    "large": Theme(cookies={"print": "large"}, marks={"print": "large"}),
}
LANGUAGES = {"zh": "zh-Hans", "en": "en"}
"""The cookie's word → what <html lang> says."""
WIDTHS = (320, 390, 768, 1280)


class View(NamedTuple):
    """A page as one reader has it."""

    page: str
    language: str
    theme: str

    def __str__(self) -> str:
        return "-".join(self)


def views(pages: Mapping[str, Row]) -> list[View]:
    """Every page in every language and theme."""
    return [View(*one) for one in product(pages, LANGUAGES, THEMES)]


def show(page: Page, view: View, sites: Mapping[str, str]) -> None:
    """Go there as that reader."""
    theme, row = THEMES[view.theme], (PAGES | AWKWARD)[view.page]
    page.address = sites[row.hub]
    page.forget()
    page.set_cookie("language", view.language)
    for name, value in theme.cookies.items():
        page.set_cookie(name, value)
    page.set_colours(theme.scheme)
    page.go(row.path)
    said = page.ask("document.documentElement.lang")
    assert said == LANGUAGES[view.language], f"{view} is in {said}"
