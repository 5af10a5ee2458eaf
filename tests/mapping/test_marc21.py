"""MARC 21 as libraries write it."""

import pytest

from lianguan.engine.mapping import marc21
from lianguan.engine.mapping.one import map_one
from lianguan.engine.read.decoding import Decoder
from lianguan.engine.record import Holding, Part, Publication, Record, Series, Title, Years
from tests.making import source

FIXED = "008 990802s1999    mauab    b    001 0 eng  "


def mapped(lines: str, leader: bytes = b"00000nam a2200000 a 4500") -> Record:
    return map_one(source(lines, leader), marc21.TABLE, Decoder())


def test_a_plain_book() -> None:
    record = mapped(
        f"""001 ocm40776439
        005 20000613133448.0
        {FIXED}
        020   $a020161622X (pbk. : alk. paper)$cUSD39.95
        020   $z0201616221
        245 14$aThe pragmatic programmer :$bfrom journeyman to master /$cAndrew Hunt, David Thomas.
        100 1 $aHunt, Andrew,$d1964-$eauthor.
        700 1 $aThomas, David,$d1956-$4aut
        250   $aSecond edition.
        260   $aReading, Mass. ;$aHarlow :$bAddison-Wesley,$cc2000.
        300   $axxiv, 321 p. :$bill. ;$c24 cm +$e1 CD-ROM
        490 0 $aThe series ;$vv. 3
        650  0$aComputer programming$vHandbooks, manuals, etc.
        082 00$a005.1/3$221
        852   $bMAIN$hQA76.6$i.H857 2000$p31234"""
    )
    assert record.number == "ocm40776439"
    assert record.updated == "20000613133448.0"
    title = record.titles[0]
    assert title == Title(
        "proper", "The pragmatic programmer", ("from journeyman to master",), (),
        "Andrew Hunt, David Thomas", skip=4, source="245",
    )  # fmt: skip
    assert [(n.text, n.roles, n.dates, n.first) for n in record.agents] == [
        ("Hunt, Andrew", ("author",), "1964-", True),
        ("Thomas, David", ("aut",), "1956-", False),
    ]
    isbn, cancelled = record.identifiers
    assert (isbn.value, isbn.valid, isbn.note, isbn.price) == (
        "9780201616224", True, "pbk. : alk. paper", "USD39.95",
    )  # fmt: skip
    assert (cancelled.scheme, cancelled.valid) == ("isbn_cancelled", False)
    assert record.edition == "Second edition"
    assert record.publications == (
        Publication("Reading, Mass", "Addison-Wesley", "c2000", source="260"),
    )
    assert record.years == (Years(1999, None, "", "008"),)
    assert record.extent is not None
    assert (record.extent.text, record.extent.accompanying) == ("xxiv, 321 p.", "1 CD-ROM")
    assert record.series == (Series("The series", "v. 3", source="490"),)
    assert record.subjects[0].text == "Computer programming—Handbooks, manuals, etc."
    assert (record.classes[0].scheme, record.classes[0].number) == ("ddc", "005.13")
    assert record.languages == ("eng",)
    assert record.languages[0].source == "008"  # type: ignore[attr-defined]
    assert (record.content, record.level, record.carrier) == ("text", "monograph", "")
    assert record.holdings == (Holding("", "MAIN", "QA76.6 .H857 2000", ("31234",), source="852"),)


@pytest.mark.parametrize(
    ("field", "titles"),
    [
        ("245 10$aTitle$bsub", [("proper", "Title", ("sub",))]),
        ("245 10$aOne :$bsub a : sub b /$cX", [("proper", "One", ("sub a", "sub b"))]),
        ("245 10$aSpiel =$bGame = Jeu /$cX", [
            ("proper", "Spiel", ()), ("parallel", "Game", ()), ("parallel", "Jeu", ()),
        ]),
        ("245 10$aSpiel :$bein Drama = Game : a play", [
            ("proper", "Spiel", ("ein Drama",)), ("parallel", "Game", ("a play",)),
        ]),
        ("245 00$kLetters,$f1900-1920", [("proper", "Letters", ())]),
        ("245 10$aE = mc squared", [("proper", "E", ()), ("parallel", "mc squared", ())]),
        ("245 10$a ", []),
        ("245 10$aTaʻlīm, (358-467 H. = 968-1072 M.) /$cX", [("proper", "Taʻlīm, (358-467 H. = 968-1072 M.)", ())]),
        ("245 10$aسعد زغلول :\u202a$bسيرة وتحية /\u202a$cX", [("proper", "سعد زغلول", ("سيرة وتحية",))]),
    ],
)  # fmt: skip
def test_titles(field: str, titles: list[tuple[str, str, tuple[str, ...]]]) -> None:
    assert [(t.kind, t.text, t.other) for t in mapped(field).titles] == titles


