"""MARC-in-JSON: an array of records, or one record a line."""

import json
from collections.abc import Iterator
from typing import Any

from lianguan.engine.read.findings import Reason
from lianguan.engine.read.repair import LOST_TAG, Lost
from lianguan.engine.read.source import SourceField, SourceRecord

Placed = tuple[int, int, SourceRecord | Lost]
"""Byte offset and length in the file, and the record there."""


LONGEST_OBJECT = 2 << 20
"""Characters of a record; what does not end within them is none."""


def records(data: bytes) -> Iterator[Placed]:
    """The records of a file, with the place of each; a line that is no record is lost alone."""
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    at = 0
    place = len(data) - len(_bytes(text))
    while (start := text.find("{", at)) >= 0:
        place += len(_bytes(text[at:start]))
        found, end = _object_at(text, start)
        if not end:
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
        size = len(_bytes(text[start:end]))
        yield place, size, _record(found)
        place, at = place + size, end


def _object_at(text: str, start: int) -> tuple[Any, int]:
    """The object that begins at `start` and where it ends, 0 if none does. Only so much text is
    looked at as it needs, since errors count the lines before them."""
    decoder = json.JSONDecoder(strict=False)
    for size in (1 << 16, LONGEST_OBJECT):
        piece = text[start : start + size]
        try:
            found, length = decoder.raw_decode(piece)
        except json.JSONDecodeError as error:
            if len(piece) < size or error.pos < 100:
                break
        except RecursionError:
            break
        else:
            return found, start + length
    return None, 0


def _bytes(text: str) -> bytes:
    """The bytes of a text, those that were no UTF-8 as they were; half a character that a
    record writes as \\ud800 becomes bytes that are none, and so is seen."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


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
        return SourceField(name if len(name) == 3 else LOST_TAG, _bytes(str(content)))
    subfields = content.get("subfields")
    said = [
        f"\x1f{str(code)[:1]}{text}"
        for subfield in (subfields if isinstance(subfields, list) else [])
        if isinstance(subfield, dict)
        for code, text in subfield.items()
    ]
    ind = str(content.get("ind1") or " ")[:1] + str(content.get("ind2") or " ")[:1]
    return SourceField(name if len(name) == 3 else LOST_TAG, _bytes(ind + "".join(said)))
