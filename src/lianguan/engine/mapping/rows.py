"""The language in which a format is mapped to the neutral record: rows of a table.

    row("agents", "701 | 702 | 711", agent, every, otherwise="200$f"),
    row("languages", "008[35:38]", language),

A row says which slot of the record it fills, where the value stands, the function that
reads it, and whether the first or every value counts. `otherwise` names what is used only
where the row gives nothing. A selector is a tag (the function gets the whole field), a tag
and a subfield code; a slice takes a part of a coded text; `LDR` is the leader; `|` joins
alternatives, the best first. In MARC 21 a field 880 counts as the field that it is linked to.

The same rows run over one record (`one.py`) and over a file (`bulk.py`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lianguan.engine.read.decoding import Decoder
from lianguan.engine.read.encodings import UTF8
from lianguan.engine.read.findings import Rule

SELECTOR = re.compile(r"(\d{3}|LDR)(?:\$(\w))?(?:\[(\d+):(\d+)\])?")
LEADER_TAG = 1000


class Text(str):
    """A text that knows the field it was read from."""

    __slots__ = ("source",)
    source: str

    def __new__(cls, text: str, source: str = "") -> "Text":
        made = str.__new__(cls, text)  # without super() a sixth quicker (measured)
        made.source = source
        return made


class Field:
    """A data field as a row function sees it: two indicators, then each subfield behind U+001F
    and its code. Subfields are looked for in the text; most functions want two or three."""

    __slots__ = ("source", "text")

    def __init__(self, text: str, source: str = "") -> None:
        self.text = text
        self.source = source

    def __getitem__(self, code: str) -> str:
        """The first subfield with this code, or ""."""
        text = self.text
        start = text.find("\x1f" + code) + 2
        if start < 2:
            return ""
        end = text.find("\x1f", start)
        return text[start:end] if end >= 0 else text[start:]

    def __contains__(self, code: str) -> bool:
        return "\x1f" + code in self.text

    def every(self, codes: str) -> list[str]:
        """All subfields whose code is one of `codes`, in the field's order, without empty ones."""
        text = self.text
        if 0 < len(codes) < 3 and not ("\x1f" + codes[0] in text or "\x1f" + codes[-1] in text):
            return []
        return [c[1:] for c in text.split("\x1f")[1:] if len(c) > 1 and c[0] in codes]

    def chunks(self) -> list[str]:
        """The subfields in order, each its code and then its text; none is empty."""
        return [chunk for chunk in self.text.split("\x1f")[1:] if chunk]

    @property
    def ind1(self) -> str:
        return self.text[:1]

    @property
    def ind2(self) -> str:
        return self.text[1:2]

    @property
    def link(self) -> str:
        """The occurrence number in $6 that ties this field to one in another script, or ""."""
        if "\x1f6" not in self.text:
            return ""
        said = self["6"][:6]
        return said[4:6] if said[3:4] == "-" and said[4:6].isdigit() and said[4:6] != "00" else ""


RowFunction = Callable[[Any], Any]
"""Takes a Field where a row selects whole fields, else the text of the subfield or slice.
Gives a value, a list of values, or None where there is none."""


@dataclass(frozen=True, slots=True)
class Want:
    """One place where a row finds values."""

    tag: int
    """0 to 999; 1000 is the leader."""
    code: str = ""
    low: int = 0
    high: int = 0

    @property
    def whole(self) -> bool:
        """The value is a data field, not a text."""
        return not self.code and self.tag > 9 and self.tag != LEADER_TAG and not self.high

    @property
    def name(self) -> str:
        return "LDR" if self.tag == LEADER_TAG else f"{self.tag:03}"


@dataclass(frozen=True, slots=True)
class Row:
    slot: str
    wants: tuple[Want, ...]
    function: RowFunction
    takes_every: bool
    otherwise: "Row | None" = None
    """Used where this row gives nothing."""

    @property
    def tags(self) -> frozenset[int]:
        """The tags of which this row or its `otherwise` reads anything."""
        more = self.otherwise.tags if self.otherwise else frozenset[int]()
        return more | {want.tag for want in self.wants}


first = False
every = True


def row(
    slot: str,
    selector: str,
    function: RowFunction,
    take: bool = first,
    *,
    otherwise: str | tuple[str, RowFunction] = "",
) -> Row:
    """A line of a mapping table; see the module's text. `otherwise` is a selector, or one
    with a function of its own."""
    rest = (otherwise, function) if isinstance(otherwise, str) else otherwise
    second = Row(slot, _wants(rest[0]), rest[1], take) if rest[0] else None
    return Row(slot, _wants(selector), function, take, second)


def _wants(selector: str) -> tuple[Want, ...]:
    wants = []
    for part in selector.split("|"):
        match = SELECTOR.fullmatch(part.strip())
        if not match:
            raise ValueError(f"not a selector: {part!r}")
        tag = LEADER_TAG if match[1] == "LDR" else int(match[1])
        wants.append(Want(tag, match[2] or "", int(match[3] or 0), int(match[4] or 0)))
    return tuple(wants)


@dataclass(frozen=True)
class Table:
    """A format's rows. `linked`: fields 880 repeat other fields in another script."""

    name: str
    rows: tuple[Row, ...]
    linked: bool = False

    @cached_property
    def rows_and_tags(self) -> list[tuple[Row, frozenset[int]]]:
        """Each row with the tags that it looks at: a record has few of them."""
        return [(row, row.tags) for row in self.rows]


Evaluator = Callable[[bytes], list[Any]]
"""From the bytes of a wanted place to the values that a row reads there."""


def evaluator(row: Row, want: Want, decoder: Decoder, source: str) -> Evaluator:
    """How a row reads one of its wanted places, in a field that is called `source`."""
    function = row.function

    def from_field(raw: bytes) -> list[Any]:
        value = _tried(function, Field(decoder.field(raw), source), decoder)
        if not value:
            return NOTHING
        return value if type(value) is list else [value]

    def from_text(raw: bytes) -> list[Any]:
        value = _tried(function, decoder(_whole(raw, decoder) if want.high else raw), decoder)
        if not value:
            return NOTHING
        if type(value) is str:
            return [Text(value, source)]
        return [with_source(v, source) for v in (value if type(value) is list else [value])]

    return from_field if want.whole else from_text


def _whole(part: bytes, decoder: Decoder) -> bytes:
    """A slice without the halves of characters that it cut through: no bytes of them are bad."""
    if part.isascii() or decoder.encoding != UTF8:
        return part
    return part.decode(UTF8, "ignore").encode()


NOTHING: list[Any] = []


def _tried(function: RowFunction, said: Any, decoder: Decoder) -> Any:
    """What a row function makes of a field; nothing, and a rule, where it fails at it. One
    field that nobody foresaw must not stop a delivery, nor go unnoticed."""
    try:
        return function(said)
    except Exception:  # noqa: BLE001 - the edge at which a bad field is kept apart
        decoder.rules |= Rule.FIELD_NOT_UNDERSTOOD
        return None


def with_source(value: Any, source: str) -> Any:
    """A value read from a text, marked with the field that it came from."""
    return Text(value, source) if isinstance(value, str) else value._replace(source=source)
