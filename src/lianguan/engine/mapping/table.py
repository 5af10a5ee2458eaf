"""Rows of a table to neutral records: the columns' attributes mapped, copies put together."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lianguan.engine.mapping import numbers
from lianguan.engine.mapping.columns import (
    ISSUE_ATTRIBUTES,
    ITEM_ATTRIBUTES,
    Columns,
    as_told,
    is_items,
    is_usable,
    recognise,
)
from lianguan.engine.mapping.functions import code_tables, language, written_years
from lianguan.engine.mapping.holdings import held_text
from lianguan.engine.mapping.names import names_in
from lianguan.engine.mapping.rows import Text
from lianguan.engine.read.decoding import mended
from lianguan.engine.read.findings import NO_RULE, Refused, Rule
from lianguan.engine.read.table import Sheet, TableRow
from lianguan.engine.record import (
    ClassNumber,
    Extent,
    Holding,
    Identifier,
    Note,
    Online,
    Part,
    Publication,
    Record,
    Series,
    Subject,
    Title,
)

HEADING_ROWS = 30
"""The heading stands in one of the first rows; above it there may be titles of the list."""

DAMAGED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
FRACTION = re.compile(r"(\d+)\.0+")
RECEIPTS = code_tables("table")["receipt"]
"""Words in a column → whether a serial still comes, in codes/table.csv."""

Said = dict[str, list[str]]
"""Attribute → what its columns say, in the order of the columns."""


@dataclass(slots=True)
class TableShape:
    """How a sheet is laid out; shown to the member and kept as its profile."""

    sheet: str
    heading: TableRow
    columns: Columns

    @property
    def named(self) -> dict[str, str]:
        """Heading → attribute, for the columns that are used."""
        return {self.heading.cells[i]: a for i, a in self.columns.items()}


@dataclass(slots=True)
class TableRecord:
    """A record put together from the rows that differ only in what they say of copies."""

    offset: int
    rows: list[dict[str, str]] = field(default_factory=list)
    """Heading → cell, of each row."""
    said: list[Said] = field(default_factory=list)

    @property
    def raw(self) -> bytes:
        """The rows as canonical JSON: what stands for the bytes of a table's record."""
        return json.dumps(self.rows, ensure_ascii=False, separators=(",", ":")).encode()


def shape_of(sheet: Sheet, told: str = "") -> TableShape | None:
    """The heading of a sheet and its columns; None for a sheet without a usable heading."""
    best: TableShape | None = None
    for row in sheet.rows[:HEADING_ROWS]:
        try:
            columns = columns_of(list(row.cells), told)
        except Refused:
            continue
        if is_usable(columns) and (best is None or len(columns) > len(best.columns)):
            best = TableShape(sheet.name, row, columns)
    return best


def columns_of(headings: list[str], told: str) -> Columns:
    """The columns as they are recognised; those that a member names itself stand instead of
    any that were taken for the same. Raises Refused for names that do not fit."""
    named = as_told(told, headings) if told else {}
    said = set(named.values())
    known = {i: a for i, a in recognise(headings).items() if a not in said and i not in named}
    return dict(sorted((known | named).items()))


def check_told(told: str, sheets: list[Sheet]) -> None:
    """Say what is wrong with a member's own naming of columns when no sheet fits it."""
    for sheet in sheets[:1]:
        as_told(told, list(sheet.rows[0].cells) if sheet.rows else [])


def table_records(sheet: Sheet, shape: TableShape) -> Iterator[TableRecord | TableRow]:
    """The records of a sheet in the order of their first rows; broken rows as they are."""
    width = len(shape.heading.cells)
    found: dict[str, TableRecord] = {}
    below = (row for row in sheet.rows if row.offset > shape.heading.offset)
    for row in below:
        if row.broken or any(row.cells[width:]):
            yield row
            continue
        cells = dict(zip(shape.heading.cells, row.cells, strict=False))
        said = _said(row, shape.columns)
        record = found.setdefault(_same(said), TableRecord(row.offset))
        record.rows.append(cells)
        record.said.append(said)
    yield from found.values()


