"""What was sent is listed with how it stands, at any moment of its life."""

import threading
from pathlib import Path

import pytest

from lianguan.engine.read.findings import Refused
from lianguan.engine.union import deliveries
from lianguan.engine.union.database import building
from lianguan.engine.union.deliveries import GOING, IN, PUT_ASIDE, WAITING, WITHDRAWN, Sent
from lianguan.engine.union.progress import Progress, Telling, progress
from lianguan.engine.union.rebuilding import ready_builder
from lianguan.engine.union.taking_back import check_withdrawal, mark_withdrawn
from tests.union.hub import Hub, book

BROKEN = b"00099nam0 this is no record\x1d"


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(tmp_path)


def carried_out(hub: Hub) -> None:
    """What the worker does."""
    with building(hub.root, "worker"):
        ready_builder(hub.root, lambda *_: None)


def one(hub: Hub, import_id: str) -> Sent:
    return deliveries.delivery(hub.root, import_id)


def test_a_delivery_waits_is_in_goes_and_is_gone(hub: Hub) -> None:
    waiting = hub.receive("JN", book("1"))
    assert one(hub, waiting.id).state == WAITING
    carried_out(hub)
    assert one(hub, waiting.id).state == IN
    assert one(hub, waiting.id).counts["new"] == 1
    mark_withdrawn(hub.root, waiting.id)
    assert one(hub, waiting.id).state == GOING
    carried_out(hub)
    assert one(hub, waiting.id).state == WITHDRAWN
    with hub.catalogue() as catalogue:
        assert catalogue.size()[0] == 0


def test_what_was_taken_back_is_not_taken_back_again(hub: Hub) -> None:
    loaded = hub.send("JN", book("1"))
    check_withdrawal(hub.root, loaded.import_id)
    mark_withdrawn(hub.root, loaded.import_id)
    event = hub.sources().find(loaded.import_id)
    mark_withdrawn(hub.root, loaded.import_id)
    assert hub.sources().find(loaded.import_id) == event
    with pytest.raises(Refused, match="import_withdrawn"):
        check_withdrawal(hub.root, loaded.import_id)
    with pytest.raises(Refused, match="import_unknown"):
        mark_withdrawn(hub.root, "000077-20260101T000000Z")


def test_what_could_not_be_loaded_says_why(hub: Hub) -> None:
    waiting = hub.receive("JN", book("1"))
    hub.sources().put_aside(waiting, "columns_gone")
    found = one(hub, waiting.id)
    assert (found.state, found.reason) == (PUT_ASIDE, "columns_gone")
    assert found.id in {sent.id for sent in deliveries.deliveries(hub.root)}


def test_the_last_come_first_page_by_page_and_each_library_sees_its_own(hub: Hub) -> None:
    for number in range(5):
        hub.send("JN" if number % 2 else "HB", book(str(number)))
    numbers = [sent.id[:6] for sent in deliveries.deliveries(hub.root, limit=2)]
    assert numbers == ["000005", "000004"]
    assert [s.id[:6] for s in deliveries.deliveries(hub.root, limit=2, before=4)] == [
        "000003",
        "000002",
    ]
    assert {sent.library for sent in deliveries.deliveries(hub.root, ["JN"])} == {"JN"}
    assert not deliveries.deliveries(hub.root, [])


def test_what_was_set_aside_comes_back_as_it_was_sent(hub: Hub) -> None:
    waiting = hub.receive("JN", book("1") + BROKEN + book("2"))
    carried_out(hub)
    (piece,) = deliveries.set_aside(hub.root, waiting.id)
    assert piece.reason
    assert deliveries.bytes_set_aside(hub.root, one(hub, waiting.id)) == BROKEN


def test_whoever_sees_a_delivery_that_is_in_sees_what_was_set_aside_of_it(hub: Hub) -> None:
    hub.send("HB", book("1"))
    waiting = hub.receive("JN", book("1") + BROKEN + book("2"))
    seen = set[tuple[str, int]]()

    def look(*_: object) -> None:
        listed = deliveries.set_aside(hub.root, waiting.id)
        seen.add((one(hub, waiting.id).state, len(listed)))

    with building(hub.root, "worker"):
        ready_builder(hub.root, look)
    assert (IN, 1) in seen
    assert (IN, 0) not in seen


def test_rows_that_were_set_aside_stand_below_the_heading_of_their_table(hub: Hub) -> None:
    heading, lost = "题名,责任者\n".encode(), b"\x81,\xff\xff\xff\n"
    waiting = hub.receive("JN", heading + "平凡的世界,路遥\n".encode() + lost)
    carried_out(hub)
    assert deliveries.bytes_set_aside(hub.root, one(hub, waiting.id)) == heading + lost


def test_how_far_a_load_is_can_be_seen_while_it_goes_on_and_not_after(hub: Hub) -> None:
    assert progress(hub.root) is None
    hub.send("JN", book("1"))
    telling = Telling(hub.root)
    with building(hub.root, "worker"):
        telling("read", 5, 10)
        telling("read", 6, 10)  # too soon to be told
        assert progress(hub.root) == Progress("read", 5, 10)
        telling("match", 0, 3)
        assert progress(hub.root) == Progress("match", 0, 3)
    assert progress(hub.root) is None


def test_who_looks_how_far_it_is_keeps_nobody_from_building(hub: Hub) -> None:
    hub.send("JN", book("1"))
    ended = threading.Event()

    def look() -> None:
        while not ended.is_set():
            progress(hub.root)

    onlooker = threading.Thread(target=look)
    onlooker.start()
    try:
        for _ in range(50):
            with building(hub.root, "worker"):
                pass
    finally:
        ended.set()
        onlooker.join()


def test_a_disk_that_is_full_stops_no_load_because_of_what_is_told(
    hub: Hub, tmp_path: Path
) -> None:
    Telling(tmp_path / "nowhere")("read", 1, 2)
