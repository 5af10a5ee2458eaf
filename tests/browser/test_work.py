"""What people at work come for: a file from the export to the readers and back, and the first hour
of a hub; with the mouse, without a script, and with the keyboard alone."""

import csv
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

import pytest

from demo import haibei
from tests.browser import hub
from tests.browser.awkward import REAL
from tests.browser.conftest import Browsers
from tests.browser.page import Page
from tests.browser.tables import GO, LIST, PASSWORD
from tests.browser.test_journeys import tab_to
from tests.processes import wait_for

WASHINGTON = REAL / "marc" / "uw_marc2rda_inputs.tar.gz"
"""36 files of test records (CC0): 419 records, of which 21 describe nothing and one is no book."""
ASIDE = 22
FOUND = "tuatara captive management plan"
NIGHT = "海北夜间导出-0302.mrc"


class Hand(Protocol):
    """With what somebody works."""

    @property
    def page(self) -> Page: ...
    def fill(self, selector: str, text: str) -> None: ...
    def follow(self, selector: str) -> None: ...
    def choose_files(self, selector: str, path: Path) -> None: ...


@dataclass(frozen=True, slots=True)
class Mouse:
    page: Page

    def fill(self, selector: str, text: str) -> None:
        self.page.fill(selector, text)

    def follow(self, selector: str) -> None:
        self.page.follow(selector)

    def choose_files(self, selector: str, path: Path) -> None:
        self.page.choose_files(selector, path)


@dataclass(frozen=True, slots=True)
class Keyboard:
    page: Page

    def fill(self, selector: str, text: str) -> None:
        tab_to(self.page, selector)
        self.page.type(text)

    def follow(self, selector: str) -> None:
        tab_to(self.page, selector)
        with self.page.leading_on():
            self.page.press("Enter")

    def choose_files(self, selector: str, path: Path) -> None:
        tab_to(self.page, selector)
        self.page.choose_files_by_key(path)


class Way(NamedTuple):
    browser: str
    hand: Callable[[Page], Hand]
    has_script: bool = True


WAYS = {
    "chromium": Way("chromium", Mouse),
    "chromium-without-script": Way("chromium", Mouse, has_script=False),
    "chromium-by-keyboard": Way("chromium", Keyboard),
    "chrome109": Way("chrome109", Mouse),
    "chrome109-without-script": Way("chrome109", Mouse, has_script=False),
}


@pytest.fixture(params=WAYS)
def hand(request: pytest.FixtureRequest, browsers: Browsers) -> Hand:
    """Somebody who was never here before, in each way in which people work."""
    way = WAYS[request.param]
    page = browsers.page(way.browser)
    page.set_scripts(run=way.has_script)
    return way.hand(page)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub with places, people and the demonstration's records; to be copied."""
    root = tmp_path_factory.mktemp("founded") / "var"
    hub.tell(root, "people")
    hub.fill(root)
    return root


@pytest.fixture
def root(founded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(founded, tmp_path / "var"))


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    """The address of a server on an empty disk."""
    (tmp_path / "var").mkdir()
    with hub.served(tmp_path / "var") as site:
        yield site.address


def test_a_real_file_is_tried_sent_read_about_and_taken_back(
    hand: Hand, root: Path, tmp_path: Path
) -> None:
    if not WASHINGTON.exists():
        pytest.skip(f"{WASHINGTON.name} is not here")
    page = hand.page
    with hub.served(root) as site:
        page.address = site.address
        sign_in(hand, "cataloguer")
        with hub.held(root):
            send_and_look(hand, WASHINGTON)
            assert "会搁置：" in page.text()
            hand.follow("[value=ask_rehearsal]")
            assert "正在试算" in page.text()
        comes_by_itself(hand, "397\n新记录")
        upload = page.path()
        assert not finds(hand, FOUND), "trying it changes nothing"
        page.go(upload)
        see_it_read(hand, hub.held(root))
        reads_what_was_set_aside(page)
        downloads(hand, tmp_path)
        delivery = page.path()
        assert finds(hand, FOUND)
        page.go(delivery)
        hand.follow("main a[href$=withdraw]")
        hand.follow(GO)
        comes_by_itself(hand, "这一批已经撤回")
        assert not finds(hand, FOUND)


def test_from_an_empty_disk_to_a_book_that_a_reader_finds(
    hand: Hand, empty: str, tmp_path: Path
) -> None:
    page = hand.page
    page.address = empty
    page.go("/")
    assert "建立联馆" in page.text("h1")
    said = {
        "#hub": "济南—海北公共图书馆联馆", "#name": "陈志远", "#sign_in": "chen",
        "#password": PASSWORD, "#again": PASSWORD,
    }  # fmt: skip
    for field, text in said.items():
        hand.fill(field, text)
    hand.follow(GO)
    assert "联馆已经建立" in page.text()
    hand.fill("#list", LIST)
    hand.follow(GO)
    assert "认出 6 个馆点" in page.text()
    hand.follow(GO)
    assert "已添加馆点" in page.text()
    hand.follow(GO)
    assert "送文件" in page.text("h1")
    night = tmp_path / NIGHT
    night.write_bytes(haibei.export())
    send_and_look(hand, night, is_there=True)
    see_it_read(hand)
    assert "已读完" in page.text("h1")
    assert finds(hand, "齊民要術")


def test_everything_is_looked_at_while_work_goes_on(hand: Hand, root: Path) -> None:
    with hub.served(root) as site:
        hand.page.address = site.address
        sign_in(hand, "cataloguer")
        hand.page.go("/staff/health")
        assert "还没有检查过" in hand.page.text()
        hand.follow(GO)
        comes_by_itself(hand, "目录数据库完好")


