"""What libraries hold of a serial, as a reader sees it."""

import re

from django.test import Client

from lianguan.discovery.serials import Bar, is_serial, serial_held
from lianguan.engine.merge import Shown, merge
from lianguan.engine.record import Holding, Record, Title
from lianguan.engine.text.years_held import Span
from tests.making import iso2709, source
from tests.union.hub import Hub

SERIAL = b"00000nas0 2200000   450 "


def shown(**holdings: list[Holding]) -> Shown:
    """An entry of a serial with a record of each library."""
    title = (Title("proper", "青海湖畔"),)
    return merge(
        {
            f"{library}:1": Record(titles=title, level="serial", holdings=tuple(held))
            for library, held in holdings.items()
        }
    )


def test_a_library_says_first_what_begins_first_and_last_what_names_no_year() -> None:
    held = [
        Holding(volumes="创刊十周年专号"),
        Holding(volumes="索引 1970-1990", kind="index"),
        Holding(volumes="第10期"),
        Holding(years="1990", volumes="第7-12期"),
        Holding(volumes="第9期"),
        Holding(years="1990", volumes="第1-6期"),
        Holding(volumes="v.1-5 (1985-1989)"),
    ]
    (library,) = serial_held(shown(JN=held)).libraries
    (shelf,) = library.shelves
    assert [one.text for one in shelf.statements] == [
        "v.1-5 (1985-1989)",
        "1990 第1-6期",
        "1990 第7-12期",
        "创刊十周年专号",
        "第9期",
        "第10期",
        "索引 1970-1990",
    ]
    assert [one.is_undated for one in shelf.statements] == [False] * 3 + [True] * 3 + [False]
    assert library.spans == (Span(1985, 1990),)


def test_a_statement_of_gaps_alone_is_not_one_without_a_year() -> None:
    (library,) = serial_held(shown(JN=[Holding(volumes="LACKS: v. 139")])).libraries
    assert not library.shelves[0].statements[0].is_undated


def test_what_stands_in_one_place_is_told_together() -> None:
    held = [
        Holding(location="报库", volumes="1995"),
        Holding(location="阅览室", call_number="Z62", volumes="1990-1994"),
        Holding(location="报库", volumes="1992"),
    ]
    (library,) = serial_held(shown(JN=held)).libraries
    assert [(s.location, s.call_number, len(s.statements)) for s in library.shelves] == [
        ("阅览室", "Z62", 1),
        ("报库", "", 2),
    ]


def test_of_many_volumes_what_is_said_in_general_is_seen_first() -> None:
    general = Holding(volumes="1990-1999")
    volumes = [Holding(volumes=f"{year}", barcodes=(str(year),)) for year in range(1990, 1997)]
    few = serial_held(shown(JN=[general, *volumes[:5]])).libraries[0].shelves[0]
    assert (len(few.at_once), few.folded) == (6, ())
    many = serial_held(shown(JN=[general, *volumes])).libraries[0].shelves[0]
    assert [one.text for one in many.at_once] == ["1990-1999"]
    assert len(many.folded) == 7
    no_codes = [one._replace(barcodes=()) for one in volumes]
    plain_rows = serial_held(shown(JN=no_codes)).libraries[0].shelves[0]
    assert (plain_rows.at_once, len(plain_rows.folded)) == ((), 7)


def test_the_bars_of_all_libraries_begin_with_the_first_year_that_anybody_has() -> None:
    found = serial_held(
        shown(
            GC=[Holding(volumes="上册")],
            HB=[Holding(volumes="1988-1990；缺1989年第3期", receipt="ended")],
            JN=[Holding(volumes="1985-1986，1988-"), Holding(receipt="current")],
            QH=[],
        )
    )
    gc, hb, jn, qh = found.libraries
    assert (found.axis, found.goes_on, found.length) == (Span(1985, 1990), True, 7)
    assert hb.bars == (Bar(3, 1, False), Bar(4, 1, True), Bar(5, 1, False))
    assert hb.years == (Span(1988, 1990),)
    assert hb.in_part == (Span(1989, 1989, True),)
    assert jn.bars == (Bar(0, 2, False), Bar(3, 7, False))
    assert (gc.bars, gc.spans, len(gc.shelves)) == ((), (), 1)
    assert (qh.shelves, qh.receipt) == ((), "")
    assert (hb.receipt, jn.receipt) == ("ended", "current")


