"""A nightly file of changes in the order in which they happened: of what it says of a number
the last counts, as if each line had come alone."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianguan.engine.union import delivery, sharing
from lianguan.engine.union.keys import Numbers
from tests.union.hub import Hub, book

Line = tuple[str, str]
"""A number and the title of its record; "" says that the record was deleted."""


def gone(number: str) -> bytes:
    """A record that its library has marked deleted."""
    data = bytearray(book(number))
    data[5:6] = b"d"
    return bytes(data)


def file_of(lines: list[Line]) -> bytes:
    return b"".join(book(number, title) if title else gone(number) for number, title in lines)


def titles(hub: Hub, library: str = "JN") -> dict[str, str]:
    """Number → title of the records that a library has in the catalogue."""
    with hub.catalogue() as catalogue:
        rows = catalogue.connection.execute(
            "SELECT number, kept FROM descriptions WHERE library = ?", (library,)
        ).fetchall()
        records = ((row[0], catalogue.packing.record(row[1])) for row in rows)
        return {number: one.title.text for number, one in records if one.title}


def test_a_record_that_is_added_and_then_deleted_in_one_file_is_not_there(hub: Hub) -> None:
    loaded = hub.send("JN", book("1") + book("2", title="人生") + gone("1"))
    assert set(hub.entries()) == {"JN:2"}
    assert (loaded.new, loaded.deleted, loaded.marked_deleted) == (2, 1, 1)


def test_a_record_that_is_deleted_and_then_added_again_is_as_it_came_last(hub: Hub) -> None:
    hub.send("JN", book("1"))
    loaded = hub.send("JN", gone("1") + book("1", title="早晨"))
    assert titles(hub) == {"1": "早晨"}
    assert (loaded.changed, loaded.deleted, loaded.repaired) == (1, 0, {})


def test_a_record_that_comes_goes_and_comes_again_keeps_its_number(hub: Hub) -> None:
    """Also where the catalogue has it as it comes the second time."""
    hub.send("JN", book("1"))
    loaded = hub.send("JN", book("1", title="早晨") + gone("1") + book("1"))
    assert titles(hub) == {"1": "平凡的世界"}
    assert loaded.repaired == {}


def test_in_several_files_the_later_file_counts(hub: Hub) -> None:
    hub.send("JN", book("1") + book("2"), gone("1"))
    assert titles(hub) == {"2": "平凡的世界"}
    hub.send("JN", gone("2"), book("2", title="早晨"))
    assert titles(hub) == {"2": "早晨"}


def test_what_came_several_times_under_a_number_is_deleted_with_it(hub: Hub) -> None:
    hub.send("JN", file_of([("1", "甲"), ("1", "乙"), ("1", "丙"), ("11", "丁")]))
    assert set(titles(hub)) == {"1", "1~2", "1~3", "11"}
    loaded = hub.send("JN", gone("1"))
    assert titles(hub) == {"11": "丁"}
    assert loaded.deleted == 3


def test_twins_of_which_one_is_gone_already_are_all_deleted(hub: Hub) -> None:
    hub.send("JN", file_of([("1", "甲"), ("1", "乙"), ("1", "丙")]))
    hub.send("JN", gone("1~2"))
    assert set(titles(hub)) == {"1", "1~3"}
    hub.send("JN", gone("1"))
    assert titles(hub) == {}


def test_a_number_that_only_looks_like_that_of_a_twin_is_left_alone(hub: Hub) -> None:
    """The library itself has given the numbers 1~2 and 1~x, the latter twice."""
    hub.send("JN", file_of([("1", "甲"), ("1~2", "乙"), ("1~x", "丙"), ("1~x", "丁")]))
    hub.send("JN", gone("1"))
    assert titles(hub) == {"1~2": "乙", "1~x": "丙", "1~x~2": "丁"}


def test_a_twin_does_not_take_the_number_of_another_record() -> None:
    numbers = Numbers()
    came = [numbers.unique(one)[0] for one in ("5", "5~2", "5", "5", "5~2")]
    assert came == ["5", "5~2", "5~3", "5~4", "5~2~2"]
    assert len(set(came)) == len(came)


def test_an_address_that_leads_to_what_is_left_is_not_lost_by_a_record_that_came_and_went(
    hub: Hub,
) -> None:
    hub.send("JN", book("1"))
    hub.send("HB", book("9"))
    with hub.catalogue() as catalogue:
        own = catalogue.connection.execute("SELECT address FROM records WHERE number = '1'")
        address = own.fetchone()[0]
    hub.send("JN", gone("1"))
    hub.send("JN", book("1") + gone("1"))
    with hub.catalogue() as catalogue:
        assert catalogue.canonical(address) == catalogue.address_of("HB:9")


def test_a_record_that_nobody_ever_saw_leaves_no_address(hub: Hub) -> None:
    hub.send("JN", book("2", title="人生"))
    hub.send("JN", book("1") + gone("1"))
    with hub.catalogue() as catalogue:
        assert list(catalogue.connection.execute("SELECT * FROM former")) == []


def test_the_last_counts_also_in_a_file_that_several_processes_prepare(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "processes", lambda: 2)
    monkeypatch.setattr(sharing, "processes", lambda: 2)
    many = [book(str(n), title=f"第{n}种书的题名") for n in range(9000)]
    first, last = many[:5], [book("3", title="又来了")]
    data = b"".join([*many, *map(gone, map(str, range(5))), *last])
    assert len(data) > delivery.WORTH_SHARING
    loaded = hub.send("JN", data)
    assert (loaded.new, loaded.deleted) == (9000, 4)
    said = titles(hub)
    assert {n: said.get(str(n)) for n in range(6)} == {
        0: None, 1: None, 2: None, 3: "又来了", 4: None, 5: "第5种书的题名"}  # fmt: skip
    hub.send("JN", b"".join([*first, gone("1")]))
    assert {"0", "2", "4"} <= set(titles(hub))
    before = hub.everything()
    hub.rebuild()
    assert hub.everything() == before


lines = st.lists(
    st.tuples(st.sampled_from("123"), st.sampled_from(("", "平凡的世界", "人生", "世界"))),
    min_size=1,
    max_size=7,
)


def after(there: dict[str, str], came: list[Line]) -> dict[str, str]:
    """What a librarian expects a file to make of a library's records."""
    known, times = dict(there), dict[str, int]()
    for number, title in came:
        if title:
            times[number] = times.get(number, 0) + 1
            known[number if times[number] == 1 else f"{number}~{times[number]}"] = title
        else:
            times[number] = 0
            known = {one: said for one, said in known.items() if one.split("~")[0] != number}
    return known


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(lines, min_size=2, max_size=4), st.integers(0, 3))
def test_files_of_changes_come_to_what_a_librarian_expects(
    files: list[list[Line]], withdrawn: int
) -> None:
    """One after the other, with one of them taken back, and built again."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        hub = Hub(Path(folder))
        loads = []
        expected: dict[str, str] = {}
        for came in files:
            loads.append(hub.send("JN", file_of(came)))
            expected = after(expected, came)
            assert titles(hub) == expected
        number = withdrawn % len(files)
        hub.withdraw(loads[number])
        expected = {}
        for came in (*files[:number], *files[number + 1 :]):
            expected = after(expected, came)
        assert titles(hub) == expected
        before = hub.everything()
        hub.rebuild()
        assert hub.everything() == before
