"""What a cataloguer should look at is found, and nothing else is."""

from pathlib import Path

import pytest

from lianguan.catalogue import surveyed
from lianguan.engine.union.granting import TermsOrder, change_terms
from lianguan.engine.union.survey import FIRST, LARGE, Case, Concern, survey, whereabouts
from lianguan.site.surveying import REST, Surveyor
from tests.making import cnmarc
from tests.union.hub import Hub, book

NOTHING = "001 {} | 100   $a20260228d2012    em y0chiy0110    ea | 200 1 $f路遥著"
"""A record with neither title nor number."""
ISBN = "9787020049295"


def looked(hub: Hub) -> dict[str, Concern]:
    with hub.catalogue() as opened:
        return {one.code: one for one in survey(opened).concerns}


def totals(hub: Hub) -> dict[str, int]:
    """How many there are of each kind, without those of which there are none."""
    return {code: one.total for code, one in looked(hub).items() if one.total}


def copies(count: int, title: str = "平凡的世界") -> bytes:
    """The same book, catalogued anew for each copy."""
    return b"".join(book(f"{title}{at}", title=title) for at in range(count))


def test_where_each_library_has_each_book_once_there_is_nothing_to_look_at(hub: Hub) -> None:
    for library in ("JN", "HB", "GC"):
        hub.send(library, book("1"), book("2", title="人生", isbn=ISBN))
    assert totals(hub) == {}


def test_a_library_that_has_a_book_twice_is_named_with_its_records(hub: Hub) -> None:
    hub.send("JN", book("1"), book("2"), book("3", title="人生"))
    hub.send("HB", book("1"), book("9", title="人生"))
    own = looked(hub)["own"]
    assert own.total == 1
    assert own.cases == (Case(("JN:1", "JN:2"), 2, 1, "JN"),)


def test_an_entry_is_too_large_above_ten_records_or_one_for_each_library(hub: Hub) -> None:
    hub.send("JN", copies(LARGE))
    assert "large" not in totals(hub), "two or three libraries with a record for each copy"
    hub.send("HB", copies(1))
    [case] = looked(hub)["large"].cases
    assert (case.size, case.among) == (LARGE + 1, 2)
    for library in range(LARGE):
        hub.send(f"M{library}", book("1", title="人生"))
    assert "large" not in totals(hub), "twelve libraries may have twelve records"
    with hub.catalogue() as opened:
        assert survey(opened).most == LARGE + 2


def test_the_largest_entries_come_first_and_no_more_than_ten(hub: Hub) -> None:
    titles = [f"{name}的故事" for name in "春夏秋冬山河湖海风云雪雨"]
    hub.send("JN", *(copies(LARGE + 1 + at, one) for at, one in enumerate(titles)))
    found = looked(hub)["large"]
    assert found.total == len(titles) > FIRST
    sizes = [case.size for case in found.cases]
    assert sizes == sorted(range(LARGE + 3, LARGE + 1 + len(titles)), reverse=True)


def test_an_isbn_is_listed_with_its_titles_and_a_set_of_one_title_is_not(hub: Hub) -> None:
    hub.send("JN", book("1", title="青海民歌", isbn=ISBN), book("2", title="草原牧歌", isbn=ISBN))
    hub.send("HB", book("1", title="草原牧歌", isbn=ISBN), book("5", isbn="9787532742349"))
    hub.send("GC", book("5", isbn="9787532742349"))
    hub.send("GC", cnmarc(f"{NOTHING.format('none')} | 010   $a{ISBN}"))
    [case] = looked(hub)["shared"].cases
    assert (case.about, case.among, case.size) == (ISBN, 2, 3)
    with hub.catalogue() as opened:
        titles = {one.title for one in whereabouts(opened, case.records).values()}
    assert titles == {"青海民歌", "草原牧歌"}


def test_an_isbn_of_which_one_title_is_shown_is_not_listed(hub: Hub) -> None:
    hub.send("JN", book("1", title="青海民歌", isbn=ISBN))
    hub.send("HB", book("1", title="草原牧歌", isbn=ISBN))
    assert totals(hub) == {"shared": 1}
    change_terms(hub.root, "JN", TermsOrder(shown=False))
    assert totals(hub) == {}


def held_apart(hub: Hub) -> None:
    """A record without volume is the same as volume one and as volume two, which are not."""
    hub.send("JN", book("1", title="清史", extra="205   $a第2版", isbn=ISBN))
    hub.send("HB", book("1", title="清史", isbn=ISBN))
    hub.send("GC", book("1", title="清史", extra="205   $a第3版", isbn=ISBN))


