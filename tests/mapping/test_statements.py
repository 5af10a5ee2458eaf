"""Holdings of serials as MARC 21, French UNIMARC and Chinese systems write them."""

import pytest

from lianguan.engine.mapping import cnmarc, marc21, unimarc
from lianguan.engine.mapping.one import map_one
from lianguan.engine.mapping.rows import Table
from lianguan.engine.read.decoding import Decoder
from lianguan.engine.record import Holding, Record
from tests.making import source

SERIAL = b"00000nas a2200000 a 4500"
HOLDINGS = b"00000cy  a2200000zi 4500"


def mapped(lines: str, table: Table = marc21.TABLE, leader: bytes = SERIAL) -> Record:
    return map_one(source(lines, leader), table, Decoder())


def held(lines: str, table: Table = marc21.TABLE) -> tuple[Holding, ...]:
    return mapped(lines, table).holdings


@pytest.mark.parametrize(
    ("captions", "numbers", "text"),
    [
        ("$av.$i(year)", ["$a1-12$i1990-2001"], "v.1-12 (1990-2001)"),
        ("$av.$i(year)", ["$a13-$i2002-"], "v.13- (2002-)"),
        ("$av.$bno.$i(year)$j(month)", ["$a1$b1-4$i1990$j01-04"], "v.1:no.1-4 (1990:Jan.-Apr.)"),
        ("$av.$bno.$i(year)$j(month)", ["$a1-3$b1-12$i1990-1992$j01-12"], "v.1:no.1-v.3:no.12 (1990:Jan.-1992:Dec.)"),
        ("$av.$bno.$i(year)$j(season)", ["$a1$b2$i1990$j21/22"], "v.1:no.2 (1990:Spring/Summer)"),
        ("$av.$bno.$i(year)$j(month)$k(day)", ["$a84$b4$i2008$j11$k05"], "v.84:no.4 (2008:Nov.5)"),
        ("$av.$i(year)", ["$81.2$a14$i2003", "$81.1$a1-12$i1990-2001$wg"], "v.1-12 (1990-2001), v.14 (2003)"),
        ("$av.$i(year)", ["$81.1$a1-2$i1990$wn", "$81.2$a3$i1991"], "v.1-2 (1990); v.3 (1991)"),
        ("$a(year)$b(month)", ["$a1985-1990"], "1985-1990"),
        ("$a(year)$b(month)", ["$a1985$b03-06"], "1985:Mar.-June"),
        ("$av.$bno.$gno.", ["$a2$b1$g13"], "v.2:no.1=no.13"),
        ("$abd$bissue", ["$a1$b5"], "bd 1:issue 5"),
        ("$a卷$b期$i(年)", ["$a15$b1-6$i2003"], "第15卷第1-6期 (2003)"),
        ("$a+qtr.", ["$a2"], "2 qtr."),
        ("$av.", ["$a3$oSpecial number"], "Special number: v.3"),
    ],
)  # fmt: skip
def test_numbers_stand_under_their_captions(captions: str, numbers: list[str], text: str) -> None:
    linked = [n if n.startswith("$8") else f"$81.{i}{n}" for i, n in enumerate(numbers, 1)]
    lines = [f"853 20$81{captions}", *(f"863 40{one}" for one in linked)]
    assert [(h.volumes, h.source) for h in held("\n".join(lines))] == [(text, "863")]


def test_numbers_without_captions_are_kept_as_they_are() -> None:
    assert held("863 41$83.1$a36$b1$i2014$j05")[0].volumes == "36:1 (2014:05)"
    assert held("853 20$82$av. | 863 41$83.1$a36")[0].volumes == "36"


def test_what_was_never_published_is_not_held() -> None:
    lines = "853 20$81$av. | 863 40$81.1$a1-3 | 863 44$81.2$a4"
    assert [h.volumes for h in held(lines)] == ["v.1-3"]


def test_a_statement_is_where_its_location_says() -> None:
    found = held(
        """852 0 $aJN$bmain$hZ62$i.12
        853 20$81$av.$i(year)
        863 40$81.1$a1-12$i1990-2001
        866 41$80$av.13 (2002)
        867  0$80$aSuppl. 1-3
        868  0$80$aIndex v.1-10"""
    )
    assert {(h.library, h.location, h.call_number) for h in found} == {("JN", "main", "Z62 .12")}
    assert [(h.volumes, h.kind, h.source) for h in found] == [
        ("v.13 (2002)", "", "866"),
        ("Suppl. 1-3", "supplement", "867"),
        ("Index v.1-10", "index", "868"),
        ("v.1-12 (1990-2001)", "", "863"),
    ]


