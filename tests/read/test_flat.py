"""The flat read: every value of a file behind its selector, compiled or not."""

import io

import pytest

from lianguan.engine.read import blocks, flat_plain
from lianguan.engine.read.flat import TextColumn, flat
from lianguan.engine.read.framing import LOOKAHEAD
from tests.damage import damaged
from tests.making import iso2709, source

SELECTORS = ["650$a", "001", "245$a", "245$c", "008", "300"]

Columns = dict[str, list[tuple[int, bytes]]]


def columns(data: bytes) -> Columns:
    return {selector: values(c) for selector, c in flat(io.BytesIO(data), SELECTORS).items()}


def values(column: TextColumn) -> list[tuple[int, bytes]]:
    texts = [
        column.data[a:b].tobytes() for a, b in zip(column.offsets, column.offsets[1:], strict=False)
    ]
    return list(zip(column.record.tolist(), texts, strict=True))


def plainly(data: bytes, patch: pytest.MonkeyPatch) -> Columns:
    patch.setenv("LIANGUAN_PLAIN", "1")
    return columns(data)


def some(count: int) -> list[bytes]:
    lines = "001 {0} | 245 10$a青海湖志 {0}$a$cZhang$aagain | 300   | 650  0$aLakes$xHistory | 650  0$a | 650  0$aBirds"
    return [iso2709(source(lines.format(i))) for i in range(count)]


@pytest.mark.parametrize("plain", ["", "1"])
def test_repeated_subfields_come_in_order_and_empty_ones_not_at_all(
    plain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANGUAN_PLAIN", plain)
    found = columns(b"".join(some(2)))
    assert list(found) == SELECTORS
    assert found["001"] == [(0, b"0"), (1, b"1")]
    assert found["245$a"] == [
        (0, "青海湖志 0".encode()), (0, b"again"), (1, "青海湖志 1".encode()), (1, b"again"),
    ]  # fmt: skip
    assert found["650$a"] == [(0, b"Lakes"), (0, b"Birds"), (1, b"Lakes"), (1, b"Birds")]
    assert found["008"] == []


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_reads_the_same_with_and_without_numba(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, _ = damaged(some(60), seed)
    assert columns(data) == plainly(data, monkeypatch)


def test_no_record_is_lost_or_counted_twice_between_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"".join(some(6 * LOOKAHEAD // 150))
    whole = columns(data)
    assert [number for number, _ in whole["001"]] == list(range(len(whole["001"])))
    monkeypatch.setattr(flat_plain, "BLOCK", 2 * LOOKAHEAD)
    monkeypatch.setattr(blocks.blocks, "__defaults__", (None, 3 * LOOKAHEAD))
    assert columns(data) == whole
    assert plainly(data, monkeypatch) == whole


def test_a_file_without_records_has_columns_without_values(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(map(len, columns(b"").values())) == {0}
    assert set(map(len, plainly(b"", monkeypatch).values())) == {0}
