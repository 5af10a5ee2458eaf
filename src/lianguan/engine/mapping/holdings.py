"""Holdings in bibliographic records: 852, 952, 905 and whatever field a member's system uses.

A member's profile names other fields: {"949": {"barcode": "i", "call_number": "a"}}.
"""

from lianguan.engine.mapping.rows import Field, Row, RowFunction, every, row
from lianguan.engine.record import Holding

Columns = dict[str, str]
"""Attribute of a holding → the subfield codes that it is made of."""

MARC_852: Columns = {
    "library": "a",
    "location": "bc",
    "call_number": "khijm",
    "barcode": "p",
    "copies": "",
    "volumes": "3",
    "note": "z",
    "price": "",
}
KOHA_952: Columns = {
    "library": "b",
    "location": "c",
    "call_number": "o",
    "barcode": "p",
    "volumes": "h",
    "note": "z",
    "price": "g",
}
CNMARC_905: Columns = {
    "library": "a",
    "barcode": "b",
    "location": "c",
    "call_number": "s",
    "class": "d",
    "author_number": "e",
    "copies": "f",
    "volumes": "v",
    "years": "y",
}
FRENCH_995: Columns = {
    "library": "b",
    "location": "e",
    "call_number": "k",
    "barcode": "f",
    "volumes": "v",
    "note": "u",
}
TEXTUAL_866: Columns = {"volumes": "a", "note": "z"}
ITEM_876: Columns = {"barcode": "p", "volumes": "3", "location": "jl", "note": "z"}


def holding(columns: Columns) -> RowFunction:
    """A row function: a holding from the subfields that `columns` names."""

    def read(field: Field) -> Holding | None:
        said = {
            name: " ".join(field.every(codes)).strip() for name, codes in columns.items() if codes
        }
        barcodes = tuple(b.strip() for b in field.every(columns.get("barcode", "")) if b.strip())
        if not any(said.values()):
            return None
        copies = said.get("copies", "")
        return Holding(
            said.get("library", ""),
            said.get("location", ""),
            said.get("call_number", "") or _put_together(said),
            barcodes,
            int(copies) if copies.isdigit() and len(copies) < 5 else None,
            said.get("volumes", ""),
            said.get("years", ""),
            said.get("price", ""),
            said.get("note", ""),
            field.source,
        )

    return read


def _put_together(said: dict[str, str]) -> str:
    """A call number from its class and the number within the class: K29/7."""
    return "/".join(filter(None, (said.get("class", ""), said.get("author_number", ""))))


def holding_rows(fields: dict[str, Columns]) -> tuple[Row, ...]:
    """Rows for the holdings fields of a member's profile."""
    return tuple(row("holdings", tag, holding(columns), every) for tag, columns in fields.items())


HOLDING_ROWS = holding_rows({"852": MARC_852, "952": KOHA_952, "866": TEXTUAL_866, "876": ITEM_876})
