"""Which pages are judged, and how: in which language, which theme, how wide. A page more is a
row more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count, product
from typing import NamedTuple

from lianguan.engine.union.keys import address_of
from tests.browser.page import Page

JINAN, HAIBEI, GANGCHA = "CN-370100-1-JNL", "CN-632200-1-HBL", "CN-632224-1-GCL"
PASSWORD = "qinghai hu bei an 2026"
"""Of everybody who works there (tests/network/world.py)."""

Step = str | tuple[str, str]
"""A button that is pressed; or a field, and what is written into it."""


class Row(NamedTuple):
    """One page, by a name that a librarian would give it."""

    path: str
    shows: str
    hub: str = "demo"
    """Which site it is a page of (hub.py)."""
    who: str = ""
    """Whose page it is: the name they sign in with; "" for anybody."""
    line: str = ""
    """The page behind the line that says this, in the list at the path."""
    steps: tuple[Step, ...] = ()
    """What is done there before it is looked at."""


PAGES = {
    "home": Row("/", "the one box, who takes part, what there is"),
    "results": Row("/search?q=中国", "what was found, with facets and counts"),
    "results-tibetan": Row("/search?q=སྒྲུང", "Tibetan titles, found by a syllable"),
    "results-narrowed": Row(f"/search?q=中国&library={JINAN}", "narrowed to one library"),
    "everything": Row("/search?q=", "all there is, to look around in"),
    "nothing-found": Row("/search?q=没有这样一本书", "nothing found, and what can be done"),
    "entry": Row(
        f"/r/{JINAN}/0112000119", "a yearbook of two libraries, its other years, and why it is one"
    ),
    "entry-tibetan": Row(
        f"/r/{HAIBEI}/HB000127", "a Tibetan book of two libraries, and why it is one"
    ),
    "member": Row(f"/m/{HAIBEI}", "what one library has"),
    "tips": Row("/tips", "how to search"),
    "about": Row("/about", "what this is, and where its figures come from"),
    "health": Row("/health", "whether all is well"),
    "not-found": Row("/nowhere", "an address that never was"),
    "empty": Row("/", "a hub into which nothing was loaded yet", "listed"),
}
"""Pages of the demonstration: what everybody may see, and what pictures are taken of."""

GO = "main .button--go"
NEW_HUB = (
    ("#hub", "济南—海北公共图书馆联馆"), ("#name", "陈志远"), ("#sign_in", "chen"),
    ("#password", "too short"), ("#again", "too shor"), GO,
)  # fmt: skip
LIST = """济南市图书馆
  泉城书房·大明湖
海北州图书馆\tHBL\tམཚོ་བྱང་དཔེ་མཛོད་ཁང་།
  门源县图书馆
    浩门镇文化站
      头塘村牧家书屋
