"""What a reader comes for, from the first page to the book, in each browser that we promise."""

import pytest

from tests.browser.conftest import Browsers
from tests.browser.page import Page

BOX = "input[name=q]"
BOOKS = "main a[href^='/e/']"

WAYS = {
    "a Chinese title": ("两地书", "两地书"),
    "an ISBN": ("978-7-5004-5362-8", "北京妇女发展报告"),
    "a Tibetan title": ("མདོ་སྨད་ཆོས་འབྱུང", "མདོ་སྨད་ཆོས་འབྱུང"),
}
"""How a book is looked for → what is typed, and how its title begins."""

READERS = ("chromium", "chrome109", "chrome83")


@pytest.fixture(params=READERS)
def anybody(request: pytest.FixtureRequest, browsers: Browsers) -> Page:
    """A reader with any of the browsers in which books must be found."""
    return browsers.page(request.param)


def look_for(reader: Page, typed: str) -> None:
    reader.go("/")
    reader.click(BOX)
    reader.type(typed)
    with reader.leading_on():
        reader.press("Enter")


@pytest.mark.parametrize("way", WAYS)
def test_a_book_is_found_and_opened(anybody: Page, way: str) -> None:
    typed, title = WAYS[way]
    look_for(anybody, typed)
    assert typed in anybody.path()
    anybody.follow(BOOKS)
    assert anybody.path().startswith("/e/")
    assert title in anybody.text("h1")


@pytest.mark.parametrize("way", WAYS)
def test_a_book_is_found_and_opened_without_a_script(anybody: Page, way: str) -> None:
    anybody.set_scripts(run=False)
    test_a_book_is_found_and_opened(anybody, way)


@pytest.mark.parametrize("way", WAYS)
def test_a_book_is_found_and_opened_with_the_keyboard_alone(anybody: Page, way: str) -> None:
    typed, title = WAYS[way]
    anybody.go("/")
    tab_to(anybody, BOX)
    anybody.type(typed)
    with anybody.leading_on():
        anybody.press("Enter")
    tab_to(anybody, BOOKS)
    with anybody.leading_on():
        anybody.press("Enter")
    assert title in anybody.text("h1")


def test_the_first_stop_of_the_keyboard_leads_past_the_head_of_the_page(anybody: Page) -> None:
    anybody.go("/search?q=中国")
    anybody.press("Tab")
    anybody.press("Enter")
    anybody.press("Tab")
    assert anybody.ask("document.querySelector('main').contains(document.activeElement)")


def test_results_are_narrowed_by_library_and_language_and_widened_again(anybody: Page) -> None:
    look_for(anybody, "中国")
    totals = [total(anybody)]
    for facet in ("library", "language"):
        narrow(anybody, facet)
        assert f"{facet}=" in anybody.path()
        totals.append(total(anybody))
    assert totals[0] > totals[1] >= totals[2] > 0
    for facet in ("language", "library"):
        anybody.follow(f"main a[href*='q=']:not([href*='{facet}=']):not([href*='page='])")
        assert f"{facet}=" not in anybody.path()
        totals.append(total(anybody))
    assert totals[4] == totals[0]


def test_the_way_back_leads_to_the_results_as_they_were(anybody: Page) -> None:
    look_for(anybody, "中国")
    narrow(anybody, "library")
    at = anybody.path()
    anybody.follow(BOOKS)
    anybody.back()
    assert anybody.path() == at


def test_a_reader_chooses_english_and_stays_with_it(anybody: Page) -> None:
    anybody.go("/")
    anybody.follow("a[href*='lang=en']")
    look_for(anybody, "中国")
    assert anybody.ask("document.documentElement.lang") == "en"


def tab_to(reader: Page, selector: str) -> None:
    """Press Tab until what has the focus is one of these; on its way every stop can be seen."""
    for _ in range(200):
        reader.press("Tab")
        unseen = reader.look("focusUnseen")
        assert not unseen, unseen
        if reader.ask(f"document.activeElement.matches({selector!r})"):
            return
    raise AssertionError(f"Tab does not come to {selector}")


def narrow(reader: Page, facet: str) -> None:
    """Follow the first value of a facet."""
    reader.follow(f"main a[href*='{facet}=']")


def total(reader: Page) -> int:
    """How many were found, as the page says it."""
    return int(reader.look("firstNumber", "main .count, main h1"))
