"""What happens to tables, by seeded rules: to rows of text, and to workbooks and their XML."""

import io
import random
import re
import zipfile
from collections.abc import Callable

Rule = Callable[[bytes, random.Random], bytes]


def _put(data: bytes, at: int, what: bytes, instead: int = 0) -> bytes:
    return data[:at] + what + data[at + instead :]


# A row of text, without its line end.


def any_bytes(row: bytes, chance: random.Random) -> bytes:
    out = bytearray(row)
    for _ in range(chance.randrange(1, 4)):
        out[chance.randrange(len(out))] = chance.choice([n for n in range(256) if n not in b"\r\n"])
    return bytes(out)


def quotation_mark_put_in(row: bytes, chance: random.Random) -> bytes:
    return _put(row, chance.randrange(len(row) + 1), b'"' * chance.randrange(1, 4))


def cell_opened(row: bytes, chance: random.Random) -> bytes:
    """The mark that opens a quoted cell, without the one that closes it."""
    places = [-1, *(m.start() for m in re.finditer(rb"[,\t]", row))]
    return _put(row, chance.choice(places) + 1, b'"')


def quotation_mark_lost(row: bytes, chance: random.Random) -> bytes:
    places = [m.start() for m in re.finditer(rb'"', row)]
    return _put(row, chance.choice(places), b"", 1) if places else cell_opened(row, chance)


def separator_lost(row: bytes, chance: random.Random) -> bytes:
    places = [m.start() for m in re.finditer(rb"[,\t]", row)]
    return _put(row, chance.choice(places), chance.choice([b"", b";", b" "]), 1)


def separator_put_in(row: bytes, chance: random.Random) -> bytes:
    return _put(row, chance.randrange(len(row) + 1), chance.choice([b",", b"\t", b",,,,,,,,,"]))


def nuls(row: bytes, chance: random.Random) -> bytes:
    return _put(row, chance.randrange(len(row) + 1), bytes(chance.choice([1, 2, 100])))


def cut_short(row: bytes, chance: random.Random) -> bytes:
    return row[: chance.randrange(len(row))]


def re_encoded(row: bytes, chance: random.Random) -> bytes:
    text = row.decode(chance.choice(["utf-8", "gb18030"]), "replace")
    return text.encode(chance.choice(["utf-8", "gb18030", "big5", "cp1252", "cp1251"]), "replace")


def line_break_put_in(row: bytes, chance: random.Random) -> bytes:
    return _put(row, chance.randrange(len(row) + 1), chance.choice([b"\r", b"\n", b"\r\n", b"\r\r\n", b"\x0b", b"\x0c", b"\xe2\x80\xa8", b"\xc2\x85"]))  # fmt: skip


def long_cell(row: bytes, chance: random.Random) -> bytes:
    sign = chance.choice([b"x", b" ", b"(", "等".encode(), b"1", b",", b'"', b"a\tb"])
    return _put(row, chance.randrange(len(row) + 1), sign * chance.choice([1000, 20_000, 140_000]))


def blank_lines(row: bytes, chance: random.Random) -> bytes:
    return row + b"\n" * chance.randrange(1, 200)


def marks_of_order(row: bytes, chance: random.Random) -> bytes:
    return chance.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x1a"]) + row


ROW_RULES: tuple[Rule, ...] = (
    any_bytes,
    quotation_mark_put_in,
    cell_opened,
    quotation_mark_lost,
    separator_lost,
    separator_put_in,
    nuls,
    cut_short,
    re_encoded,
    line_break_put_in,
    long_cell,
    blank_lines,
    marks_of_order,
)


# A whole workbook.


def zip_bytes(book: bytes, chance: random.Random) -> bytes:
    out = bytearray(book)
    for _ in range(chance.choice([1, 1, 2, 10, 100])):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def zip_headers(book: bytes, chance: random.Random) -> bytes:
    """Bytes of the directory and of the heads of members."""
    places = [m.start() for m in re.finditer(rb"PK[\x01-\x08][\x01-\x08]", book)]
    out = bytearray(book)
    for _ in range(chance.randrange(1, 4)):
        at = min(chance.choice(places) + chance.randrange(46), len(out) - 1)
        out[at] = chance.choice([0, 1, 0xFF, chance.randrange(256)])
    return bytes(out)


def zip_cut(book: bytes, chance: random.Random) -> bytes:
    return book[: chance.randrange(len(book))]


def zip_stretch_lost(book: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(book))
    return book[:start] + book[min(len(book), start + chance.randrange(1, 2000)) :]


def _with_member(book: bytes, chance: random.Random, change: Callable[[bytes], bytes], part: str = "") -> bytes:  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        changed = chance.choice([name for name in names if part in name])
        for name in names:
            data = old.read(name)
            new.writestr(name, change(data) if name == changed else data)
    return out.getvalue()