def test_parts_keep_their_order() -> None:
    record = mapped("245 10$aHistory.$nVolume 2,$pThe Middle Ages.$nPart 1 /$cX")
    assert record.titles[0].parts == (Part("Volume 2", "The Middle Ages"), Part("Part 1"))


def test_the_other_script_is_linked_and_shown_first() -> None:
    record = mapped(
        """245 10$6880-01$aNihon no chasho /$cHayashiya
        880 10$6245-01/$1$a日本の茶書 /$c林屋
        700 1 $6880-02$aHayashiya, Tatsusaburō
        880 1 $6700-02/$1$a林屋, 辰三郎
        880   $6500-00/$1$a注"""
    )
    assert record.title is not None
    assert (record.title.text, record.title.link, record.title.source) == (
        "日本の茶書",
        "01",
        "880-245",
    )
    assert [n.link for n in record.agents] == ["02", "02"]
    assert record.notes[0].source == "880-500"


def test_statement_of_responsibility_where_there_is_no_heading() -> None:
    record = mapped("245 00$aTitle /$cby Harper Lee ; edited by Ann Smith.")
    assert [(n.text, n.source) for n in record.agents] == [
        ("Harper Lee", "245"),
        ("Ann Smith", "245"),
    ]
    assert not [n for n in mapped("245 00$aT /$cby A B | 710 2 $aBody").agents if n.source == "245"]


def test_name_title_entries_are_works_not_agents() -> None:
    record = mapped("245 10$aTwo plays | 700 12$aIbsen, Henrik.$tDoll's house")
    assert record.agents == ()
    assert [(t.kind, t.text) for t in record.titles] == [
        ("proper", "Two plays"), ("contained", "Doll's house"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fixed", "date", "years"),
    [
        ("s2016    ", "", [(2016, None, "")]),
        ("r20051964", "", [(2005, None, "reprint")]),
        ("m19942001", "", [(1994, 2001, "span")]),
        ("c19869999", "", [(1986, 9999, "serial")]),
        ("q19uu    ", "", [(1900, 1999, "questionable")]),
        ("nuuuuuuuu", "c1994.", [(1994, None, "")]),
        ("|||||||||", "[1971 or 1972]", [(1971, None, "")]),
        ("s    ", "200710", [(2007, None, "")]),
        ("s    ", "民国25年", [(1936, None, "republic")]),
        ("s0000    ", "s.a.", []),
    ],
)
def test_years(fixed: str, date: str, years: list[tuple[int, int | None, str]]) -> None:
    record = mapped(f"008 990802{fixed} | 260   $aX :$bY,$c{date}")
    assert [(y.first, y.last, y.kind) for y in record.years] == years


@pytest.mark.parametrize(
    ("lines", "carrier"),
    [
        ("245 10$aT$h[electronic resource]", "electronic"),
        ("300   $a1 online resource (12 p.)", "electronic"),
        ("007 cr bn", "electronic"),
        ("533   $aElectronic reproduction.", "electronic"),
        ("008 990802s1999    mauab   o b    001 0 eng  ", "electronic"),
        ("008 990802s1999    mauab   d b    001 0 eng  ", "large_print"),
        ("245 10$aT$h[microform]", "microform"),
        ("338   $avolume", ""),
        ("245 10$aT", ""),
    ],
)
def test_carrier(lines: str, carrier: str) -> None:
    assert mapped(lines).carrier == carrier


def test_edges_do_not_stop_it() -> None:
    record = mapped("008 x | 020   | 245   | 260   | 300   | 041   $ax$aeng | 856 40$u | 035   $a ")
    assert record.languages == ("eng",)
    assert record.titles == ()


@pytest.mark.parametrize("said", ["freger", "fre"])
def test_languages_run_together(said: str) -> None:
    assert mapped(f"041 1 $a{said}").languages[0] == "fre"


def test_places_and_publishers_in_pairs() -> None:
    record = mapped("264  1$aParis :$bPlon ;$aLondon :$bBlack,$c2001. | 264  4$c©2000")
    assert [(p.place, p.publisher, p.date, p.kind) for p in record.publications] == [
        ("Paris", "Plon", "2001", "publication"),
        ("London", "Black", "", "publication"),
        ("", "", "©2000", "copyright"),
    ]


def test_names_end_before_an_arabic_comma() -> None:
    record = mapped("100 1 $aالطبري، أبو جعفر،$d838-923. | 245 10$aT")
    assert [(name.text, name.dates) for name in record.agents] == [("الطبري، أبو جعفر", "838-923")]
