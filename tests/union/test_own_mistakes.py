"""A member learns what it has twice, and where its records say something else than the others."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.differences import Difference, differences
from lianguan.engine.union.duplicates import DuplicateGroup, duplicates
from lianguan.engine.union.granting import TermsOrder, change_terms
from lianguan.site.command import app
from tests.union.hub import Hub, book

ISBN = "9787020049295"
WRONG = "9787020049296"


def twice(hub: Hub, library: str) -> list[DuplicateGroup]:
    with UnionCatalogue(hub.root, own=library) as opened:
        return list(duplicates(opened, library))


def differing(hub: Hub, library: str) -> list[Difference]:
    with UnionCatalogue(hub.root, own=library) as opened:
        return differences(opened, library)


def run(hub: Hub, *words: str | Path) -> str:
    said = {"LIANGUAN_DATA": str(hub.root)}
    done = CliRunner().invoke(app, [*map(str, words)], env=said)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def twins(hub: Hub) -> Hub:
    """Haibei has catalogued one book twice; Jinan has it once."""
    hub.send("JN", book("1", isbn=ISBN))
    hub.send("HB", book("7", isbn=ISBN) + book("8", isbn=ISBN) + book("9", title="人生"))
    return hub


def test_haibei_learns_that_it_has_a_book_twice_and_why(twins: Hub) -> None:
    (group,) = twice(twins, "HB")
    assert [one.number for one in group.records] == ["7", "8"]
    assert [one.title for one in group.records] == ["平凡的世界"] * 2
    first, second = group.records
    assert first.why is None
    assert second.why is not None
    assert (second.why.decision, second.why.rule) == ("same", "number")
    assert {level.field for level in second.why.levels} >= {"title", "agent", "number"}
    assert twice(twins, "JN") == []


def test_a_member_that_is_not_shown_still_sees_its_own_duplicates(twins: Hub) -> None:
    change_terms(twins.root, "HB", TermsOrder(False, False, False))
    assert len(twice(twins, "HB")) == 1


def test_duplicates_leave_as_a_table_and_as_json(twins: Hub, tmp_path: Path) -> None:
    assert "7 · 平凡的世界" in run(twins, "duplicates", "-l", "HB")
    run(twins, "duplicates", "-l", "HB", "--out", tmp_path / "x.csv")
    rows = list(csv.DictReader((tmp_path / "x.csv").read_text("utf-8-sig").splitlines()))
    assert [(row["group"], row["number"], row["rule"]) for row in rows] == [
        ("1", "7", ""),
        ("1", "8", "number"),
    ]
    (group,) = json.loads(run(twins, "duplicates", "-l", "HB", "--json"))
    assert group["records"][1]["why"]["levels"][0]["field"] == "title"


@pytest.fixture
def disputed(hub: Hub) -> Hub:
    """Two libraries agree on a book; Gangcha has year, publisher, pages and spelling its own
    way, and a wrong check digit."""
    plain = "215   $a400页"
    for library in ("JN", "HB"):
        hub.send(library, book("1", isbn=ISBN, extra=plain))
    wrong = book(
        "G1",
        title="平凡的世介",
        publisher="人民文艺社",
        year="2005",
        isbn=ISBN,
        extra=f"215   $a40页 | 010   $a{WRONG}",
    )
    hub.send("GC", wrong + book("G2", title="没有别人有", isbn="7-02-004929-1"))
    assert len(hub.together()) == 2
    return hub


def test_the_surest_mistakes_come_first(disputed: Hub) -> None:
    found = differing(disputed, "GC")
    said = [(one.number, one.slot, one.own, one.others, one.by) for one in found]
    assert said == [
        ("G1", "isbn", WRONG, ISBN, ("HB", "JN")),
        ("G2", "isbn", "7-02-004929-1", "", ()),
        ("G1", "year", "2005", "2004", ("HB", "JN")),
        ("G1", "extent", "40页", "400页", ("HB", "JN")),
        ("G1", "publisher", "人民文艺社", "人民文学出版社", ("HB", "JN")),
        ("G1", "title", "平凡的世介", "平凡的世界", ("HB", "JN")),
    ]
    assert [one.surety for one in found] == [0, 0, 1, 2, 2, 2]


def test_those_who_agree_are_told_of_nothing(disputed: Hub) -> None:
    assert differing(disputed, "JN") == []


def test_one_voice_against_another_comes_last(hub: Hub) -> None:
    hub.send("JN", book("1", isbn=ISBN))
    hub.send("HB", book("1", isbn=ISBN, year="2005"))
    (found,) = differing(hub, "HB")
    assert (found.slot, found.surety, found.by) == ("year", 3, ("JN",))


def test_what_is_longer_or_in_another_script_is_no_mistake(hub: Hub) -> None:
    for library in ("JN", "HB"):
        hub.send(library, book("1", isbn=ISBN, publisher="人民文学出版社"))
    hub.send("GC", book("1", title="平凡的世界全三册", isbn=ISBN, publisher="People's Literature"))
    assert len(hub.together()) == 1
    assert [one.slot for one in differing(hub, "GC")] == []


def test_the_title_of_the_series_is_no_spelling_of_that_of_the_part(hub: Hub) -> None:
    for library in ("JN", "HB"):
        hub.send(library, book("1", title="晚清军机大臣日记五种", isbn=ISBN))
    hub.send("GC", book("1", title="中国近代人物日记丛书$i晚清军机大臣日记五种", isbn=ISBN))
    assert len(hub.together()) == 1
    assert [one.slot for one in differing(hub, "GC")] == []


def test_two_records_of_one_library_are_one_voice(hub: Hub) -> None:
    hub.send("JN", book("1", isbn=ISBN) + book("2", isbn=ISBN))
    hub.send("HB", book("1", isbn=ISBN, year="2005"))
    assert [one.surety for one in differing(hub, "HB")] == [3]


def test_nobody_who_exports_nothing_is_named(disputed: Hub) -> None:
    change_terms(disputed.root, "HB", TermsOrder(exported=False))
    assert {name for one in differing(disputed, "GC") for name in one.by} == {"JN"}


def test_differences_leave_as_a_table_and_as_json(disputed: Hub, tmp_path: Path) -> None:
    assert "平凡的世介" in run(disputed, "differences", "-l", "GC")
    run(disputed, "differences", "-l", "GC", "--out", tmp_path / "x.csv")
    rows = list(csv.DictReader((tmp_path / "x.csv").read_text("utf-8-sig").splitlines()))
    assert rows[0]["own"] == WRONG
    assert rows[0]["by"] == "HB JN"
    said = json.loads(run(disputed, "differences", "-l", "GC", "--json"))
    assert said["counts"] == {"isbn": 2, "year": 1, "extent": 1, "publisher": 1, "title": 1}
    assert len(said["differences"]) == 6


def test_the_first_year_of_a_serial_is_as_each_library_counts_it(hub: Hub) -> None:
    for library, year in (("JN", "1990"), ("HB", "1990"), ("GC", "1989")):
        record = book("1", title="青海湖畔", year=year, extra="011   $a1000-0135")
        hub.send(library, record.replace(b"nam0 2", b"nas0 2"))
    assert len(hub.together()) == 1
    assert differing(hub, "GC") == []