"""
WRONG_LIST = f"{LIST}海北州图书馆\tHBL\n老阿爷家\n"
FOUNDED, LISTED = ("founded", "hub"), ("listed", "hub")
HUB, CATALOGUER, DESK = ("work", "hub"), ("work", "cataloguer"), ("work", "desk")
IMPORTS = "/staff/imports"
REVIEW = "/staff/review"
MATCHING = f"{REVIEW}/matching"
PAIR = f"{REVIEW}/pair?left={JINAN}:0112000119&right={HAIBEI}:HB000127"

WORK = {
    "setup": Row("/", "an empty disk: the first of three steps", "empty"),
    "setup-wrong": Row("/setup", "what was wrong in it", "empty", steps=NEW_HUB),
    "setup-places": Row("/staff/places", "the second step: the libraries as a list", *FOUNDED),
    "setup-confirm": Row(
        "/staff/places", "the list as it was understood", *FOUNDED, steps=(("#list", LIST), GO)
    ),
    "setup-mistakes": Row(
        "/staff/places", "a list with mistakes", *FOUNDED, steps=(("#list", WRONG_LIST), GO)
    ),
    "setup-next": Row("/staff", "left half way, and what comes next", *FOUNDED),
    "setup-file": Row("/staff", "the third step: the first file", *LISTED),
    "no-library": Row("/staff/imports/new", "no library to send for", *FOUNDED),
    "no-imports": Row(IMPORTS, "nothing was sent yet", *LISTED),
    "no-members": Row("/staff/members", "no libraries yet", *FOUNDED),
    "sign-in": Row("/sign-in", "signing in", "work"),
    "sign-in-wrong": Row(
        "/sign-in", "a wrong password", "work",
        steps=(("#sign_in", "zhouming{count}"), ("#password", "wrong"), GO),
    ),
    "sign-in-locked": Row(
        "/sign-in", "too many wrong passwords", "work",
        steps=(("#sign_in", "zhaxi"), ("#password", "wrong"), GO),
    ),
    "work": Row("/staff", "what somebody has to do", *CATALOGUER),
    "password": Row("/staff/password", "one's own password", *CATALOGUER),
    "forbidden": Row("/staff/people", "a page for others, and who they are", *DESK),
    "places": Row("/staff/places", "all places", *HUB),
    "place": Row("/staff/places", "what one place is called", *HUB, line="海北州图书馆"),
    "staff": Row("/staff/people", "who works here, and somebody new", *HUB),
    "one-staff": Row("/staff/people", "somebody's roles", *HUB, line="周明"),
    "imports": Row(IMPORTS, "what waits for a yes, and what came", *HUB),
    "new-import": Row("/staff/imports/new", "files are chosen", *CATALOGUER),
    "upload": Row(IMPORTS, "an export as it was understood", *HUB, line="导出-0302"),
    "upload-columns": Row(
        IMPORTS, "a workbook with its columns guessed", *HUB, line="刚察藏书登记"
    ),
    "upload-unknown": Row(IMPORTS, "headings that nobody knows", *HUB, line="书单"),
    "upload-tried": Row(IMPORTS, "what a file would change", *HUB, line="导出-0301"),
    "upload-refused": Row(IMPORTS, "a file that is no catalogue, tried", *HUB, line="济南通知"),
    "delivery-waiting": Row(IMPORTS, "a delivery at work", *HUB, line="济南全部馆藏"),
    "delivery": Row(IMPORTS, "what came of a delivery", *CATALOGUER, line="导出-0228"),
    "delivery-withdrawn": Row(IMPORTS, "one that was taken back", *HUB, line="试送"),
    "withdraw": Row(
        IMPORTS, "before one is taken back", *CATALOGUER, line="导出-0228",
        steps=("main a[href$=withdraw]",),
    ),
    "review": Row(REVIEW, "a doubtful pair, field by field, and four keys", *CATALOGUER),
    "review-said": Row(
        PAIR, "the next pair, and what was said last can be undone", *CATALOGUER,
        steps=("main button[value=different]", "main .crumbs a"),
    ),
    "review-pair": Row(PAIR, "why two records do not stand together", *HUB),
    "review-any": Row(f"{REVIEW}/pair", "any two records, to be named", *HUB),
    "review-decided": Row(f"{REVIEW}/decided", "who decided what, and when", *HUB),
    "review-entry": Row(
        f"{REVIEW}/entry/{address_of(JINAN, '0112000119')}", "an entry, parted or joined by hand",
        *HUB,
    ),
    "matching": Row(
        MATCHING, "what is worth a look in how records were put together", "tangled", "cataloguer"
    ),
    "matching-nothing": Row(MATCHING, "no catalogue in which anything was put together", *LISTED),
    "review-nothing": Row(REVIEW, "no catalogue in which anything could be in doubt", *LISTED),
    "members": Row("/staff/members", "the libraries and what they last sent", *HUB),
    "one-member": Row(f"/staff/members/{GANGCHA}", "how one library's files are read", *HUB),
    "examination": Row("/staff/health", "everything was looked at", *HUB),
}  # fmt: skip
"""Pages of those who work there, and of the first hour; pictures are taken of them too."""

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
    theme, row = THEMES[view.theme], (PAGES | WORK | AWKWARD)[view.page]
    page.address = sites[row.hub]
    page.forget()
    if row.who:
        page.be(row.who, PASSWORD)
    page.set_cookie("language", view.language)
    for name, value in theme.cookies.items():
        page.set_cookie(name, value)
    page.set_colours(theme.scheme)
    page.go(row.path)
    if row.line:
        page.open_line(row.line)
    for step in row.steps:
        do(page, step)
    said = page.ask("document.documentElement.lang")
    assert said == LANGUAGES[view.language], f"{view} is in {said}"


_count = count(1)


def do(page: Page, step: Step) -> None:
    """As somebody there does it. `{count}` is another number each time."""
    if isinstance(step, str):
        page.follow(step)
    else:
        field, text = step
        page.fill(field, text.format(count=next(_count)))
