"""Tables: headings in two languages, sheets, merged cells, copies, numbers that Excel spoiled."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from lianguan.engine.mapping.opened import Opened, open_file
from lianguan.engine.mapping.stream import Options
from lianguan.engine.read.files import _in_memory, source_files
from lianguan.engine.read.findings import Reason, Refused, Rule
from lianguan.engine.read.repair import Lost
from lianguan.engine.record import Record


def opened(text: str | bytes, options: Options | None = None) -> Opened:
    data = text.encode() if isinstance(text, str) else text
    return open_file(_in_memory("table.csv", data), options)


def records(found: Opened) -> list[Record]:
    return [read.what for read in found.reads if isinstance(read.what, Record)]


CHINESE = "条码号,题名,责任者,出版社,出版年,ISBN,中图分类号,册数,定价（元）\n"


def test_chinese_headings_are_recognised_and_shown() -> None:
    found = opened(
        CHINESE + "001,青海湖志,张三主编,青海人民出版社,2016,7-225-00001-5,K928.43,2,58.00\n"
    )
    assert found.shapes[0].named == {
        "条码号": "barcode", "题名": "title", "责任者": "agent", "出版社": "publisher", "出版年": "year",
        "ISBN": "isbn", "中图分类号": "class", "册数": "copies", "定价（元）": "price",
    }  # fmt: skip
    record = records(found)[0]
    assert record.titles[0].text == "青海湖志"
    assert record.agents[0].text == "张三"
    assert (record.classes[0].scheme, record.year) == ("clc", 2016)
    assert (record.holdings[0].barcodes, record.holdings[0].copies) == (("001",), 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_tables(encoding: str) -> None:
    text = "题名\t著者\n青海湖志\t张三\nམཚོ་སྔོན།\t李四\n"
    assert [r.titles[0].text for r in records(opened(text.encode(encoding)))] == [
        "青海湖志",
        "མཚོ་སྔོན།",
    ]


def test_rows_that_differ_only_in_the_copy_are_one_record() -> None:
    found = records(
        opened(
            CHINESE
            + "001,甲,张三,某社,2016,,K,1,\n002,甲,张三,某社,2016,,K,1,\n003,甲,张三,某社,2017,,K,1,\n"
        )
    )
    assert [[h.barcodes[0] for h in record.holdings] for record in found] == [
        ["001", "002"],
        ["003"],
    ]


def test_a_title_with_a_comma_too_many_is_set_aside_with_its_place() -> None:
    text = "题名,著者\n甲,张三\n乙,李四,王五\n丙,赵六\n"
    reads = list(opened(text).reads)
    lost = [(read.what.reason, read.offset) for read in reads if isinstance(read.what, Lost)]
    assert lost == [(Reason.ROW_BROKEN, text.encode().index("乙".encode()))]
    assert [read.what.titles[0].text for read in reads if isinstance(read.what, Record)] == [
        "甲",
        "丙",
    ]


def test_a_missing_quotation_mark_costs_one_row() -> None:
    rows = [f"书{i},某人" for i in range(200)]
    rows[20] = '"书20,某人'
    found = records(opened("题名,著者\n" + "\n".join(rows)))
    assert len(found) >= 199
    assert found[-1].titles[0].text == "书199"


def test_inches_in_titles_cost_no_row() -> None:
    text = '题名,著者\nThe 5" disc,A\n乙,B\nA 3" screen,C\n丙,D\n'
    assert [r.titles[0].text for r in records(opened(text))] == [
        'The 5" disc', "乙", 'A 3" screen', "丙",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "row",
    ['"书1,某人,社', '"书1",某人,"社', '"书1",某人",社', '书1,"某人,社', '"书1""",某人,"社""'],
)
@pytest.mark.parametrize("others", ["书{},某人,社", '"书{}",某人,社', '"书{}","某人","社"'])
def test_a_lost_quotation_mark_never_costs_a_neighbour(row: str, others: str) -> None:
    rows = [others.format(i) for i in range(100)]
    rows[20] = row
    text = "题名,著者,出版社\n" + "\n".join(rows)
    found = records(opened(text))
    titles = {record.titles[0].text for record in found}
    assert titles >= {f"书{i}" for i in range(100) if i != 20}


def test_every_row_with_a_note_of_several_lines_is_one_record() -> None:
    rows = "".join(f'书{i},"一,\n二,三\n\n四",社{i}\n' for i in range(30))
    found = records(opened("题名,附注,出版社\n" + rows))
    assert [r.titles[0].text for r in found] == [f"书{i}" for i in range(30)]
    assert found[3].publications[0].publisher == "社3"
    assert found[3].notes[0].text == "一, 二,三 四"


