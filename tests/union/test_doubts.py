"""What a person is to be asked about: kept beside the clusters, in the order in which it matters, and
gone when it is answered."""

import pytest

from lianguan.engine.match import block
from lianguan.engine.match.decide import ASK, DIFFERENT, SAME
from lianguan.engine.union.decisions import OPEN, WORK
from lianguan.engine.union.doubts import Doubt, Doubts
from lianguan.engine.union.granting import TermsOrder, change_terms
from lianguan.engine.union.taking_back import mark_decided
from tests.union.hub import Hub, book


def asked(hub: Hub, *libraries: str) -> list[Doubt]:
    """The open doubts, of some libraries or of all."""
    with hub.catalogue() as opened:
        doubts = Doubts(opened)
        places = doubts.of(opened, libraries) if libraries else range(len(doubts))
        return doubts.at(opened, places)


def pairs(hub: Hub) -> set[frozenset[str]]:
    return {frozenset((one.left, one.right)) for one in asked(hub)}


def copy(number: str, copies: int = 1, **said: str) -> bytes:
    """A book of which a library has so many copies."""
    lines = [f"905   $aHB$b{number}{n:03}$dI247.5" for n in range(copies)]
    return book(number, extra="\n".join(lines), **said)


def test_two_that_the_tables_doubt_are_kept_and_asked_about(hub: Hub) -> None:
    hub.send("JN", book("1", publisher=""))
    hub.send("HB", book("9", publisher="作家出版社"))
    [doubt] = asked(hub)
    assert (doubt.left, doubt.right) == ("HB:9", "JN:1")
    with hub.catalogue() as opened:
        why = opened.explain(doubt.left, doubt.right)
    assert (why.decision, why.together) == (ASK, False)
    before = hub.everything()
    hub.rebuild()
    assert hub.everything() == before


def test_a_doubt_goes_with_its_record_and_comes_back_with_it(hub: Hub) -> None:
    hub.send("JN", book("1", publisher=""))
    loaded = hub.send("HB", book("9", publisher="作家出版社"))
    hub.withdraw(loaded)
    assert hub.doubts() == set()
    hub.send("HB", book("9", publisher="作家出版社"))
    assert hub.doubts() == {frozenset(("JN:1", "HB:9"))}
    hub.send("HB", book("9", title="早晨从中午开始", publisher="作家出版社"))
    assert hub.doubts() == set(), "it says something else now"


@pytest.mark.parametrize("said", [SAME, DIFFERENT, WORK])
def test_what_somebody_has_decided_is_asked_of_nobody_until_it_is_taken_back(
    hub: Hub, said: str
) -> None:
    hub.send("JN", book("1", publisher=""))
    hub.send("HB", book("9", publisher="作家出版社"))
    hub.decide("JN:1", "HB:9", said)
    assert asked(hub) == []
    hub.rebuild()
    assert asked(hub) == []
    hub.decide("JN:1", "HB:9", OPEN)
    assert len(asked(hub)) == 1


def test_what_most_have_is_asked_about_first(hub: Hub) -> None:
    hub.send("JN", copy("1", 1, title="人生", publisher="") + copy("2", 3, publisher=""))
    hub.send("HB", copy("8", 1, title="人生", publisher="作家出版社"))
    hub.send("HB", copy("9", 4, publisher="作家出版社"))
    assert [(one.right, one.copies) for one in asked(hub)] == [("JN:2", 7), ("JN:1", 2)]
    hub.send("JN", "记录号,条码\n".encode() + b"".join(b"1,B%d\n" % n for n in range(9)),
             name="items.csv")  # fmt: skip
    assert [one.right for one in asked(hub)] == ["JN:1", "JN:2"], "copies that came apart count"


def test_two_entries_of_many_records_are_asked_about_once(hub: Hub) -> None:
    same = {"isbn": "9787020049295"}
    for library in ("JN", "HB", "GC"):
        hub.send(library, book("1", **same) + book("2", publisher="作家出版社"))
    assert len(hub.doubts()) > len(asked(hub)) == 1
    one = asked(hub)[0]
    hub.decide(one.left, one.right, DIFFERENT)
    assert asked(hub) == [], "one word answers for both entries"


def test_only_what_is_shown_is_asked_about(hub: Hub) -> None:
    hub.send("JN", book("1", publisher=""))
    hub.send("HB", book("9", publisher="作家出版社"))
    assert len(asked(hub, "HB")) == len(asked(hub, "JN")) == 1
    assert asked(hub, "GC") == []
    change_terms(hub.root, "HB", TermsOrder(shown=False))
    assert asked(hub) == []
    assert len(hub.doubts()) == 1, "it is only not asked about"


def test_a_crowd_is_asked_about_only_where_more_than_the_title_is_alike(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(block, "CAP", 2)
    hub.send("JN", book("1", year="2004"))
    hub.send("HB", book("9", year="2005", publisher=""))
    assert pairs(hub) == {frozenset(("JN:1", "HB:9"))}
    crowd = hub.send("GC", book("5", year="1990", agent="王小满", publisher="青海人民出版社"))
    assert pairs(hub) == set()
    before = hub.everything()
    hub.rebuild()
    assert hub.everything() == before
    hub.withdraw(crowd)
    assert pairs(hub) == {frozenset(("JN:1", "HB:9"))}, "the crowd has gone"


def test_two_editions_of_one_work_stand_apart_and_in_one_work(hub: Hub) -> None:
    hub.send("JN", book("1", title="平凡的世界") + book("2", title="人生"))
    hub.send(
        "HB", book("9", title="Ordinary world", agent="Lu Yao") + book("8", title="世界", agent="")
    )
    apart = hub.together()
    hub.decide("JN:1", "HB:9", WORK)
    hub.decide("HB:9", "HB:8", WORK)
    assert hub.together() == apart
    works = hub.works()
    assert works["JN:1"] == works["HB:9"] == works["HB:8"] not in (0, works["JN:2"])
    with hub.catalogue() as opened:
        entry = opened.entry(opened.address_of("HB:8"))
        assert entry
        assert len(entry.same_work) == 2
        assert {hit.work for hit in opened.search("世界").hits} == {entry.work}
        assert opened.explain("JN:1", "HB:9").decision == WORK
    before = hub.everything()
    hub.rebuild()
    assert hub.everything() == before
    hub.decide("JN:1", "HB:9", OPEN)
    hub.decide("HB:9", "HB:8", OPEN)
    assert len(set(hub.works().values())) == 4


def test_a_word_on_two_of_one_entry_parts_them_into_one_work(hub: Hub) -> None:
    hub.send("JN", book("1"))
    hub.send("HB", book("9"))
    assert len(hub.together()) == 1
    old = hub.entries()["JN:1"]
    hub.decide("JN:1", "HB:9", WORK)
    assert len(hub.together()) == 2
    assert len(set(hub.works().values())) == 1
    with hub.catalogue() as opened:
        assert opened.canonical(old) == old


def test_what_one_origin_says_is_kept_once(hub: Hub) -> None:
    hub.send("JN", book("1", publisher="") + book("2", title="人生"))
    for _ in range(2):
        mark_decided(hub.root, "JN:1", "JN:2", SAME, origin="a")
    assert len(list(hub.sources().decisions.every())) == 1
    assert len(hub.together()) == 2, "nobody has built since"
    hub.send("HB", book("x", title="别的书"))
    assert frozenset(("JN:1", "JN:2")) in hub.together()