def _said(row: TableRow, columns: Columns) -> Said:
    said: Said = {}
    for i, attribute in columns.items():
        if i < len(row.cells) and row.cells[i]:
            said.setdefault(attribute, []).append(row.cells[i])
    return said


def _same(said: Said) -> str:
    """What two rows of one record have in common."""
    return json.dumps([(a, said[a]) for a in sorted(said) if a not in ITEM_ATTRIBUTES])


def is_item_sheet(shape: TableShape) -> bool:
    return is_items(shape.columns)


def number_of(said: Said) -> str:
    """The member's number of the record a row speaks of."""
    return _whole_number(_one(said, "id"))


def key_of(said: Said) -> str:
    """A number for a record whose table has none: a hash of what it says."""
    return "h" + hashlib.sha256(_same(said).encode()).hexdigest()[:16]


def _one(said: Said, attribute: str) -> str:
    return said.get(attribute, [""])[0]


def _whole_number(text: str) -> str:
    """A number without the ".0" that a spreadsheet's export puts behind it."""
    match = FRACTION.fullmatch(text)
    return match[1] if match else text


def map_table(record: TableRecord) -> tuple[Record, Rule]:
    """The neutral record of a table's rows, and the repairs that took."""
    number = number_of(record.said[0])
    said, mending = _mended(record.said[0])
    identifiers, rules = _identifiers(said)
    years = written_years(_whole_number(_one(said, "year"))) if "year" in said else None
    return (
        Record(
            number=number,
            identifiers=identifiers,
            titles=_titles(said),
            agents=_agents(said),
            edition=Text(_one(said, "edition"), "edition"),
            publications=_publications(said),
            years=(years._replace(source="year"),) if years else (),
            extent=_extent(said),
            series=tuple(Series(t, source="series") for t in said.get("series", ())),
            subjects=_subjects(said),
            classes=_classes(said),
            languages=tuple(
                Text(code, "language")
                for text in said.get("language", ())
                for code in language(text)
            ),
            carrier=Text("", ""),
            level=_level(said),
            notes=_notes(said),
            online=tuple(Online(url, source="url") for url in said.get("url", ())),
            holdings=tuple(h for one in record.said if (h := holding_of(one))),
        ),
        rules | mending,
    )


def _mended(said: Said) -> tuple[Said, Rule]:
    """The cells with what a spreadsheet took from a page on the web as it was meant there: García
    for Garc&#237;a. Most rows have none of it."""
    rules = NO_RULE
    if not any("&" in text for texts in said.values() for text in texts):
        return said, rules
    found: Said = {}
    for attribute, texts in said.items():
        each = [mended(text) for text in texts]
        found[attribute] = [text for text, _ in each]
        for _, rule in each:
            rules |= rule
    return found, rules


def _identifiers(said: Said) -> tuple[tuple[Identifier, ...], Rule]:
    found: list[Identifier] = []
    rules = NO_RULE
    for text in said.get("isbn", ()):
        number, rule = _isbn(_whole_number(text))
        rules |= rule
        if number and number.value not in [known.value for known in found]:
            found.append(number)
    for text in said.get("issn", ()):
        found += filter(None, [numbers.numbered("issn", text, numbers.issn8(text), "issn")])
    for text in said.get("unified_book_number", ()):
        number = numbers.numbered(
            "unified_book_number", text, numbers.unified_book_number(text), "unified_book_number"
        )
        found += filter(None, [number])
    return tuple(found), rules


def _isbn(text: str) -> tuple[Identifier | None, Rule]:
    """An ISBN as a spreadsheet keeps it: damaged by an exponent, or its leading zeros lost;
    those come back where the check digit then is right."""
    if DAMAGED.fullmatch(text):
        return Identifier("isbn_damaged", text, False, source="isbn"), NO_RULE
    padded = text.upper().zfill(10)
    if re.fullmatch(r"\d{5,8}[\dX]", text.upper()) and numbers.isbn13(padded):
        return numbers.an_isbn(padded, source="isbn"), Rule.ISBN_LEADING_ZEROS
    return numbers.an_isbn(text, source="isbn"), NO_RULE


