"""Records copied out of OPACs and editors, line by line."""

import pytest

from lianguan.engine.mapping.opened import open_file
from lianguan.engine.read.files import _in_memory
from lianguan.engine.read.findings import Rule
from lianguan.engine.record import Record

ALEPH = """FMT   BK
LDR   -----nam0-22-----   450-
001   001234567
010   {m}a 7-02-000220-X {m}d CNY20.00
2001  {m}a 红楼梦 {m}9 hong lou meng {m}f 曹雪芹著
210   {m}a 北京 {m}c 人民文学出版社 {m}d 1996
690   {m}a I242.4
SYS   000000012
"""


def records(text: str, encoding: str = "utf-8") -> list[Record]:
    reads = list(open_file(_in_memory("x.txt", text.encode(encoding))).reads)
    assert all(Rule.OPAC_TEXT in read.rules for read in reads)
    return [read.what for read in reads if isinstance(read.what, Record)]


@pytest.mark.parametrize("mark", ["|", "$", "‡", "▼", "！", "!", "@", "$$"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_opac_text_with_any_sign_for_the_subfield_mark(mark: str, encoding: str) -> None:
    record = records(ALEPH.format(m=mark), encoding)[0]
    assert record.number == "001234567"
    assert (record.titles[0].text, record.titles[0].reading) == ("红楼梦", "hong lou meng")
    assert record.agents[0].text == "曹雪芹"
    assert next(record.identified("isbn")).value == "9787020002207"


def test_two_records_are_parted_by_a_blank_line_or_a_leader() -> None:
    text = ALEPH.format(m="|")
    for between in ("\n", ""):
        found = records(text + between + text.replace("001234567", "2"))
        assert [record.number for record in found] == ["001234567", "2"]


def test_delimiters_that_became_exclamation_marks() -> None:
    text = "001 f1\n010  !a7-02-000220-X\n200!1 !a过程管理!9guo cheng guan li!b专著\n210  !a北京!c某社!d2001\n"
    record = records(text)[0]
    assert record.titles[0].text == "过程管理"
    assert record.titles[0].reading == "guo cheng guan li"


def test_marcedit_lines() -> None:
    text = "=LDR  00000nam  2200000 a 4500\n=001  abc\n=245  10$aTitle :$bsub /$cName.\n=650  \\0$aX$zY\n"
    record = records(text)[0]
    assert (record.number, record.titles[0].text, record.titles[0].other) == (
        "abc",
        "Title",
        ("sub",),
    )
    assert record.subjects[0].text == "X—Y"


def test_aleph_sequential() -> None:
    text = (
        "000000001 LDR   L ^^^^^nam0^22^^^^^^^^450^\n000000001 001   L 000000001\n"
        "000000001 2001  L $$a题名甲$$f著者\n000000002 001   L 000000002\n000000002 2001  L $$a题名乙\n"
    )
    assert [(r.number, r.titles[0].text) for r in records(text)] == [
        ("000000001", "题名甲"), ("000000002", "题名乙"),
    ]  # fmt: skip
