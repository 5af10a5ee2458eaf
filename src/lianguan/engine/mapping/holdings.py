"""Holdings in bibliographic and in holdings records: 852 to 878, 952, 905 and whatever field a
member's system uses.

A member's profile names other fields: {"949": {"barcode": "i", "call_number": "a"}}. What it
may name is in `Columns`; `volumes`, `years` and `missing` are those of serials.
"""

import re

from lianguan.engine.mapping.functions import YEAR, trim
from lianguan.engine.mapping.rows import Field, Row, RowFunction, every, row
from lianguan.engine.mapping.statements import (
    COPY,
    MISSING,
    PLACE,
    WORDS,
    Piece,
    captions,
    numbered,
    piece,
    receipt,
)
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
CNMARC_906: Columns = {"location": "a", "barcode": "h", "volumes": "v", "copies": "", "price": "d"}
FRENCH_995: Columns = {
    "library": "b",
    "location": "e",
    "call_number": "k",
    "barcode": "f",
    "volumes": "v",
    "note": "u",
}
TEXTUAL_866: Columns = {"volumes": "a", "note": "z"}
ITEM_876: Columns = {"barcode": "p", "volumes": "3", "location": "l", "note": "z"}
CNMARC_SERIAL: Columns = {
    "library": "a",
    "barcode": "b",
    "location": "c",
    "call_number": "s",
    "class": "d",
    "author_number": "e",
    "copies": "f",
    "volume": "v",
    "issue": "n",
    "years": "y",
}
FRENCH_930: Columns = {"library": "b", "location": "c", "call_number": "a"}
FRENCH_955: Columns = {"volumes": "r", "note": "z"}


def holding(columns: Columns) -> RowFunction:
    """A row function: a holding from the subfields that `columns` names."""
    is_whole = columns.keys().isdisjoint(STANDS_APART)

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
            said.get("volumes", "") if is_whole else held_text(said),
            said.get("years", ""),
            said.get("price", ""),
            said.get("note", ""),
            field.source,
        )

    return read


def _put_together(said: dict[str, str]) -> str:
    """A call number from its class and the number within the class: K29/7."""
    return "/".join(filter(None, (said.get("class", ""), said.get("author_number", ""))))


FIGURES = re.compile(r"[\d\s,，、/–—～~-]+")
COUNTED = {"volume": "第{}卷", "issue": "第{}期", "months": "{}月"}
STANDS_APART = frozenset({*COUNTED, "bound", "missing"})
YES, NO = (
    frozenset(words.split()) for words in ("是 √ y yes 1 合订", "否 无 × n no none 0 - 全 齐")
)


def held_text(said: dict[str, str]) -> str:
    """What is held of a set or serial in one text, from what stands apart: 第15卷 第1-6期；缺：5"""
    held = [said.get("volumes", "")]
    for name, form in COUNTED.items():
        text = said.get(name, "").strip()
        is_counted = FIGURES.fullmatch(text) and not (name == "volume" and YEAR.search(text))
        held.append(form.format(text) if is_counted else text)
    text, bound = " ".join(filter(None, held)), said.get("bound", "").strip()
    if bound.lower() not in NO:
        text = "；".join(filter(None, (text, "合订本" if bound.lower() in YES else bound)))
    missing = said.get("missing", "").strip()
    is_number = bool(said.get("issue")) and FIGURES.fullmatch(missing) and missing not in NO
    return with_missing(text, COUNTED["issue"].format(missing) if is_number else missing)


def with_missing(held: str, missing: str) -> str:
    """What is held, and behind it what is said to be missing of it."""
    missing = missing.strip()
    if not missing or missing.lower() in NO:
        return held
    said = missing if missing.startswith(("缺", "欠")) else f"缺：{missing}"
    return f"{held}；{said}" if held else said


def local_statement(field: Field) -> Holding | Piece | None:
    """907, 920, 930 and 955: what is held of a serial, in Chinese systems with years, volumes and
    numbers in $y, $v and $n; in French ones 930 says where and 955 what, tied by $5."""
    if "5" in field and field.source in FRENCH:
        found: Holding | Piece | None = FRENCH[field.source](field)
    else:
        found = CHINESE(field) if any(code in field for code in "yvn") else None
    return found


def lacunae(field: Field) -> Holding | None:
    """959: what the library does not have of a serial."""
    text = trim(field["r"])
    return Holding(volumes=f"lacunes : {text}") if text else None


def holding_rows(fields: dict[str, Columns]) -> tuple[Row, ...]:
    """Rows for the holdings fields of a member's profile."""
    return tuple(row("holdings", tag, holding(columns), every) for tag, columns in fields.items())


CHINESE = holding(CNMARC_SERIAL)
FRENCH = {
    "930": piece(PLACE, holding(FRENCH_930), "5"),
    "955": piece(WORDS, holding(FRENCH_955), "5"),
}

MARC21_ROWS = (
    row("holdings", "852", piece(PLACE, holding(MARC_852)), every),
    row("holdings", "952", holding(KOHA_952), every),
    row("holdings", "853 | 854 | 855", captions, every),
    row("holdings", "863 | 864 | 865", numbered, every),
    row("holdings", "866 | 867 | 868", piece(WORDS, holding(TEXTUAL_866)), every),
    row("holdings", "876 | 877 | 878", piece(COPY, holding(ITEM_876)), every),
    row("holdings", "008[6:7]", receipt, every),
)
UNIMARC_ROWS = (
    *holding_rows({"852": MARC_852, "905": CNMARC_905, "995": FRENCH_995}),
    row("holdings", "907 | 920 | 930 | 955", local_statement, every),
    row("holdings", "959", piece(MISSING, lacunae, "5"), every),
)
