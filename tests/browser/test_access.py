"""Can everybody use the pages? Each page in both languages, in each theme, at each width."""

from collections.abc import Mapping

import pytest

from tests.browser.judging import judge
from tests.browser.page import Page
from tests.browser.tables import AWKWARD, PAGES, THEMES, WORK, View, show, views


@pytest.mark.parametrize("view", views(PAGES | WORK | AWKWARD), ids=str)
def test_everybody_can_use_a_page(judged: Page, sites: Mapping[str, str], view: View) -> None:
    found = judge(judged, view, sites)
    said = [f"{name}: {one}" for name, wrong in found.items() for one in wrong]
    assert not said, "\n".join(said)


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_that_a_reader_chose_is_there(
    reader: Page, sites: Mapping[str, str], theme: str
) -> None:
    show(reader, View("home", "zh", theme), sites)
    for name, value in THEMES[theme].marks.items():
        assert reader.ask(f"document.documentElement.dataset.{name}") == value
