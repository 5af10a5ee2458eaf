"""A neutral record as it is kept in the catalogue: packed JSON with only what it says.

Named tuples become lists; a text that knows its field becomes [text, field].
"""

import json
import threading
from collections.abc import Callable
from typing import Any

import zstandard

from lianguan.engine.mapping.rows import Text
from lianguan.engine.record import (
    SLOTS,
    ClassNumber,
    Extent,
    Holding,
    Identifier,
    Link,
    Name,
    Note,
    Online,
    Part,
    Publication,
    Record,
    Series,
    Subject,
    Title,
    Years,
)

Made = Callable[[list[Any]], Any]

LEVEL = 1


def _parts(said: list[Any]) -> tuple[Part, ...]:
    return tuple(Part(*one) for one in said)


def _identifiers(said: list[Any]) -> tuple[Identifier, ...]:
    return tuple(Identifier(*one) for one in said)


KINDS: dict[str, tuple[Callable[..., Any], dict[int, Made]]] = {
    "identifiers": (Identifier, {}),
    "titles": (Title, {2: tuple, 3: _parts}),
    "agents": (Name, {2: tuple}),
    "publications": (Publication, {}),
    "years": (Years, {}),
    "series": (Series, {3: _parts}),
    "subjects": (Subject, {}),
    "classes": (ClassNumber, {}),
    "notes": (Note, {}),
    "links": (Link, {2: _identifiers}),
    "online": (Online, {}),
    "holdings": (Holding, {3: tuple}),
}
"""Slot → what its values are, and which of their fields hold several values."""


def to_json(record: Record) -> bytes:
    """The record as JSON."""
    said = {slot: _sourced(value) for slot, value in zip(SLOTS, record, strict=True) if value != ()}
    kept = {slot: value for slot, value in said.items() if value not in ("", None)}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def _sourced(value: Any) -> Any:  # of any slot
    if isinstance(value, Text):
        return [str(value), value.source] if value else ""
    if isinstance(value, tuple) and value and isinstance(value[0], Text):
        return [[str(one), one.source] for one in value]
    return value


def from_json(data: bytes) -> Record:
    """The record that `to_json` wrote."""
    return Record(**{slot: _slot(slot, value) for slot, value in json.loads(data).items()})


def _slot(slot: str, value: Any) -> Any:
    if slot in KINDS:
        make, several = KINDS[slot]
        return tuple(make(*_fields(one, several)) for one in value)
    if slot == "extent":
        return Extent(*value)
    if slot == "languages":
        return tuple(Text(*one) if isinstance(one, list) else one for one in value)
    return Text(*value) if isinstance(value, list) else value


def _fields(said: list[Any], several: dict[int, Made]) -> list[Any]:
    for place, make in several.items():
        said[place] = make(said[place])
    return said


class _Packers(threading.local):
    """One packer and one unpacker a thread: they are dear to make and not to be shared."""

    def __init__(self) -> None:
        self.compress = zstandard.ZstdCompressor(level=LEVEL).compress
        self.decompress = zstandard.ZstdDecompressor().decompress


_packers = _Packers()


def pack(data: bytes) -> bytes:
    return _packers.compress(data)


def unpack(data: bytes) -> bytes:
    return _packers.decompress(data)
