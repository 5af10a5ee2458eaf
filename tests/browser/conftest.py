"""The site in a browser. A browser that is not installed skips its tests, by name."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.browser import awkward, hub
from tests.browser.engines import NoBrowser
from tests.browser.judging import axe
from tests.browser.page import Page, opened

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("pages")


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """Where each site is; the demonstration has awkward records beside it."""
    with hub.sites(tmp_path_factory.mktemp("sites"), awkward.load) as addresses:
        yield addresses


@pytest.fixture(scope="session")
def browsers(sites: Mapping[str, str]) -> Iterator["Browsers"]:
    kept = Browsers(sites)
    with kept.stack:
        yield kept


@pytest.fixture
def reader(browsers: "Browsers") -> Page:
    """A reader with today's Chromium who was never here before."""
    return browsers.page("chromium")


@pytest.fixture
def judged(reader: Page) -> Page:
    """The same, where axe is at hand."""
    try:
        axe()
    except NoBrowser as error:
        pytest.skip(str(error))
    return reader


class Browsers:
    """Each browser started once, when it is first asked for, and its page kept."""

    def __init__(self, sites: Mapping[str, str]) -> None:
        self.sites = sites
        self.stack = ExitStack()
        self.open: dict[str, Page] = {}
        self.missing: dict[str, str] = {}

    def page(self, name: str) -> Page:
        """A page of it that remembers nothing; skips the test where there is none."""
        if name in self.missing:
            pytest.skip(self.missing[name])
        if name not in self.open:
            self._start(name)
        page = self.open[name]
        page.address = self.sites["demo"]
        page.set_scripts(run=True)
        page.set_colours("light")
        page.set_size(1280, 800)
        page.forget()
        return page

    def _start(self, name: str) -> None:
        try:
            self.open[name] = self.stack.enter_context(opened(name, self.sites["demo"]))
        except NoBrowser as error:
            self.missing[name] = str(error)
            pytest.skip(str(error))
