"""What a person decides: seen at once, kept for good, and taken back."""

from pathlib import Path

import pytest

from lianguan.engine.match.decide import DIFFERENT, SAME
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.decisions import OPEN, Decision, DecisionLog
from lianguan.engine.union.taking_back import decide
from tests.union.hub import Hub, book


def test_a_decision_joins_parts_and_is_taken_back(hub: Hub) -> None:
    hub.send("JN", book("1", title="平凡的世界") + book("2", title="人生"))
    hub.send("HB", book("9", title="世界文学史") + book("8", title="人生"))
    was = hub.together()
    assert frozenset({"JN:2", "HB:8"}) in was
    hub.decide("JN:1", "HB:9", SAME)
    hub.decide("HB:8", "JN:2", DIFFERENT)
    assert hub.together() == {
        frozenset({"JN:1", "HB:9"}), frozenset({"JN:2"}), frozenset({"HB:8"})
    }  # fmt: skip
    with hub.catalogue() as catalogue:
        (hit,) = catalogue.search("世界文学史").hits
        assert hit.libraries == ("HB", "JN")
        assert catalogue.explain("JN:1", "HB:9").rule == "person"
    before = hub.everything()
    hub.rebuild()
    assert hub.everything() == before
    hub.decide("JN:1", "HB:9", OPEN)
    hub.decide("JN:2", "HB:8", SAME)
    assert hub.together() == was


def test_the_last_decision_on_a_pair_holds_whichever_record_is_named_first(hub: Hub) -> None:
    hub.send("JN", book("1") + book("2", title="人生"))
    hub.decide("JN:1", "JN:2", SAME)
    hub.decide("JN:2", "JN:1", DIFFERENT)
    hub.send("JN", book("1", extra="300   $a附注"))
    assert len(hub.together()) == 2
    assert [one.said for one in hub.sources().decisions.every()] == [SAME, DIFFERENT]


def test_a_decision_on_what_is_not_there_is_refused_and_not_kept(hub: Hub) -> None:
    hub.send("JN", book("1"))
    for two, code in ((("JN:1", "JN:7"), "record_unknown"), (("JN:1", "JN:1"), "on_itself")):
        with pytest.raises(Refused, match=code):
            decide(hub.root, *two, SAME)
    assert not list(hub.sources().decisions.every())


def test_a_decision_survives_a_delivery_taken_back_and_sent_again(hub: Hub) -> None:
    hub.send("JN", book("1"))
    loaded = hub.send("HB", book("9", title="世界文学史"))
    hub.decide("JN:1", "HB:9", SAME)
    hub.withdraw(loaded)
    assert hub.together() == {frozenset({"JN:1"})}
    hub.send("HB", book("9", title="世界文学史"))
    assert hub.together() == {frozenset({"JN:1", "HB:9"})}


def test_a_decision_cut_short_by_a_power_cut_is_none_and_spoils_nothing(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    first = Decision("000001-20260101T000000Z", "HB:9", "JN:1", SAME, "王小满")
    log.add(first)
    whole = log.path.read_bytes()
    log.path.write_bytes(whole + b'{"at": "000002-2026')
    assert list(log.every()) == [first]
    second = Decision("000002-20260102T000000Z", "HB:9", "JN:1", OPEN)
    log.add(second)
    assert list(log.every()) == [first, second]
    assert log.in_force() == {}
