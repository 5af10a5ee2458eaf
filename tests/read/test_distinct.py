"""Every hit has the number of its value: equal bytes of one kind, equal numbers, and no others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianguan.engine.read import compiled, distinct
from lianguan.engine.read.distinct import KIND_BITS, Distinct

pytestmark = pytest.mark.skipif(not compiled.available(), reason="Numba is not installed")

PIECES = (b"", b"a", b"ab", b"1234567", b"12345678", b"123456789", b"12345678\x00", b"x" * 40)
VALUES = st.tuples(
    st.integers(0, 3), st.integers(0, 1), st.sampled_from(PIECES) | st.binary(max_size=20)
)
"""Want, kind of the record, bytes: some that differ only in their length or their last byte."""

Value = tuple[int, int, bytes]


def numbered(numbers: Distinct, values: list[Value], gap: int) -> list[int]:
    """The numbers given to values that stand in one buffer, `gap` bytes apart."""
    data, hits = b"?" * gap, []
    for want, kind, value in values:
        hits.append((want, kind, len(data), len(value)))
        data += value + b"?" * gap
    buf = np.frombuffer(data + bytes(16 - len(data) % 8), np.uint8)
    lines = np.array(hits, np.int32).reshape(-1, 4)
    found: list[int] = numbers.number(buf, lines, np.array([0, 1], np.uint8))[0].tolist()
    return found


def told(numbers: Distinct, first: int) -> dict[int, Value]:
    """What the numbers from `first` on stand for."""
    return {
        int(number): (tag >> KIND_BITS, tag & ((1 << KIND_BITS) - 1), value)
        for tag, places, values in numbers.by_tag(first, numbers.known)
        for number, value in zip(places.tolist(), values, strict=True)
    }


@given(st.lists(st.lists(VALUES, max_size=30), max_size=4), st.integers(0, 9))
def test_each_value_has_one_number_and_each_number_one_value(
    blocks: list[list[Value]], gap: int
) -> None:
    numbers, known = Distinct(), dict[int, Value]()
    for values in blocks:
        first = numbers.known
        ids = numbered(numbers, values, gap)
        known |= told(numbers, first)
        assert [known[number] for number in ids] == values
    assert sorted(known) == list(range(numbers.known))
    assert len(set(known.values())) == len(known)


def test_when_there_is_no_room_everything_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distinct, "VALUES_KEPT", 8)
    monkeypatch.setattr(distinct, "WORDS_KEPT", 16)
    numbers = Distinct()
    for i in range(40):
        values = [(0, 0, b"%d of a block" % (i + j)) for j in range(3)]
        ids = numbered(numbers, values, 1)
        kept = told(numbers, 0)
        assert [kept[number] for number in ids] == values
        assert numbers.known <= 8


def test_a_block_larger_than_all_room_makes_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distinct, "VALUES_KEPT", 8)
    monkeypatch.setattr(distinct, "WORDS_KEPT", 16)
    numbers = Distinct()
    values = [(i % 4, 0, b"%d" % i * 30) for i in range(700)]
    ids = numbered(numbers, values, 3)
    kept = told(numbers, 0)
    assert [kept[number] for number in ids] == values
