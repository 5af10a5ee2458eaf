"""刚察县图书馆: an Excel workbook, kept by hand, one row a copy.

Its habits: a title and a date above the headings; the cells of one set merged; ISBN typed as
numbers, so that leading zeros are lost; long bar codes that Excel has spoilt; authors without
their roles.
"""

import datetime
import io

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from demo.coded import ten_digits, thirteen_digits
from demo.facts import Described, Fact, described

MADE = datetime.datetime(2024, 3, 1, 9, 0, 0)

BOOKS = (
    "序号", "编号", "书名", "著者", "译者", "出版社", "出版地", "出版年", "版次", "卷册", "丛书名",
    "书号", "定价", "分类号", "索书号", "条码号", "馆藏地点", "备注",
)  # fmt: skip
TIBETAN = (
    "序号", "编号", "藏文书名", "汉文书名", "作者", "出版地", "年份", "页数", "分类号", "条形码",
    "存放地点", "备注",
)  # fmt: skip

SERIALS = (
    "序号", "编号", "刊名", "作者", "出版者", "出版地", "创刊年", "年", "期", "缺期", "是否在订",
    "存放地点", "备注",
)  # fmt: skip

SPOILT = (6, 14)
"""Copies whose bar code had 17 digits and was typed as a number."""
SPOILT_ISBN = ("GC0002",)
"""Titles whose ISBN was pasted from a file that had been through Excel before."""

Cell = str | int | float
Row = tuple[Cell, ...]
"""The cells behind the running number; the first is the record's number."""


def export() -> bytes:
    """The member's workbook; the same bytes each time."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": MADE, "author": "刚察县图书馆"})
    found = described("G")
    books = [one for one in found if one.fact.language != "tib" and not one.issues]
    tibetan = [one for one in found if one.fact.language == "tib"]
    _sheet(book, "图书", "刚察县图书馆藏书登记表", BOOKS, [_book(i, b) for i, b in _copies(books)])
    _sheet(
        book, "藏文图书", "刚察县图书馆藏文图书登记表", TIBETAN,
        [_tibetan(i, b) for i, b in _copies(tibetan, 5000)],
    )  # fmt: skip
    _sheet(book, "报刊", "刚察县图书馆报刊登记表", SERIALS, _serials(found))
    book.close()
    return stream.getvalue()


def _copies(found: list[Described], after: int = 0) -> list[tuple[int, Described]]:
    """Each copy with its number."""
    copies = [one for one in found for _ in range(one.copies)]
    return list(enumerate(copies, after + 1))


def _sheet(
    book: xlsxwriter.Workbook, name: str, title: str, headings: tuple[str, ...], rows: list[Row]
) -> None:
    """A sheet as it is kept: a title, a date, headings, one row a copy."""
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "align": "center"})
    middle = book.add_format({"valign": "vcenter", "text_wrap": True})
    sheet.merge_range(0, 0, 0, len(headings) - 1, title, bold)
    sheet.write(1, 0, "制表日期：2024年3月1日    制表人：图书室")
    sheet.write_row(2, 0, headings, bold)
    for at, row in enumerate(rows, 3):
        for column, cell in enumerate((at - 2, *row)):
            sheet.write(at, column, cell)
    _merge(sheet, rows, middle)


def _merge(sheet: Worksheet, rows: list[Row], middle: Format) -> None:
    """The title of several copies stands once, in a merged cell."""
    at = 0
    while at < len(rows):
        end = at
        while end + 1 < len(rows) and rows[end + 1][0] == rows[at][0]:
            end += 1
        if end > at:
            sheet.merge_range(at + 3, 2, end + 3, 2, rows[at][1], middle)
        at = end + 1


def _book(copy: int, one: Described) -> Row:
    fact = one.fact
    names = [a.direct for role, agents in fact.by_role for a in agents if "译" not in role]
    translators = [a.direct for role, agents in fact.by_role for a in agents if "译" in role]
    shelf = f"{fact.clc}/{one.sequence}"
    price = float(fact.price.removeprefix("CNY") or 0) or ""
    return (
        one.number, fact.title, "、".join(names), "、".join(translators), fact.publisher,
        fact.place, _typed(fact.year), fact.edition, fact.part_number, fact.series,
        _isbn(one), price, fact.clc, shelf, _barcode(copy), "图书室",
        _remark(fact),
    )  # fmt: skip


def _tibetan(copy: int, one: Described) -> Row:
    fact = one.fact
    chinese = fact.supplied_title or fact.parallel_title
    return (
        one.number, fact.title, chinese, "、".join(a.name for a in fact.people), fact.place,
        _typed(fact.year), fact.extent, fact.clc, _barcode(copy), "藏文书架", _remark(fact),
    )  # fmt: skip


def _serials(found: list[Described]) -> list[Row]:
    """One row a year."""
    return [
        (
            one.number, one.fact.title, "、".join(a.name for a in one.fact.people),
            one.fact.publisher, one.fact.place, _typed(one.fact.year[:4]), _typed(held.years),
            held.volumes, _typed(held.missing), held.receipt, held.location, _remark(one.fact),
        )
        for one in found
        for held in one.issues
    ]  # fmt: skip


def _remark(fact: Fact) -> str:
    return "；".join(filter(None, (fact.subtitle, fact.part_name, fact.note)))


def _typed(text: str) -> Cell:
    """What Excel makes of a text that is typed in: a number, if it can be one."""
    return int(text) if text.isdigit() else text


def _isbn(one: Described) -> Cell:
    """Typed as a number; now and then spoilt before it came here."""
    if not one.fact.isbn:
        return ""
    number = thirteen_digits(one.fact.isbn)
    return f"{int(number):.5E}" if one.number in SPOILT_ISBN else _typed(ten_digits(number))


def _barcode(copy: int) -> Cell:
    """Eight digits; Haibei's run through the same numbers. Some had 17 and were typed as a
    number, of which Excel keeps 15."""
    return 63222400000000000 + copy if copy in SPOILT else 60000000 + copy
