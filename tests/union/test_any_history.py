"""Any history of a catalogue: deliveries, full ones, copies, deletions, leavings, withdrawals. What it
comes to is what a rebuild gives, and what the model of a librarian's mind says it should be."""

import contextlib
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianguan.engine.match import block
from lianguan.engine.match.block import CAP
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.decisions import DECISIONS
from lianguan.engine.union.loading import Loaded
from tests.union.hub import Hub, book
from tests.union.test_history import books

Event = tuple[str, Any]

libraries = st.sampled_from(("JN", "HB", "GC"))
keys = st.builds("{}:{}".format, libraries, st.integers(1, 4))

KINDS = ("send", "send", "send", "changes", "changes", "full", "deletes", "leave", "items", "withdraw",
         "decide")  # fmt: skip
NUMBERS = ("1", "2", "3", "4", "1~2")
"""What a list of deletions names; the last is what a second record under the first is called."""


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    """Deliveries of a few records, now and then a full one, a file of changes with deletions
    among them, a list of deletions, copies, a leaving, a withdrawal, a decision."""
    found: list[Event] = []
    for _ in range(draw(st.integers(2, 8))):
        kind = draw(st.sampled_from(KINDS))
        if kind in ("send", "full"):
            found.append((kind, draw(st.lists(books(), min_size=1, max_size=3))))
        elif kind == "changes":
            said = draw(st.lists(st.tuples(books(), st.booleans()), min_size=1, max_size=4))
            found.append((kind, (said[0][0][0], b"".join(_changed(*one) for one in said))))
        elif kind == "deletes":
            numbers = draw(st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=3))
            found.append((kind, (draw(libraries), "\n".join(numbers).encode())))
        elif kind == "leave":
            found.append((kind, draw(libraries)))
        elif kind == "decide":
            two = draw(st.lists(keys, min_size=2, max_size=2, unique=True))
            found.append((kind, (*two, draw(st.sampled_from(DECISIONS)))))
        elif kind == "items":
            found.append((kind, (draw(st.sampled_from(("JN", "HB"))), draw(st.integers(1, 4)))))
        else:
            found.append((kind, draw(st.integers(0, 7))))
    return found


def _changed(one: tuple[str, str, bytes], is_deleted: bool) -> bytes:
    """A line of a file of changes: a record, or that it was deleted."""
    return one[2][:5] + b"d" + one[2][6:] if is_deleted else one[2]


class Happened:
    """What happened, and what of it was not taken back."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.stayed: dict[int, Event] = {}
        self.loads: list[tuple[Loaded, int]] = []

    def happen(self, history: list[Event]) -> None:
        """Let it happen; a withdrawal takes back one of the deliveries that are there."""
        for number, (kind, said) in enumerate(history):
            if kind == "withdraw":
                self.withdraw(said)
                continue
            with contextlib.suppress(*[Refused][: kind == "leave"]):
                if kind == "decide":
                    self.hub.decide(*said)
                else:
                    self.loads.append((_sent(self.hub, kind, said, number), number))
                self.stayed[number] = (kind, said)

    def withdraw(self, which: int) -> None:
        if self.loads:
            loaded, number = self.loads.pop(which % len(self.loads))
            self.hub.withdraw(loaded)
            del self.stayed[number]


def _sent(hub: Hub, kind: str, said: Any, count: int) -> Loaded:
    """A delivery of some kind."""
    if kind == "leave":
        return hub.leave(said)
    if kind == "items":
        library, number = said
        items = f"记录号,条码\n{number},B{count}\n".encode()
        return hub.send(library, items, name="items.csv")
    if kind == "deletes":
        return hub.send(*said, name="gone.txt", is_deletes=True, may_delete=True)
    if kind == "changes":
        return hub.send(*said)
    data = b"".join(one[2] for one in said)
    return hub.send(said[0][0], data, is_full=kind == "full", may_delete=True)


def check(history: list[Event], cap: int = CAP) -> None:
    """With a low `cap` blocks are crowded and cease to be all the time."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as patched,
    ):
        patched.setattr(block, "CAP", cap)
        hub = Hub(Path(folder))
        happened = Happened(hub)
        happened.happen(history)
        if not (hub.root / "catalogue").exists():
            return
        before = hub.everything()
        searched = _searched(hub)
        hub.rebuild()
        assert hub.everything() == before
        assert _searched(hub) == searched
        assert set(searched) == set(hub.entries().values()), "the index has every entry"
        for which in range(len(happened.loads) // 2):
            happened.withdraw(which)
        check_nothing_is_left_of_what_was_taken_back(hub, list(happened.stayed.values()))


def check_nothing_is_left_of_what_was_taken_back(hub: Hub, stayed: list[Event]) -> None:
    """The catalogue is that of a hub where only the rest ever happened."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        other = Hub(Path(folder))
        Happened(other).happen(stayed)
        for one in (hub, other):
            one.send("XX", book("x", title="别的书"))
        assert hub.entries() == other.entries()


def _searched(hub: Hub) -> dict[str, object]:
    """Entry → what the search index shows of it."""
    with hub.catalogue() as catalogue:
        return {hit.entry: hit for hit in catalogue.search("", limit=1000).hits}


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(events(), st.sampled_from((1, 2, CAP)))
def test_a_rebuild_gives_what_any_history_came_to(history: list[Event], cap: int) -> None:
    check(history, cap)


@pytest.mark.long
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(events(), st.sampled_from((1, 2, CAP)))
def test_a_rebuild_gives_what_two_thousand_histories_came_to(
    history: list[Event], cap: int
) -> None:
    check(history, cap)