def test_a_serial_of_which_no_year_can_be_read_has_no_bars() -> None:
    found = serial_held(shown(JN=[Holding(volumes="第1-12期")]))
    assert (found.axis, found.length, found.goes_on, found.years) == (None, 0, False, ())


def test_a_book_is_no_serial_though_it_has_volumes() -> None:
    book = Record(titles=(Title("proper", "史记"),), holdings=(Holding(volumes="1990"),))
    assert not is_serial(merge({"JN:1": book}))
    assert is_serial(shown(JN=[]))


def serial(number: str, *holdings: str) -> bytes:
    """A CNMARC record of a serial that three members have."""
    lines = (
        f"001 {number} | 100   $a20050101a19859999em y0chiy50      ea | 101 0 $achi",
        "200 1 $a青海湖畔$f海北州文联编 | 210   $a西海镇$c青海湖畔编辑部$d1985-",
        "711 02$a海北州文联$4编",
        *holdings,
    )
    return iso2709(source("\n".join(lines), SERIAL))


def sent(hub: Hub) -> Hub:
    hub.send("JN", serial("1", "905   $aJN$c阅览室$sI2/12$y1985-2001,2003-$v总第1-97期，第104期-"))
    bundles = [f"905   $aHB$b60{y}$c过刊库$y{y}$v第1-6期" for y in range(1988, 1995)]
    tibetan = "905   $aHB$c藏文书库$v༢༠༠༤ལོའི་འདོན་ཐེངས་༡-༤"
    hub.send("HB", serial("2", *bundles, tibetan, "905   $aHB$c藏文书库$v末期不详2"))
    rows = "编号,刊名,作者,出版者,创刊年,年,期,缺期,是否在订\n"
    row = "G1,青海湖畔,海北州文联编,青海湖畔编辑部,1985,{},1-6,{},是\n"
    hub.send("GC", (rows + row.format(2019, "") + row.format(2020, 3)).encode(), name="x.csv")
    return hub


def page(reader: Client, hub: Hub, language: str = "zh") -> str:
    with sent(hub).catalogue() as catalogue:
        addresses = {catalogue.address_of(key) for key in hub.entries()}
    (address,) = addresses
    return reader.get(f"/e/{address}?lang={language}").content.decode()


def plain(text: str) -> str:
    """What a reader sees of a page, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_a_reader_sees_which_library_has_which_years(reader: Client, hub: Hub) -> None:
    html = page(reader, hub)
    seen = plain(html)
    assert "GC 2019–2020 2020 有缺" in seen
    assert "HB 1988–1994、2004 JN 1985–2001、2003– 1985 2020–" in seen
    assert "1985–1987 JN 1988–1994 HB 、 JN" in seen
    assert "2002 各馆都没有写到" in seen
    assert "2020 GC 有缺 、 JN" in seen
    assert html.count("<rect ") == 2 + 2 + 2
    assert not re.search(r"<script|\sstyle=|\son\w+=", html)


def test_a_reader_sees_what_each_library_says_in_its_own_words(reader: Client, hub: Hub) -> None:
    html = page(reader, hub)
    seen = plain(html)
    assert "JN 阅览室 · I2/12 1985-2001,2003- 总第1-97期，第104期-" in seen
    assert "GC 在订" in seen
    assert "2020 第1-6期；缺：第3期" in seen
    assert "7 条馆藏 1988 第1-6期 条码 601988" in seen
    assert '<span dir="auto" lang="bo">༢༠༠༤ལོའི་འདོན་ཐེངས་༡-༤</span>' in html
    assert "末期不详2 （没有读出年份）" in seen


def test_the_words_around_them_are_those_of_the_reader(reader: Client, hub: Hub) -> None:
    seen = plain(page(reader, hub, "en"))
    assert "GC 2019–2020 gaps in 2020" in seen
    assert "HB 1988–1994, 2004" in seen
    assert "GC still coming" in seen
    assert "no library says so" in seen
    assert "7 statements" in seen


def test_of_a_serial_that_nobody_says_anything_of_the_page_says_so(
    reader: Client, hub: Hub
) -> None:
    hub.send("JN", serial("1"))
    assert "各馆的记录都没有写馆藏" in reader.get("/r/JN/1", follow=True).content.decode()
    hub.send("JN", serial("1", "905   $aJN$c阅览室"))
    hub.send("HB", serial("2"))
    seen = plain(reader.get("/r/JN/1", follow=True).content.decode())
    assert "HB 没有写明有哪些年卷期。" in seen
    assert "各馆所藏年份" not in seen
