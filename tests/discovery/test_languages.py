"""Every page in both languages: all its sentences are there, and none is in the other."""

import csv
import itertools
import re
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pytest
from django.test import Client

import lianguan
from lianguan.engine import sentences
from lianguan.engine.text.fold import HAN, TIBETAN
from lianguan.site.middleware import CHOICES
from lianguan.site.templatetags import words
from tests.discovery.test_pages import filled
from tests.discovery.test_serials import sent
from tests.union.hub import Hub, book

SOURCE = Path(lianguan.__file__).parent
OURS = ("site", "discovery", "catalogue", "network")
IN_TEMPLATE = re.compile(
    r"""\{% say ['"](\w+)['"]|(?:title|happened|safe|do|what|unit|label|hint|wrong)="(\w+)\""""
)
OF_A_KIND = re.compile(r"""\{% named ['"](\w+)['"]|f"(\w+_)\{""")
"""Words whose code is made of a kind and one of it: state_waiting."""
IN_CODE = re.compile(r'"(\w+)"')
VOID = frozenset("area base br col hr img input link meta path circle rect".split())
BY_NAME = {
    *CHOICES, *(value for values in CHOICES.values() for value in values),
    "library", "language", "format", "class", "year",
    "supplement", "index", "receipt_current", "receipt_ended", "receipt_ordered",
    "today", "days_ago", "between",
    "password_too_common", "password_too_short", "password_too_similar", "password_entirely_numeric",
}  # fmt: skip
"""Codes that are said by what they stand for: choices, facets, kinds and receipts of serials; and
those that tags say."""


class Seen(HTMLParser):
    """The text of a page that is in its own language: elements marked with another are left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            is_marked = any(name == "lang" and tag != "html" for name, _ in attributes)
            is_other = is_marked or tag == "title"  # which cannot have a language in a part of it
            self.open.append((tag, is_other))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, said: str) -> None:
        if not any(is_other for _, is_other in self.open):
            self.texts.append(said)


def ours() -> dict[str, dict[str, str]]:
    return {
        line["code"]: line
        for package in OURS
        for line in csv.DictReader(
            resources.files(f"lianguan.{package}")
            .joinpath("words.csv")
            .read_text("utf-8")
            .splitlines()
        )
    }


def said_in_templates() -> set[str]:
    texts = [
        path.read_text("utf-8") for package in OURS for path in (SOURCE / package).rglob("*.html")
    ]
    return {one or other for said in texts for one, other in IN_TEMPLATE.findall(said)}


def said_in_code() -> set[str]:
    """Codes that a module names: of a refusal, of a line of a report."""
    texts = [path.read_text("utf-8") for name in OURS for path in (SOURCE / name).rglob("*.py")]
    return {code for said in texts for code in IN_CODE.findall(said)}


def kinds() -> tuple[str, ...]:
    """What codes of a kind begin with."""
    paths = [p for name in OURS for p in (SOURCE / name).rglob("*") if p.suffix in (".py", ".html")]
    texts = [path.read_text("utf-8") for path in paths]
    found = {pair for said in texts for pair in OF_A_KIND.findall(said)}
    begun = {code for code in said_in_templates() if code.endswith("_")}
    return tuple(sorted(begun | {f"{named}_" if named else made for named, made in found}))


@pytest.fixture
def addresses(hub: Hub, reader: Client) -> list[str]:
    """One address of every kind of page, with what may stand on it."""
    filled(hub)
    hub.send("GC", book("5", title="红楼梦", extra="690   $aI242.4$v5"))
    sent(hub)
    gone = hub.send("GC", book("9", title="雪域"))
    with hub.catalogue() as catalogue:
        left, entries = catalogue.address_of("GC:9"), set(hub.entries().values())
    hub.withdraw(gone)
    return [
        "/", "/search", "/search?q=青海湖", "/search?class=I", "/search?q=qqq&library=JN&class=K",
        "/tips", "/about", "/health", "/m/JN", "/nowhere", f"/e/{left}",
        *(f"/e/{entry}" for entry in sorted(entries) if entry != left),
    ]  # fmt: skip


def test_every_sentence_that_pages_say_is_there_and_no_other() -> None:
    said, known = said_in_templates(), ours()
    whole = {code for code in said if not code.endswith("_")}
    assert whole - set(known) - sentences.codes() == set()
    unsaid = set(known) - said - said_in_code() - BY_NAME
    assert {code for code in unsaid if not code.startswith(kinds())} == set()


def test_every_sentence_has_both_languages_and_the_same_places() -> None:
    for code, line in ours().items():
        assert line["zh"], code
        assert line["en"], code
        assert len(re.findall(r"\{\d?\}", line["zh"])) == len(re.findall(r"\{\d?\}", line["en"])), (
            code
        )
        assert not HAN.search(line["en"]) or code == "zh", code


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_says_a_code_in_place_of_a_sentence(
    language: str, addresses: list[str], reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed: list[str] = []

    def sentence(code: str, wanted: str = "zh") -> str:
        said = sentences.sentence(code, wanted)
        missed.extend([code] if said == code else [])
        return said

    monkeypatch.setattr(words, "sentence", sentence)
    for address in addresses:
        reader.get(address, {"lang": language})
    assert missed == []


def test_an_english_page_has_no_chinese_that_is_not_marked_as_such(
    addresses: list[str], reader: Client
) -> None:
    for address in addresses:
        mark = "&" if "?" in address else "?"
        seen = Seen(reader.get(f"{address}{mark}lang=en").content.decode())
        left = [said.strip() for said in seen.texts if HAN.search(said)]
        assert left == [], address


def test_tibetan_is_marked_on_every_page(addresses: list[str], reader: Client) -> None:
    for address in addresses:
        seen = Seen(reader.get(address).content.decode())
        assert [said for said in seen.texts if TIBETAN.search(said)] == [], address


def test_no_page_has_anything_that_the_policy_forbids(addresses: list[str], reader: Client) -> None:
    for address in addresses:
        html = reader.get(address).content.decode()
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|src=\"http", html), address


def test_a_page_has_one_heading_first_and_skips_no_step(
    addresses: list[str], reader: Client
) -> None:
    for address in addresses:
        steps = [int(step) for step in re.findall(r"<h(\d)", reader.get(address).content.decode())]
        assert steps[0] == 1, address
        assert steps.count(1) == 1, address
        assert all(after <= before + 1 for before, after in itertools.pairwise(steps)), address


def test_tibetan_that_the_small_font_cannot_draw_is_marked(hub: Hub, reader: Client) -> None:
    hub.send("HB", book("1", title="ཀྵྨྱཱ་རབ་གསལ"), book("2", title="རབ་གསལ"))
    rare, ordinary = (
        reader.get(f"/r/HB/{number}", follow=True).content.decode() for number in "12"
    )
    assert '<h1 dir="auto" lang="bo" data-stacks="rare">' in rare
    assert "data-stacks" not in ordinary
