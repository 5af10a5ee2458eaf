"""The rows of a table over one record, in plain Python."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from lianguan.engine.mapping.rows import LEADER_TAG, Row, Table, Want, evaluator
from lianguan.engine.mapping.statements import put_together
from lianguan.engine.read.decoding import Decoder
from lianguan.engine.read.source import SourceRecord
from lianguan.engine.record import Record

Place = tuple[bytes, str]
"""The bytes of a wanted place and the name of its field."""


def map_one(record: SourceRecord, table: Table, decoder: Decoder) -> Record:
    """The neutral record. Repairs of its texts are left in `decoder.rules`."""
    places = _places(record, table.linked)
    values: dict[str, list[Any]] = defaultdict(list)
    for row, tags in table.rows_and_tags:
        if not places.keys().isdisjoint(tags):
            values[row.slot] += _values(row, places, decoder)
    return assemble(values)


def assemble(values: dict[str, list[Any]]) -> Record:
    """A record from the values of its slots: all of them, or the first where there is one."""
    return Record(**{slot: as_slot(slot, found) for slot, found in values.items() if found})


SINGLE = frozenset(slot for slot, default in Record._field_defaults.items() if default != ())
"""Slots that hold one value: that of the first row which has one."""


def once_each(found: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


TOGETHER: dict[str, Callable[[Sequence[Any]], tuple[Any, ...]]] = {
    "languages": once_each,
    "holdings": put_together,
}
"""Slots whose values are looked at together when all fields of the record are read."""


def as_slot(slot: str, found: list[Any]) -> Any:
    if slot in SINGLE:
        return found[0]
    return TOGETHER[slot](found) if slot in TOGETHER else tuple(found)


def _places(record: SourceRecord, linked: bool) -> dict[int, list[Place]]:
    """The fields of a record by tag, in order; those in 880 under the tag they repeat."""
    places: dict[int, list[Place]] = defaultdict(list)
    places[LEADER_TAG].append((record.leader, "LDR"))
    for field in record.fields:
        if not field.tag.isdigit():
            continue
        tag, name = int(field.tag), field.tag.decode()
        if tag == 880 and linked:
            to = field.data[4:7]
            if field.data[2:4] != b"\x1f6" or len(to) < 3 or not to.isdigit():
                continue
            tag, name = int(to), f"880-{to.decode()}"
        places[tag].append((field.data, name))
    return places


def _values(row: Row, places: dict[int, list[Place]], decoder: Decoder) -> list[Any]:
    found = [
        value
        for want, raw, source in _chosen(row.wants, places)
        for value in evaluator(row, want, decoder, source)(raw)
    ]
    if not found and row.otherwise:
        return _values(row.otherwise, places, decoder)
    return found if row.takes_every else found[:1]


def _chosen(
    wants: tuple[Want, ...], places: dict[int, list[Place]]
) -> list[tuple[Want, bytes, str]]:
    """The bytes that the wants ask for, want by want."""
    return [
        (want, part, source)
        for want in wants
        for data, source in places.get(want.tag, ())
        for part in _parts(want, data)
    ]


def _parts(want: Want, data: bytes) -> list[bytes]:
    """The wanted subfields of a field or the field itself, cut to the wanted slice."""
    parts = [data]
    if want.code:
        code = want.code.encode()
        parts = [part[1:] for part in data.split(b"\x1f")[1:] if part[:1] == code]
    if want.low or want.high:
        parts = [part[want.low : want.high or None] for part in parts if len(part) > want.low]
    return parts