def member_lost(book: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        lost = chance.choice(old.namelist())
        for name in old.namelist():
            if name != lost:
                new.writestr(name, old.read(name))
    return out.getvalue()


def member_bytes(book: bytes, chance: random.Random) -> bytes:
    return _with_member(book, chance, lambda data: any_bytes(data, chance))


def sheet_bytes(book: bytes, chance: random.Random) -> bytes:
    return _with_member(book, chance, lambda data: any_bytes(data, chance), "worksheets/sheet")


def strings_cut(book: bytes, chance: random.Random) -> bytes:
    return _with_member(
        book, chance, lambda data: data[: chance.randrange(len(data))], "sharedStrings"
    )


def sheet_cut(book: bytes, chance: random.Random) -> bytes:
    return _with_member(
        book, chance, lambda data: data[: chance.randrange(len(data))], "worksheets/sheet"
    )


def tag_lost(book: bytes, chance: random.Random) -> bytes:
    def change(data: bytes) -> bytes:
        start, end = chance.choice([m.span() for m in re.finditer(rb"<[^<>]*>", data)])
        return data[:start] + data[end:]

    return _with_member(book, chance, change, chance.choice(["worksheets/sheet", "xl/"]))


CELLS = (
    (rb'r="[A-Z]+\d+"', (b'r="XFD1048576"', b'r="A1"', b'r="ZZZZZZZ9"', b'r="A0"', b'r="A99999999999"', b'r=""', b'r="7"', b"")),
    (rb't="s"', (b't="n"', b't="b"', b't="e"', b't="d"', b't="str"', b't="inlineStr"', b't="x"', b"", b't="s" t="s"')),
    (rb"<v>[^<]*</v>", (b"<v>99999999</v>", b"<v>-1</v>", b"<v></v>", b"<v/>", b"<v>NaN</v>", b"<v>1e400</v>", b"<v>&x;</v>", b"<v>" + b"9" * 5000 + b"</v>", b"<is><t>x</t></is>", b"<v>0</v><v>1</v>")),
    (rb'<row r="\d+"', (b'<row r="1048576"', b'<row r="0"', b'<row r="99999999999"', b"<row", b'<row r="x"', b'<row r="1"')),
    (rb'ref="[^"]*"', (b'ref="A1:XFD1048576"', b'ref="B2:A1"', b'ref=""', b'ref="A1:A99999999999"', b'ref=":"', b'ref="Sheet!A1"')),
    (rb'count="\d+"', (b'count="99999999999"', b'count="0"', b'count="-1"', b'count="x"')),
    (rb'uniqueCount="\d+"', (b'uniqueCount="99999999999"', b'uniqueCount="0"', b'uniqueCount="1000000000"')),
    (rb'numFmtId="\d+"', (b'numFmtId="14"', b'numFmtId="99999"', b'numFmtId="x"')),
    (rb'encoding="UTF-8"', (b'encoding="UTF-16"', b'encoding="gb2312"', b'encoding="x"')),
    (rb'standalone="yes"\?>', (b'?><!DOCTYPE x [<!ENTITY x "y">]>', b'?><!DOCTYPE x SYSTEM "file:///etc/passwd">', b"?><!-- " + b"x" * 5000 + b" -->")),
    (rb"<t>", (b"<t>&x;", b"<t>&#0;", b"<t>\x00", b"<t>\xff", b"<t><t>", b"<t>]]>", b"<t><![CDATA[", b"<r><t>", b"<t>" + b"(" * 40_000)),
    (rb"<sheetData>", (b"<sheetData>" + b"<row>" * 20_000, b"<sheetData>" + b"<c>" * 20_000, b"<sheetData><sheetData>", b"<x>" * 50_000, b"<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>x</t></is></c></row>")),
    (rb'Target="[^"]*"', (b'Target=""', b'Target="../../../../etc/passwd"', b'Target="http://localhost/x"', b'Target="worksheets/sheet1.xml"')),
    (rb'<sheet name="[^"]*"', (b'<sheet name=""', b'<sheet name="' + b"x" * 5000 + b'"', b'<sheet name="&#x4E2D;"', b"<sheet")),
)  # fmt: skip
"""What stands in the XML of a workbook, and what stands there then."""


def xml_changed(book: bytes, chance: random.Random) -> bytes:
    pattern, instead = chance.choice(CELLS)
    part = {b"count": "sharedStrings", b"<t>": "sharedStrings", b"uniqueCount": "sharedStrings", b"Target": "rels", b"numFmt": "styles", b"<sheet name": "xl/workbook.xml"}  # fmt: skip
    where = next((name for key, name in part.items() if pattern.startswith(key)), "worksheets/sheet")  # fmt: skip

    def change(data: bytes) -> bytes:
        found = [m.span() for m in re.finditer(pattern, data)]
        if not found:
            return data
        start, end = chance.choice(found)
        return data[:start] + chance.choice(instead) + data[end:]

    return _with_member(book, chance, change, where)


def xml_changed_often(book: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randrange(2, 6)):
        book = xml_changed(book, chance)
    return book


BOOK_RULES: tuple[Rule, ...] = (
    zip_bytes,
    zip_headers,
    zip_cut,
    zip_stretch_lost,
    member_lost,
    member_bytes,
    sheet_bytes,
    strings_cut,
    sheet_cut,
    tag_lost,
    xml_changed,
    xml_changed,
    xml_changed,
    xml_changed_often,
)