def test_two_that_agree_and_are_held_apart_by_a_third_are_listed_until_somebody_decides(
    hub: Hub,
) -> None:
    held_apart(hub)
    [case] = looked(hub)["apart"].cases
    left, right = case.records
    assert hub.entries()[left] != hub.entries()[right]
    assert "HB:1" in case.records
    with hub.catalogue() as opened:
        why = opened.explain(left, right)
    assert (why.decision, why.together) == ("same", False)
    hub.decide(left, right, "different")
    assert "apart" not in totals(hub)


def test_decisions_that_cannot_all_hold_are_listed(hub: Hub) -> None:
    for library in ("JN", "HB", "GC"):
        hub.send(library, book("1", title=f"{library}的书"))
    hub.decide("JN:1", "HB:1", "same")
    hub.decide("HB:1", "GC:1", "same")
    assert totals(hub) == {}
    hub.decide("GC:1", "JN:1", "different")
    [case] = looked(hub)["contradicted"].cases
    assert case.records in {("HB:1", "JN:1"), ("GC:1", "HB:1")}
    hub.decide(*case.records, "open")
    assert totals(hub) == {}


def test_a_record_with_neither_title_nor_number_is_listed_and_one_with_either_is_not(
    hub: Hub,
) -> None:
    number = f"{NOTHING.format(2)} | 010   $a{ISBN}"
    hub.send("JN", cnmarc(NOTHING.format(1)), cnmarc(number), book("3", isbn=""))
    assert looked(hub)["unmatched"] == Concern("unmatched", 1, (Case(("JN:1",), 1, 1),))


def test_of_a_library_that_is_not_shown_nothing_counts(hub: Hub) -> None:
    hub.send("JN", copies(LARGE + 1), cnmarc(NOTHING.format(1)))
    hub.send("HB", book("1", title="青海民歌", isbn=ISBN), book("2", title="草原牧歌", isbn=ISBN))
    assert set(totals(hub)) == {"large", "own", "shared", "unmatched"}
    for library in ("JN", "HB"):
        change_terms(hub.root, library, TermsOrder(shown=False))
    assert totals(hub) == {}
    with hub.catalogue() as opened:
        assert whereabouts(opened, ["HB:1"]) == {}


def test_a_rebuild_finds_the_same(hub: Hub) -> None:
    held_apart(hub)
    hub.send("JN", copies(3), book("8", title="青海民歌", isbn=ISBN))
    before = looked(hub)
    hub.rebuild()
    assert looked(hub) == before


def test_what_was_counted_is_kept_and_nothing_is_known_where_it_cannot_be_read(hub: Hub) -> None:
    hub.send("JN", copies(2))
    assert surveyed.last(hub.root) is None
    surveyed.count_anew(hub.root)
    kept = surveyed.last(hub.root)
    assert kept
    assert kept.survey.total == 1
    (hub.root / surveyed.FILE).write_text('{"of": "another version"}', "utf-8")
    assert surveyed.last(hub.root) is None


def test_the_worker_counts_after_a_change_and_then_rests(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    counted: list[Path] = []

    def count(root: Path) -> None:
        counted.append(root)
        now[0] += 3

    monkeypatch.setattr("lianguan.site.surveying.time.monotonic", lambda: now[0])
    monkeypatch.setattr(surveyed, "count_anew", count)
    surveyor = Surveyor(hub.root)

    def look() -> int:
        surveyor.look()
        if surveyor.thread.ident:
            surveyor.thread.join()
        return len(counted)

    assert look() == 0, "nothing has changed"
    surveyor.note_change()
    assert look() == 1
    surveyor.note_change()
    now[0] += 3 * REST - 1
    assert look() == 1, "it took three seconds, and rests for a minute"
    now[0] += 1
    assert look() == 2
    now[0] += 3 * REST
    assert look() == 2, "nothing has changed since"


def test_before_anything_is_loaded_the_worker_counts_nothing_and_goes_on(hub: Hub) -> None:
    surveyor = Surveyor(hub.root)
    surveyor.note_change()
    surveyor.look()
    surveyor.thread.join()
    assert surveyed.last(hub.root) is None
    hub.send("JN", copies(2))
    surveyor.rests_until = 0
    surveyor.note_change()
    surveyor.look()
    surveyor.thread.join()
    assert surveyed.last(hub.root)
