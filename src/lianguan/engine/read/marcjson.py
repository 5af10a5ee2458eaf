"""MARC-in-JSON: an array of records, or one record a line."""

import json
from collections.abc import Iterator
from typing import Any

from lianguan.engine.read.findings import Reason
from lianguan.engine.read.repair import LOST_TAG, Lost
from lianguan.engine.read.source import SourceField, SourceRecord

Placed = tuple[int, int, SourceRecord | Lost]
"""Byte offset and length in the file, and the record there."""


def records(data: bytes) -> Iterator[Placed]:
    """The records of a file, with the place of each; a line that is no record is lost alone."""
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    decoder = json.JSONDecoder(strict=False)
    at = 0
    place = len(data) - len(text.encode())
    while (start := _next_object(text, at)) >= 0:
        place += len(text[at:start].encode())
        try:
            found, end = decoder.raw_decode(text, start)
        except (json.JSONDecodeError, RecursionError):
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            found = None
        size = len(text[start:end].encode())
        yield place, size, _record(found)
        place, at = place + size, end


def _next_object(text: str, at: int) -> int:
    return text.find("{", at)


def _record(found: Any) -> SourceRecord | Lost:
    if not isinstance(found, dict) or not isinstance(found.get("fields"), list):
        return Lost(Reason.NOT_A_RECORD)
    fields = [
        _field(str(tag), content)
        for field in found["fields"]
        if isinstance(field, dict)
        for tag, content in field.items()
    ]
    leader = str(found.get("leader", "")).encode("ascii", "replace").ljust(24)[:24]
    return SourceRecord(leader, tuple(fields))


def _field(tag: str, content: Any) -> SourceField:
    name = tag.encode("ascii", "replace")
    if not isinstance(content, dict):
        return SourceField(name if len(name) == 3 else LOST_TAG, str(content).encode())
    said = [
        f"\x1f{str(code)[:1]}{text}"
        for subfield in content.get("subfields") or []
        if isinstance(subfield, dict)
        for code, text in subfield.items()
    ]
    ind = str(content.get("ind1") or " ")[:1] + str(content.get("ind2") or " ")[:1]
    return SourceField(name if len(name) == 3 else LOST_TAG, (ind + "".join(said)).encode())