def test_words_stand_for_the_numbers_that_they_are_tied_to() -> None:
    numbers = "853 20$81$av. | 863 40$81.1$a1-12 | 866 41$81$av.1-12, bound"
    assert [h.volumes for h in held(numbers)] == ["v.1-12, bound"]
    to_be_shown = "853 20$81$av. | 863 42$81.1$a1-12 | 866 41$80$aVolumes 1 to 12"
    assert [h.volumes for h in held(to_be_shown)] == ["Volumes 1 to 12"]
    nothing_to_show = "853 20$81$av. | 863 42$81.1$a1-12"
    assert [h.volumes for h in held(nothing_to_show)] == ["v.1-12"]


@pytest.mark.parametrize("tie", ["8", "0"])
def test_of_several_locations_each_has_what_is_tied_to_it(tie: str) -> None:
    found = held(
        f"""852 8 $bmain$hA${tie}22740353440006421
        866  0$aVol. 1-17${tie}22740353440006421
        866  0$zLACKS: v. 2${tie}22740353440006421
        876   $3v.1-2$p001$j1$022740353440006421
        852 8 $bannex$hB${tie}22740217130006421
        866  0$zCURRENT YEAR ONLY${tie}22740217130006421
        852 8 $bstore$hC${tie}2299
        866  0$awhere is it?"""
    )
    assert [(h.location, h.call_number, h.volumes, h.note, h.barcodes) for h in found] == [
        ("main", "A", "Vol. 1-17", "LACKS: v. 2", ()),
        ("main", "A", "v.1-2", "", ("001",)),
        ("annex", "B", "", "CURRENT YEAR ONLY", ()),
        ("store", "C", "", "", ()),
        ("", "", "where is it?", "", ()),
    ]


def test_what_a_location_says_of_copies_is_said_once() -> None:
    found = held("852   $bmain$hA$p001$3Set 1$zfragile | 866  0$av.1-3 | 867  0$asuppl.")
    assert [(h.volumes, h.barcodes, h.note) for h in found] == [
        ("Set 1 v.1-3", ("001",), "fragile"),
        ("suppl.", (), ""),
    ]


def test_a_location_of_which_only_copies_are_told_is_not_a_holding_of_its_own() -> None:
    tied = held("852 8 $bmain$hA$822 | 876   $p001$022")
    assert [(h.location, h.barcodes, h.source) for h in tied] == [("main", ("001",), "876")]
    says_more = held("852 8 $bmain$hA$p009$822 | 876   $p001$022")
    assert [h.barcodes for h in says_more] == [("009",), ("001",)]


def test_a_location_without_statements_is_a_holding_as_before() -> None:
    assert held("852   $bmain$hA$822") == (Holding("", "main", "A", source="852"),)
    assert held("852   $bmain$hA | 853 20$81$av.") == (Holding("", "main", "A", source="852"),)


def test_a_holdings_record_says_whether_the_serial_still_comes() -> None:
    lines = "004 123 | 008 0001014u    8   4001uueng0000000 | 852 0 $bP | 866 41$80$av.1-"
    record = mapped(lines, leader=HOLDINGS)
    assert (record.holdings_of, record.holdings[0].receipt) == ("123", "current")
    ended = mapped(lines.replace("0001014u", "0001015u"), leader=HOLDINGS)
    assert ended.holdings[0].receipt == "ended"
    of_a_bibliographic_record = "008 990802c19999999mauqr p       0   a0eng   | 852 0 $bP"
    assert held(of_a_bibliographic_record)[0].receipt == ""


def test_french_libraries_tie_what_they_have_to_where_it_is() -> None:
    found = held(
        """930   $5FR-751:1$a8-M-35749$b759999999$cTolbiac
        955   $5FR-751:1$rvol. 1 (1961)-
        959   $5FR-751:1$rvol. 3 (1963)
        930   $5FR-751:2$aMAG 12$cRichelieu""",
        unimarc.TABLE,
    )
    assert [(h.location, h.call_number, h.volumes) for h in found] == [
        ("Tolbiac", "8-M-35749", "vol. 1 (1961)- ; lacunes : vol. 3 (1963)"),
        ("Richelieu", "MAG 12", ""),
    ]


def test_chinese_systems_have_years_volumes_and_numbers_apart() -> None:
    found = held(
        """905   $aJNL$c报刊阅览室$sZ62/12$y1990-2001$v第1-12卷
        907   $aJNL$b0001$c报库$y2003$v15$n1-6
        920   $a211010$v1990-2001
        920   $a211260$z0
        930   $aLIB
        955   $b39352020448916""",
        cnmarc.TABLE,
    )
    assert [(h.library, h.location, h.years, h.volumes) for h in found] == [
        ("JNL", "报刊阅览室", "1990-2001", "第1-12卷"),
        ("JNL", "报库", "2003", "第15卷 第1-6期"),
        ("211010", "", "", "1990-2001"),
    ]
    assert found[1].barcodes == ("0001",)


def test_a_status_of_a_copy_is_no_place() -> None:
    assert held("876   $3v.1$jAvailable$p001") == (
        Holding(barcodes=("001",), volumes="v.1", source="876"),
    )