def _titles(said: Said) -> tuple[Title, ...]:
    parts = tuple(
        Part(number, name)
        for number, name in [(_whole_number(_one(said, "volume")), _one(said, "volume_title"))]
        if number or name
    )
    titles = []
    for text in said.get("title", ())[:1]:
        other = tuple(said.get("subtitle", ()))
        responsibility = "；".join(said.get("agent", ()))
        titles.append(Title("proper", text, other, parts, responsibility, source="title"))
    titles += [
        Title("parallel", t, source="parallel_title") for t in said.get("parallel_title", ())
    ]
    titles += [Title("variant", t, source="variant_title") for t in said.get("variant_title", ())]
    return tuple(titles)


def _agents(said: Said) -> tuple:  # type: ignore[type-arg]  # of Name
    found = [name for text in said.get("agent", ()) for name in names_in(text, "agent")]
    for text in said.get("translator", ()):
        found += [
            name._replace(roles=name.roles or ("译",)) for name in names_in(text, "translator")
        ]
    return tuple(found)


def _publications(said: Said) -> tuple[Publication, ...]:
    place, publisher = _one(said, "place"), _one(said, "publisher")
    date = _whole_number(_one(said, "year"))
    if not (place or publisher or date):
        return ()
    return (Publication(place, publisher, date, source="publisher"),)


def _extent(said: Said) -> Extent | None:
    text, size = _one(said, "extent"), _one(said, "size")
    return Extent(text, size, source="extent") if text or size else None


def _subjects(said: Said) -> tuple[Subject, ...]:
    words = [w for text in said.get("subject", ()) for w in re.split(r"[;；,，、|]", text)]
    return tuple(Subject(w.strip(), "keyword", source="subject") for w in words if w.strip())


def _classes(said: Said) -> tuple[ClassNumber, ...]:
    clc = re.compile(r"[A-KN-VXZ][A-Z]?\d{0,3}(?:[.\-=()（）/0-9a-zA-Z\"“”]*)")
    return tuple(
        ClassNumber("clc" if clc.fullmatch(text) else "other", text, source="class")
        for text in said.get("class", ())
    )


def _notes(said: Said) -> tuple[Note, ...]:
    return tuple(
        Note(kind, text, attribute)
        for attribute, kind in (
            ("abstract", "abstract"),
            ("note", "general"),
            ("audience", "audience"),
        )
        for text in said.get(attribute, ())
    )


def _level(said: Said) -> str:
    """A serial where issues of it are named, or an ISSN and no ISBN."""
    is_serial = not ISSUE_ATTRIBUTES.isdisjoint(said) or ("issn" in said and "isbn" not in said)
    return Text("serial", "row") if is_serial else Text("", "")


def holding_of(said: Said) -> Holding | None:
    """What a row says of a copy. A bar code that a spreadsheet damaged is told, not guessed."""
    if not ITEM_ATTRIBUTES & said.keys():
        return None
    barcodes = [_whole_number(b) for b in said.get("barcode", said.get("accession_number", ()))]
    damaged = [code for code in barcodes if DAMAGED.fullmatch(code)]
    copies = _whole_number(_one(said, "copies"))
    receipt, not_understood = _receipt(_one(said, "receipt"))
    notes = [f"barcode_damaged: {code}" for code in damaged]
    return Holding(
        _one(said, "library"),
        _one(said, "location"),
        _one(said, "call_number"),
        tuple(code for code in barcodes if code not in damaged),
        int(copies) if copies.isdigit() and len(copies) < 5 else None,
        held_text({name: _whole_number(_one(said, a)) for name, a in HELD.items()}),
        _whole_number(_one(said, "years_held")),
        _one(said, "price"),
        "; ".join((*notes, *not_understood)),
        "row",
        receipt=receipt,
    )


HELD = {
    "volumes": "volumes_held",
    "volume": "volume_held",
    "issue": "issue_held",
    "months": "months_held",
    "bound": "bound_as",
    "missing": "missing_held",
}
"""What is put together in one text of what is held → the columns that say it."""


def _receipt(text: str) -> tuple[str, list[str]]:
    """Whether a serial still comes; what is not a word for that is kept as a note."""
    said = RECEIPTS.get(text.strip().lower(), "")
    return said, [f"receipt: {text}"] if text and not said else []