def test_a_page_that_is_watched_goes_on_after_the_server_was_killed(
    browsers: Browsers, root: Path, tmp_path: Path
) -> None:
    page = browsers.page("chromium")
    hand = Mouse(page)
    night = tmp_path / NIGHT
    night.write_bytes(haibei.export())
    with hub.held(root):
        with hub.served(root) as site:
            page.address = site.address
            sign_in(hand, "cataloguer")
            send_and_look(hand, night)
            hand.follow("[value=send]")
            assert "正在比对" in page.text()
            hub.kill(site.process)
        port = int(urlsplit(site.address).port or 0)
        with hub.served(root, port=port):
            page.ask("window.isStillHere = true")
            wait_for(lambda: page.says("正在比对"))
    with hub.served(root, port=port):
        wait_for(lambda: page.says("已读完"), 60)
    assert not page.ask("window.isStillHere"), "it has asked for the whole page by itself"


def sign_in(hand: Hand, who: str) -> None:
    hand.page.go("/staff/imports/new")
    hand.fill("#sign_in", who)
    hand.fill("#password", PASSWORD)
    hand.follow(GO)
    assert hand.page.path() == "/staff/imports/new", "on to the page that was asked for"


def send_and_look(hand: Hand, path: Path, *, is_there: bool = False) -> None:
    if not is_there:
        hand.page.go("/staff/imports/new")
    hand.choose_files("#files", path)
    hand.follow(GO)
    assert "请看一眼，再导入" in hand.page.text("h1")
    assert path.name in hand.page.text()


def see_it_read(hand: Hand, at_work: AbstractContextManager[None] | None = None) -> None:
    """Say yes, and wait; where somebody else builds, how far that is can be seen."""
    if at_work:
        with at_work:
            hand.follow("[value=send]")
            assert "正在比对" in hand.page.text()
            assert hand.page.ask("document.querySelector('progress').value") == 74
    else:
        hand.follow("[value=send]")
    comes_by_itself(hand, "已读完")


def comes_by_itself(hand: Hand, words: str) -> None:
    """What is waited for is told without a key or a click."""
    wait_for(lambda: hand.page.says(words), 60)


def reads_what_was_set_aside(page: Page) -> None:
    assert f"419 条已读完，{ASIDE} 条搁置" in page.text("h1")
    reasons = page.ask(
        "[...document.querySelectorAll('main table.stackable tbody tr')].map(one =>"
        " [...one.children].map(cell => cell.innerText.trim()))"
    )
    assert len(reasons) == ASIDE
    assert all(reason and place for reason, place, *_ in reasons)
    assert len({reason for reason, *_ in reasons}) == 2


def downloads(hand: Hand, folder: Path) -> None:
    """What was set aside, as a list and as it was sent."""
    page = hand.page
    page.keep_downloads(folder)
    for ending in ("set-aside.csv", "set-aside"):
        if isinstance(hand, Keyboard):
            tab_to(page, f"main a[href$='{ending}']")
            page.press("Enter")
        else:
            page.click(f"main a[href$='{ending}']")
    wait_for(lambda: len([*folder.glob("0*.csv"), *folder.glob("0*-set-aside.xml")]) == 2)
    with next(folder.glob("0*.csv")).open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 1 + ASIDE
    assert b"record" in next(folder.glob("0*-set-aside.xml")).read_bytes()


def finds(hand: Hand, typed: str) -> bool:
    """A reader looks for a book."""
    hand.page.go("/")
    hand.fill("input[name=q]", typed)
    with hand.page.leading_on():
        hand.page.press("Enter")
    return bool(hand.page.ask("document.querySelectorAll(\"main a[href^='/e/']\").length"))


TEN = 10


def test_ten_pairs_are_looked_at_with_the_keyboard_alone(browsers: Browsers, root: Path) -> None:
    """One key for each pair, one to undo; with no hand on the mouse."""
    page = browsers.page("chromium")
    with hub.served(root) as site:
        page.address = site.address
        sign_in(Keyboard(page), "cataloguer")
        page.go("/staff/review")
        seen = []
        for key in ("s", "d", "w", "l", "s", "d", "w", "s", "d", "s"):
            seen.append(offered(page))
            press_on(page, key)
        assert len({*seen}) == TEN, "each of them another pair"
        assert f"今天已看 {TEN} 对" in page.text()
        press_on(page, "u")
        assert page.path().startswith("/staff/review/pair")
        assert offered(page) == seen[-1]
        press_on(page, "d")
        assert "由人判断为不同" in page.text()
        page.go("/staff/review/decided")
        assert page.text().count("周明") == TEN + 1, "later is no decision; undone and said again"


def test_a_pair_is_decided_on_in_every_way_in_which_people_work(hand: Hand, root: Path) -> None:
    with hub.served(root) as site:
        hand.page.address = site.address
        sign_in(hand, "cataloguer")
        hand.page.go("/staff/review")
        first = offered(hand.page)
        hand.follow("button[value=different]")
        assert offered(hand.page) != first
        hand.follow("button[value=open]")
        assert "规则拿不准" in hand.page.text()
        hand.page.go("/staff/review")
        assert offered(hand.page) == first


def offered(page: Page) -> str:
    """The two records on the page."""
    said = "[...document.querySelectorAll('.decide [name=left], .decide [name=right]')]"
    return str(page.ask(f"{said}.map(one => one.value).join(' ')"))


def press_on(page: Page, key: str) -> None:
    """Press a key that leads on."""
    with page.leading_on():
        page.press(key)
