"""CNMARC as it is met: the fixtures A to H of the domain notes, and the dirt around them."""

from lianguan.engine.mapping import cnmarc
from lianguan.engine.mapping.detect import dialect_of
from lianguan.engine.mapping.one import map_one
from lianguan.engine.read.decoding import Decoder
from lianguan.engine.record import Holding, Part, Record
from tests.making import CNMARC, source


def mapped(lines: str) -> Record:
    return map_one(source(lines, CNMARC), cnmarc.TABLE, Decoder())


def test_a_an_edition_with_price_class_and_pinyin() -> None:
    record = mapped(
        """100   $a20160101d2016    em y0chiy50      ea
        101 0 $achi
        102   $aCN$b630000
        200 1 $a青海湖志$9qing hai hu zhi$f张三主编
        205   $a第2版
        210   $a西宁$c青海人民出版社$d2016.
        215   $a10,112页$c图$d21cm
        690   $aK928.43$v5
        701  0$a张三$9zhang san$4主编"""
    )
    title = record.titles[0]
    assert (title.text, title.reading, title.responsibility) == (
        "青海湖志",
        "qing hai hu zhi",
        "张三主编",
    )
    assert record.edition == "第2版"
    assert record.edition.source == "205"  # type: ignore[attr-defined]
    publication = record.publications[0]
    assert (publication.place, publication.publisher, publication.date) == (
        "西宁",
        "青海人民出版社",
        "2016",
    )
    assert (record.year, record.languages, record.script, record.audience) == (
        2016,
        ("chi",),
        "ea",
        "general",
    )
    assert (record.classes[0].scheme, record.classes[0].number, record.classes[0].edition) == (
        "clc", "K928.43", "5",
    )  # fmt: skip
    assert [(n.text, n.roles, n.first) for n in record.agents] == [("张三", ("主编",), True)]
    assert record.extent is not None
    assert (record.extent.text, record.extent.size) == ("10,112页", "21cm")


def test_b_statement_with_a_space_where_there_is_no_heading() -> None:
    record = mapped("200 1 $a青海湖志$f张三 主编 | 210   $a西宁$c青海人民出版社$d2009")
    assert [(n.text, n.roles) for n in record.agents] == [("张三", ("主编",))]
    assert record.year == 2009


def test_c_set_and_part() -> None:
    whole = mapped("010   $a978-7-225-91234-9 (套) | 200 1 $a祁连山丛书 | 215   $a5册")
    part = mapped("200 1 $a祁连山丛书$h第一册$i河流")
    assert whole.identifiers[0].note == "套"
    assert part.titles[0].parts == (Part("第一册", "河流"),)


def test_d_tibetan_title_with_its_chinese_one() -> None:
    record = mapped("101 0 $atib | 200 1 $aམཚོ་བྱང་གི་ལོ་རྒྱུས།$d海北史话$zchi")
    assert [(t.kind, t.text, t.language) for t in record.titles] == [
        ("proper", "མཚོ་བྱང་གི་ལོ་རྒྱུས།", ""), ("parallel", "海北史话", "chi"),
    ]  # fmt: skip
    assert record.languages == ("tib",)


def test_e_local_bulletin_with_its_issue_in_the_title() -> None:
    record = mapped("200 1 $a海北州图书馆工作简报$h2019年第3期 | 300   $a内部资料")
    assert record.titles[0].parts == (Part("2019年第3期"),)
    assert record.notes[0].text == "内部资料"
    assert record.identifiers == ()


def test_h_wrong_pinyin_does_not_hide_the_author() -> None:
    name = mapped("701  0$a叶震$AXie Zhen$4主编").agents[0]
    assert (name.text, name.reading) == ("叶震", "Xie Zhen")


def test_nationality_and_dynasty_in_brackets_or_subfields() -> None:
    record = mapped(
        """701  0$a(法)雨果$c(Hugo, Victor)$4著
        702  0$a李白$f(701-762)$4撰
        702  0$a曹雪芹$f(清)$4著
        702 A0$aHugo, Victor"""
    )
    assert [(n.text, n.dynasty, n.dates) for n in record.agents] == [
        ("雨果", "法", ""), ("李白", "", "701-762"), ("曹雪芹", "清", ""),
    ]  # fmt: skip


def test_numbers_used_before_isbn() -> None:
    record = mapped("091   $a10019·1234 | 092   $b7001-1 | 011   $a1000-0135")
    assert [(i.scheme, i.value, i.valid) for i in record.identifiers] == [
        ("issn", "1000-0135", True),
        ("unified_book_number", "10019·1234", True),
        ("order_number", "7001-1", True),
    ]


def test_headings_and_classes_crammed_into_one_subfield() -> None:
    record = mapped(
        "606 0 $a尘肺－护理；尘肺－康复 | 610 0 $a高原 牧区 阅读 | 690   $aR473.59；R598.209$v4"
    )
    assert [s.text for s in record.subjects] == ["尘肺—护理", "尘肺—康复", "高原", "牧区", "阅读"]
    assert [c.number for c in record.classes] == ["R473.59", "R598.209"]


def test_a_serial_that_still_comes_has_an_open_end() -> None:
    coming = mapped("100   $a20050101a19859999em y0chiy50      ea")
    assert [(y.first, y.last, y.kind) for y in coming.years] == [(1985, 9999, "serial")]
    ended = mapped("100   $a20050101b19791999em y0chiy50      ea")
    assert [(y.first, y.last, y.kind) for y in ended.years] == [(1979, 1999, "serial")]


def test_holdings_of_905() -> None:
    record = mapped("905   $aHBZ$b0012345$b0012346$dK294.4$e7$f2")
    assert record.holdings == (
        Holding("HBZ", "", "K294.4/7", ("0012345", "0012346"), 2, source="905"),
    )


def test_embedded_and_plain_links() -> None:
    record = mapped(
        "461  0$12001 $a青海史话丛书$v3 | 454  0$1001abc$12001 $aLes Misérables | 410  0$tSeries$x1000-0135"
    )
    assert [(k.relation, k.title) for k in record.links] == [
        ("series", "Series"), ("original", "Les Misérables"), ("set", "青海史话丛书"),
    ]  # fmt: skip
    assert record.links[1].identifiers[0].value == "abc"


def test_dialects_are_told_apart() -> None:
    chinese = source("200 1 $a题名 | 690   $aK29", CNMARC)
    french = source("200 1 $aTitre | 101 0 $afre", CNMARC)
    american = source("245 10$aTitle")
    assert dialect_of([chinese] * 2 + [french]) == "cnmarc"
    assert dialect_of([french]) == "unimarc"
    assert dialect_of([american, american, french]) == "marc21"
    assert dialect_of([]) == "marc21"
    by_country = source("200 1 $a题名 | 102   $aCN$b110000", CNMARC)
    assert dialect_of([by_country]) == "cnmarc"
