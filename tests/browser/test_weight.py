"""What a reader's phone fetches who was never here before, Tibetan or not."""

import pytest

from bench.pages_seen import weight
from tests.browser.page import Page
from tests.browser.tables import AWKWARD, PAGES

FIRST_PAGE, ENTRY = 100_000, 60_000
"""Bytes of all that a page needs, packed, heads of answers included."""
RARE = "ཧཱུྃ"
"""A stack that the small font does not have."""
WHOLE = "Noto Serif Tibetan Whole"

LIMITS = {
    "home": FIRST_PAGE,
    "results": FIRST_PAGE,
    "results-tibetan": FIRST_PAGE,
    "everything": FIRST_PAGE,
    "entry": ENTRY,
    "entry-tibetan": ENTRY,
    "stacks": ENTRY,
    "long-bo": ENTRY,
}


def fetched(page: Page) -> list[str]:
    """The fonts that came, by their files."""
    came = (one for one in page.events if one.get("method") == "Network.responseReceived")
    addresses = (one["params"]["response"]["url"] for one in came)
    return [one.rpartition("/")[2] for one in addresses if ".woff2" in one]


@pytest.mark.parametrize("name", LIMITS)
def test_a_page_is_light_enough_for_a_slow_line(reader: Page, name: str) -> None:
    weighed, _ = weight(reader, (PAGES | AWKWARD)[name].path)
    assert weighed <= LIMITS[name]


def test_a_page_without_tibetan_fetches_no_font(reader: Page) -> None:
    weight(reader, PAGES["results"].path)
    assert fetched(reader) == []


def test_tibetan_is_set_in_one_small_font(reader: Page) -> None:
    weight(reader, PAGES["entry-tibetan"].path)
    (font,) = fetched(reader)
    assert "ordinary" in font


def test_a_rare_stack_is_set_in_the_whole_font(reader: Page) -> None:
    weight(reader, f"/search?q={RARE}")
    assert any("ordinary" not in font for font in fetched(reader))
    said = reader.ask("getComputedStyle(document.querySelector('h1 [data-stacks]')).fontFamily")
    assert said.startswith(f'"{WHOLE}"')
    assert "Noto Serif Tibetan" in reader.fonts("h1 [data-stacks]")[0]
