"""Why a cluster is one: pair by pair, the surest first."""

from lianguan.engine.match.decide import SAME
from lianguan.engine.union.granting import TermsOrder, change_terms
from lianguan.engine.union.ties import ties
from tests.union.hub import Hub, book

ISBN = "9787020049295"


def tied(hub: Hub, key: str) -> list[tuple[str, str]]:
    with hub.catalogue() as opened:
        return ties(opened, opened.address_of(key))


def test_every_record_is_tied_to_another_once_and_the_surest_pair_comes_first(hub: Hub) -> None:
    hub.send("JN", book("1", isbn=ISBN))
    hub.send("HB", book("9"))
    hub.send("GC", book("5", isbn=ISBN))
    assert tied(hub, "HB:9") == [("GC:5", "JN:1"), ("GC:5", "HB:9")]


def test_what_a_person_joined_is_said_first(hub: Hub) -> None:
    hub.send("JN", book("1", isbn=ISBN))
    hub.send("HB", book("9", title="世界"))
    hub.send("GC", book("5", isbn=ISBN))
    hub.decide("HB:9", "JN:1", SAME)
    assert tied(hub, "GC:5") == [("HB:9", "JN:1"), ("GC:5", "JN:1")]
    with hub.catalogue() as opened:
        rules = [one.rule for one in opened.explain_pairs(tied(hub, "GC:5"))]
    assert rules == ["person", "number"]


def test_a_chain_is_told_link_by_link(hub: Hub) -> None:
    """The ends have nothing in common by themselves."""
    hub.send("JN", book("1", isbn=ISBN, publisher="", year=""))
    hub.send("HB", book("9", isbn=ISBN))
    hub.send("GC", book("5"))
    found = tied(hub, "JN:1")
    assert set(found) == {("HB:9", "JN:1"), ("GC:5", "HB:9")}
    with hub.catalogue() as opened:
        assert {one.decision for one in opened.explain_pairs(found)} == {SAME}


def test_an_entry_of_one_record_is_tied_to_nothing(hub: Hub) -> None:
    hub.send("JN", book("1"))
    assert tied(hub, "JN:1") == []


def test_what_hangs_together_by_a_record_that_is_not_shown_names_it_to_nobody(hub: Hub) -> None:
    hub.send("JN", book("1", isbn=ISBN, publisher="", year=""))
    hub.send("HB", book("9", isbn=ISBN))
    hub.send("GC", book("5"))
    assert len(tied(hub, "JN:1")) == len(("JN to HB", "HB to GC"))
    change_terms(hub.root, "HB", TermsOrder(shown=False))
    assert tied(hub, "JN:1") == [("GC:5", "JN:1")]