def test_blank_lines_between_rows_are_nothing() -> None:
    text = '题名,附注\n甲,"一\n二"\n' + "\n" * 300 + '乙,"三\n四"\n'
    assert [r.notes[0].text for r in records(opened(text))] == ["一 二", "三 四"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_two_byte_text_without_its_mark(encoding: str) -> None:
    text = "题名,著者,年\n青海湖志,张三,2016\n祁连山下,李四,1999\n"
    found = records(opened(text.encode(encoding)))
    assert [r.titles[0].text for r in found] == ["青海湖志", "祁连山下"]


def test_two_byte_text_cut_in_the_middle_of_a_character() -> None:
    text = "题名\t著者\n青海湖志\t张三\n乙\t李四\n".encode("utf-16")
    found = records(opened(text[:-1]))
    assert [r.titles[0].text for r in found] == ["青海湖志", "乙"]


def test_a_cell_may_hold_line_breaks() -> None:
    found = records(opened('题名,附注\n甲,"一\n二"\n乙,\n'))
    assert [r.titles[0].text for r in found] == ["甲", "乙"]


def test_columns_as_a_member_names_them() -> None:
    text = "a,b,c\n甲,张三,x\n"
    found = opened(text, Options(columns="title=a,agent=b"))
    assert found.shapes[0].named == {"a": "title", "b": "agent"}
    with pytest.raises(Refused, match="columns_unknown_heading: 书名"):
        opened(text, Options(columns="title=书名"))
    with pytest.raises(Refused, match="columns_unknown_attribute"):
        opened(text, Options(columns="colour=a"))
    with pytest.raises(Refused, match="no_columns"):
        opened("foo,bar\n1,2\n")


@pytest.mark.parametrize(
    ("written", "isbn", "rule"),
    [
        ("439023483", "9780439023481", Rule.ISBN_LEADING_ZEROS),
        ("9.78043902348e+12", "", Rule(0)),
        ("9787020002207.0", "9787020002207", Rule(0)),
        ("043965548X", "9780439655484", Rule(0)),
        ("439023484", "", Rule(0)),
    ],
)
def test_isbn_that_a_spreadsheet_spoiled(written: str, isbn: str, rule: Rule) -> None:
    read = next(iter(opened(f"title,isbn\nA,{written}\n").reads))
    assert isinstance(read.what, Record)
    assert [i.value for i in read.what.identified("isbn")] == ([isbn] if isbn else [])
    assert read.rules == rule


def test_a_spoiled_bar_code_is_told_and_never_guessed() -> None:
    record = records(opened("题名,条码号\n甲,3.00124E+13\n"))[0]
    assert record.holdings[0].barcodes == ()
    assert record.holdings[0].note == "barcode_damaged: 3.00124E+13"


def workbook() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("图书")
    sheet.merge_range("A1:E1", "门源县图书馆藏书目录（2023年）")
    sheet.write_row("A3", ["序号", "题名", "著者", "条码号", "出版年"])
    sheet.merge_range("B4:B5", "祁连山丛书")
    sheet.merge_range("C4:C5", "张三 主编")
    sheet.write_row("D4", ["30001", 2016])
    sheet.write_row("D5", ["30002", 2016])
    sheet.write_row("A6", [3, "红楼梦", "曹雪芹著", 10000000000000, 1996])
    sheet.write_row("A7", [4, "长条码", "某人", 12345678901234567890, 1996])
    second = book.add_worksheet("儿童")
    second.write_row("A1", ["书名", "作者"])
    second.write_row("A2", ["小王子", "(法)圣埃克苏佩里著"])
    book.add_worksheet("空")
    book.close()
    return buffer.getvalue()


def test_workbook_with_title_rows_merged_cells_and_two_sheets(tmp_path: Path) -> None:
    path = tmp_path / "目录.xlsx"
    path.write_bytes(workbook())
    found = open_file(source_files(path)[0])
    assert [shape.sheet for shape in found.shapes] == ["图书", "儿童"]
    said = records(found)
    assert [r.titles[0].text for r in said] == ["祁连山丛书", "红楼梦", "长条码", "小王子"]
    assert [h.barcodes for h in said[0].holdings] == [("30001",), ("30002",)]
    assert said[1].holdings[0].barcodes == ("10000000000000",)
    assert said[2].holdings[0].barcodes == ()
    assert "barcode_damaged" in said[2].holdings[0].note


def stray(row: int, column: int) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write_row("A1", ["书名", "作者"])
    sheet.write_row("A2", ["小王子", "圣埃克苏佩里著"])
    sheet.write(row, column, "x")
    book.close()
    return buffer.getvalue()


def test_a_cell_typed_far_away_is_told_and_takes_no_memory() -> None:
    for row, column in ((1_048_575, 16_383), (5_000, 16_000), (1_048_575, 30)):
        with pytest.raises(Refused, match="workbook_too_large"):
            opened(stray(row, column))
    assert len(records(opened(stray(20, 400)))) == 1


def repacked(data: bytes, there: bytes, then: bytes) -> bytes:
    """The workbook with something in its XML replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(there, then))
    return out.getvalue()


@pytest.mark.parametrize(
    ("there", "then", "code"),
    [
        (b'uniqueCount="', b'uniqueCount="9999999999', "workbook_too_large"),
        (b'r="B2"', b'r="ZZZZZZZ99999999999"', "workbook_broken"),
        (b"sheet1.xml", b"sheet9.xml", "workbook_broken"),
    ],
)
def test_workbooks_that_bring_their_reader_down_are_refused(
    there: bytes, then: bytes, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        opened(repacked(stray(3, 3), there, then))


def test_a_merged_area_as_large_as_a_sheet_takes_no_time() -> None:
    areas = b"<mergeCells>" + b'<mergeCell ref="A2:A1048576"/>' * 3000 + b"</mergeCells>"
    data = repacked(stray(20_000, 1), b"</sheetData>", b"</sheetData>" + areas)
    assert len(records(opened(data))) == 3


def test_a_workbook_whose_directory_lies_about_sizes_is_refused() -> None:
    data = repacked(stray(3, 3), b"</row>", b"</row>" + b" " * 5_000_000)
    size = struct.pack(
        "<I", len(zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml"))
    )
    assert data.count(size) > 1
    with pytest.raises(Refused, match="workbook_broken"):
        opened(data.replace(size, struct.pack("<I", 700)))


def test_a_cell_that_is_no_number_spoils_no_workbook() -> None:
    found = records(opened(repacked(stray(3, 3), b't="s"><v>4</v>', b"><v>NaN</v>")))
    assert found[0].titles[0].text == "小王子"


def test_a_file_of_items_is_known_by_its_columns() -> None:
    found = opened("控制号,条码号,馆藏地\n001,30001,总馆\n001,30002,分馆\n")
    assert [(r.holdings_of, [h.barcodes[0] for h in r.holdings]) for r in records(found)] == [
        ("001", ["30001", "30002"])
    ]


def test_marks_for_screens_are_left_out_of_cells() -> None:
    rows = 'id,title\n1,קיצור תולדות\u200e\u200e\n2,"两行\n题名"\n'.encode()
    titles = [read.what.titles[0].text for read in open_file(_in_memory("t.csv", rows)).reads]  # type: ignore[union-attr]
    assert titles == ["קיצור תולדות", "两行 题名"]


def test_a_row_of_totals_is_no_book() -> None:
    data = "题名,责任者,出版社,出版年\n青海湖志,张三,青海人民出版社,2020\n,,,合计2020\n".encode()
    found = [read.what for read in open_file(_in_memory("t.csv", data)).reads]
    assert isinstance(found[0], Record)
    assert found[1] == Lost(Reason.NOTHING_IN_IT)


def test_a_table_of_issues_says_years_numbers_gaps_and_whether_they_still_come() -> None:
    found = opened(
        "刊名,ISSN,年,卷,期,缺期,合订,条码号,是否在订\n"
        "青海湖畔,1000-0135,2003,15,1-12,5,半年合订,001,是\n"
        "青海湖畔,1000-0135,2004,16,1-6,无,是,002,是\n"
        "青海湖畔,1000-0135,2005,17,增刊,,否,003,下半年起\n"
    )
    assert found.shapes[0].named["年"] == "years_held"
    (record,) = records(found)
    assert (record.level, record.years) == ("serial", ())
    assert [(h.years, h.volumes, h.receipt, h.note) for h in record.holdings] == [
        ("2003", "第15卷 第1-12期；半年合订；缺：第5期", "current", ""),
        ("2004", "第16卷 第1-6期；合订本", "current", ""),
        ("2005", "第17卷 增刊", "", "receipt: 下半年起"),
    ]


def test_a_list_of_serials_keeps_the_year_of_founding_and_what_is_held() -> None:
    found = opened("题名,出版年,馆藏卷期,缺期\n海北文艺,1980-,1980-2001,1999年第3期\n")
    (record,) = records(found)
    assert (record.year, record.level) == (1980, "serial")
    assert record.holdings[0].volumes == "1980-2001；缺：1999年第3期"


def test_a_newspaper_by_months() -> None:
    found = opened("报名,创刊年,年份,月份,馆藏地\n海北报,1955,1985,1-6,报库\n")
    (record,) = records(found)
    assert (record.year, record.holdings[0].years, record.holdings[0].volumes) == (
        1955,
        "1985",
        "1-6月",
    )


def test_the_year_and_month_of_a_book_are_those_of_its_publication() -> None:
    found = records(opened("书名,年份,月份,卷\n河流,1999,3,2\n河流,2001,4,2\n"))
    assert [(r.year, r.titles[0].parts[0].number, r.level) for r in found] == [
        (1999, "2", ""),
        (2001, "2", ""),
    ]
    assert not any(r.holdings for r in found)


def test_an_issn_beside_an_isbn_is_that_of_the_series() -> None:
    book, serial = records(opened("题名,ISBN,ISSN\n甲,9787020002207,1000-0135\n乙,,1000-0135\n"))
    assert (book.level, serial.level) == ("", "serial")


def test_references_of_a_web_page_in_a_cell_are_read_as_they_were_meant() -> None:
    rows = "人生,路遥,1982\n平凡的世界,路遥,1988\nSplitting &amp; joining,Yv&#225;n J. Garc&#237;a,1998\n"
    *_, read = opened("题名,责任者,出版年\n" + rows).reads
    assert isinstance(read.what, Record)
    assert read.what.titles[0].text == "Splitting & joining"
    assert [name.text for name in read.what.agents] == ["Yván J. García"]
    assert read.rules == Rule.CHARACTER_REFERENCES
