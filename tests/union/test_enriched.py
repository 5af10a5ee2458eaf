"""A member gets its own records back, with what the others know more."""

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pymarc
import pytest

from lianguan.engine.mapping.opened import open_file
from lianguan.engine.read.files import SourceFile
from lianguan.engine.read.iso2709 import sound_fields
from lianguan.engine.record import Record
from lianguan.engine.union.additions import additions
from lianguan.engine.union.enriching import Enriched, EnrichedExport
from lianguan.engine.union.granting import TermsOrder, change_terms
from tests.making import cnmarc, iso2709, marc21, source, xml
from tests.union.hub import Hub

ISBN = "9787020049295"
JINAN = f"""001 jn-1
100   $a20050101d2004    em y0chiy0110    ea
010   $a{ISBN}$dCNY66.00
011   $a1000-0135
101 0 $achi
200 1 $a平凡的世界$f路遥著
210   $a北京$c人民文学出版社$d2004
215   $a1251页$d21cm
225 1 $a茅盾文学奖获奖作品全集$v3
300   $a本馆有作者签名本
330   $a一部全景式的长篇小说。
510 1 $aOrdinary world$zeng
606 0 $a长篇小说$x中国$y当代
690   $aI247.57$v5
701  0$a路遥$c(1949-1992)$4著
856 4 $uhttps://example.org/pf$z在线试读
905   $aJN$bJN0001$cA区$sI247.57/7"""
HAIBEI = """001 hb-1
100   $a20050101d2004    em y0chiy0110    ea
200 1 $a平凡的世界$f路遥著
210   $c人民文学出版社$d2004
215   $a1251页
905   $aHB$bHB0001"""


def enriched(
    hub: Hub, path: Path, library: str, format_: str = "iso2709", encoding: str = ""
) -> Enriched:
    with hub.catalogue() as opened:
        made = EnrichedExport(opened.connection, opened.packing, opened.sources, library, encoding)
        done: Enriched = getattr(made, format_)(path)
        return done


def read(path: Path) -> list[Record]:
    """What our own reader makes of a file."""
    return [read.what for read in open_file(SourceFile(path.name, lambda: path.open("rb"))).reads if isinstance(read.what, Record)]  # fmt: skip


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.mrc"


@pytest.fixture
def two(hub: Hub) -> Hub:
    """Jinan has catalogued a book in full, Haibei in brief."""
    hub.send("JN", cnmarc(JINAN))
    hub.send("HB", cnmarc(HAIBEI))
    assert hub.together() == {frozenset({"JN:jn-1", "HB:hb-1"})}
    return hub


def test_haibei_gets_its_record_byte_for_byte_with_what_jinan_knows_more(
    two: Hub, out: Path
) -> None:
    done = enriched(two, out, "HB")
    own, now = sound_fields(cnmarc(HAIBEI)), sound_fields(out.read_bytes())
    assert own
    assert now
    assert now[: len(own)] == own
    assert (done.written, done.enriched, done.as_sent) == (1, 1, 1)
    (record,) = read(out)
    assert record.number == "hb-1"
    assert [i.value for i in record.identifiers] == [ISBN, "1000-0135"]
    assert [(t.kind, t.text) for t in record.titles] == [
        ("proper", "平凡的世界"),
        ("parallel", "Ordinary world"),
    ]
    assert [(s.title, s.number) for s in record.series] == [("茅盾文学奖获奖作品全集", "3")]
    assert [s.text for s in record.subjects] == ["长篇小说—中国—当代"]
    assert [(c.scheme, c.number) for c in record.classes] == [("clc", "I247.57")]
    assert [(n.kind, n.text) for n in record.notes] == [("abstract", "一部全景式的长篇小说。")]
    assert [o.url for o in record.online] == ["https://example.org/pf"]
    assert record.languages == ("chi",)


def test_nothing_of_jinans_copies_goes_to_haibei(two: Hub, out: Path) -> None:
    enriched(two, out, "HB")
    data = out.read_text("utf-8")
    for local in ("CNY66.00", "签名本", "JN0001", "A区", "I247.57/7"):
        assert local not in data
    (record,) = read(out)
    assert [h.barcodes for h in record.holdings] == [("HB0001",)]


def test_each_addition_says_whose_it_is(two: Hub, out: Path) -> None:
    enriched(two, out, "HB")
    (record,) = pymarc.MARCReader(out.read_bytes(), force_utf8=True)
    assert record is not None
    marked = {field.tag: field["5"] for field in record.get_fields() if "5" in field}
    assert set(marked.values()) == {"JN"}
    assert set(marked) == {"010", "011", "101", "225", "330", "510", "606", "690", "701", "856"}


def test_what_the_member_has_is_never_written_over(two: Hub, out: Path) -> None:
    """Jinan has everything that Haibei has: its record comes back as it went."""
    done = enriched(two, out, "JN")
    assert out.read_bytes() == cnmarc(JINAN)
    assert (done.enriched, dict(done.added)) == (0, {})


def test_a_record_in_gb18030_comes_back_in_gb18030(hub: Hub, out: Path) -> None:
    hub.send("JN", cnmarc(JINAN))
    hub.send("HB", raw := cnmarc(HAIBEI, "gb18030"))
    done = enriched(hub, out, "HB")
    own, now = sound_fields(raw), sound_fields(out.read_bytes())
    assert own
    assert now
    assert now[: len(own)] == own
    assert "长篇小说".encode("gb18030") in out.read_bytes()
    assert done.as_sent == 1
    assert [s.text for s in read(out)[0].subjects] == ["长篇小说—中国—当代"]
    done = enriched(hub, out, "HB", encoding="utf-8")
    assert "平凡的世界".encode() in out.read_bytes()
    assert done.as_sent == 0
    assert [s.text for s in read(out)[0].subjects] == ["长篇小说—中国—当代"]


FULL_21 = f"""001 us1
008 050101s2004    cc            000 0 chi d
010   $a  2004123456
020   $a{ISBN}
050  4$aPL2872.A3
082 04$a895.13$222
100 1 $aLu, Yao,$d1949-1992.
245 10$aPing fan de shi jie /$cLu Yao.
246 31$aOrdinary world
260   $aBeijing :$bPeople's Literature,$c2004.
300   $a1251 p. ;$c21 cm.
490 0 $aMao Dun prize ;$vv. 3
505 0 $aBook one -- Book two.
520   $aA panorama of a decade.
590   $aOur copy lacks the cover.
600 10$aLu, Yao.
650  0$aChinese fiction$y20th century.
700 1 $aLi, Ming,$etranslator.
852   $bMAIN$p39000001
856 40$uhttps://example.org/21$yOnline"""
BRIEF_21 = f"001 b1 | 008 050101s2004    cc            000 0     d | 020   $a{ISBN} | 245 10$aPing fan de shi jie /$cLu Yao. | 100 1 $aLu, Yao,$d1949-1992."


def test_marc_21_gets_its_own_tags_and_reads_the_same_again(hub: Hub, out: Path) -> None:
    hub.send("US", marc21(FULL_21))
    hub.send("NY", marc21(BRIEF_21))
    assert len(hub.together()) == 1
    enriched(hub, out, "NY")
    (record,), (full,) = read(out), read(_file(out.with_name("full.mrc"), marc21(FULL_21)))
    assert {i.scheme: i.value for i in record.identifiers} == {
        "isbn": ISBN,
        "lccn": "2004123456",
    }
    assert {t.text for t in record.titles} == {"Ping fan de shi jie", "Ordinary world"}
    assert {s.text for s in record.subjects} == {s.text for s in full.subjects}
    assert {c[:2] for c in record.classes} == {c[:2] for c in full.classes}
    assert {n[:2] for n in record.notes} == {n[:2] for n in full.notes if n.kind != "local"}
    assert {(n.text, n.roles) for n in record.agents} == {(n.text, n.roles) for n in full.agents}
    assert [(s.title, s.number) for s in record.series] == [("Mao Dun prize", "v. 3")]
    assert record.extent
    assert full.extent
    assert record.extent[:2] == full.extent[:2]
    assert record.languages == ("chi",)
    assert not record.holdings
    again = Hub(_folder(out.parent / "again"))
    again.send("US", marc21(FULL_21))
    again.send("NY", out.read_bytes())
    assert enriched(again, out, "NY").enriched == 0


def _file(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_a_marc_21_record_of_plain_letters_says_that_it_is_utf_8_now(hub: Hub, out: Path) -> None:
    hub.send("US", marc21(FULL_21 + "\n246 31$a平凡的世界"))
    plain = iso2709(source(BRIEF_21, b"00000nam  2200000 a 4500"))
    hub.send("NY", plain)
    enriched(hub, out, "NY")
    (record,) = pymarc.MARCReader(out.read_bytes())
    assert record is not None
    assert "平凡的世界" in [field["a"] for field in record.get_fields("246")]


@pytest.mark.skipif(shutil.which("yaz-marcdump") is None, reason="yaz-marcdump is not installed")
def test_yaz_has_nothing_to_say_against_it(two: Hub, out: Path) -> None:
    two.send("US", marc21(FULL_21))
    two.send("NY", marc21(BRIEF_21) + b"99999" + marc21(BRIEF_21.replace("b1", "b2"))[5:])
    for library in ("JN", "HB", "US", "NY"):
        enriched(two, out, library)
        done = subprocess.run(["yaz-marcdump", "-n", out], capture_output=True, check=True)
        assert done.stdout + done.stderr == b""


def test_marcxml_has_the_additions_too(two: Hub, out: Path) -> None:
    enriched(two, out, "HB", "marcxml")
    (record,) = pymarc.parse_xml_to_array(str(out))
    assert record["606"]["a"] == "长篇小说"
    assert record["606"]["5"] == "JN"
    assert record["001"].data == "hb-1"


def test_a_reading_room_with_a_table_gets_a_table(two: Hub, out: Path) -> None:
    two.send("GC", f"记录号,书名,著者,书号\nG9,平凡的世界,路遥,{ISBN}\n".encode(), name="x.csv")
    enriched(two, out, "GC", "csv")
    (row,) = csv.DictReader(io.StringIO(out.read_text("utf-8-sig")))
    assert (row["record"], row["title"], row["publisher"]) == ("G9", "平凡的世界", "")
    assert row["added_subjects"] == "长篇小说—中国—当代 [JN]"
    assert row["added_years"] == "2004 [HB JN]"
    assert row["added_extent"] == "1251页 [HB JN]"
    enriched(two, out, "GC")
    assert [s.text for s in read(out)[0].subjects] == ["长篇小说—中国—当代"]


def test_a_record_that_would_be_too_long_is_named_and_stays_as_it_was(hub: Hub, out: Path) -> None:
    long = source(JINAN.replace("一部全景式的长篇小说。", "长" * 4000))
    hub.send(
        "JN",
        xml([long]),
        name="x.xml",
    )
    hub.send("HB", cnmarc(HAIBEI))
    assert len(hub.together()) == 1
    done = enriched(hub, out, "HB")
    assert (done.too_long, done.written, done.enriched) == (["hb-1"], 1, 0)
    assert out.read_bytes() == cnmarc(HAIBEI)
    assert enriched(hub, out, "HB", "marcxml").enriched == 1


def test_nothing_comes_from_a_member_that_lets_nothing_be_exported(two: Hub, out: Path) -> None:
    change_terms(two.root, "JN", TermsOrder(exported=False))
    assert enriched(two, out, "HB").enriched == 0
    assert out.read_bytes() == cnmarc(HAIBEI)
    change_terms(two.root, "JN", TermsOrder(exported=True, hide="330,606"))
    enriched(two, out, "HB")
    (record,) = read(out)
    assert (record.notes, record.subjects) == ((), ())
    assert record.classes


def test_several_that_say_so_are_all_named_and_order_does_not_matter(hub: Hub) -> None:
    made = [
        cnmarc(JINAN),
        cnmarc(JINAN.replace("一部全景式的长篇小说。", "一部全景式的长篇小说")),
        cnmarc(HAIBEI),
    ]
    records = {}
    for key, data in zip(("C:1", "A:1", "B:1"), made, strict=True):
        (records[key],) = read(_file(hub.inbox / "x.mrc", data))
    own = records.pop("B:1")
    found = additions(own, records)
    assert found == additions(own, dict(reversed(records.items())))
    assert {one.by for one in found} == {("A", "C")}
    (abstract,) = (one for one in found if one.slot == "notes")
    assert abstract.value.text == "一部全景式的长篇小说。"


def test_the_same_person_in_another_script_is_nobody_else(hub: Hub, out: Path) -> None:
    latin = JINAN.replace(
        "701  0$a路遥$c(1949-1992)$4著", "701  1$aLu$bYao$4aut\n702  0$a李明$4插图"
    )
    hub.send("JN", cnmarc(latin))
    hub.send("HB", cnmarc(HAIBEI))
    assert len(hub.together()) == 1
    enriched(hub, out, "HB")
    assert {name.text for name in read(out)[0].agents} & {"Lu, Yao", "Lu Yao"} == set()


def test_a_title_in_the_members_other_script_is_more_and_a_cancelled_number_is_not(
    hub: Hub, out: Path
) -> None:
    both = FULL_21 + "\n880 10$6245-01$a平凡的世界 /$c路遥."
    hub.send("US", marc21(both.replace("245 10$a", "245 10$6880-01$a")))
    other = BRIEF_21.replace(f"020   $a{ISBN}", f"010   $a  2004123456 | 020   $z{ISBN}")
    hub.send("NY", marc21(other))
    assert len(hub.together()) == 1
    enriched(hub, out, "NY")
    (record,) = read(out)
    assert ("variant", "平凡的世界") in [(t.kind, t.text) for t in record.titles]
    assert not list(record.identified("isbn"))


def test_what_is_hidden_in_marc_21_goes_with_its_other_script(hub: Hub, out: Path) -> None:
    local = "590   $aSecret note | 880   $6505-02$a秘密目次 | 866 41$80$aSecret volumes | 541   $aDealer"
    hub.send("US", marc21(FULL_21 + "\n" + local.replace(" | ", "\n")))
    change_terms(hub.root, "US", TermsOrder(hide="590,852$p,supplier,505"))
    with hub.catalogue() as opened:
        view = opened.entry(opened.address_of("US:us1"))
    assert view is not None
    said = f"{view.shown.everything()} {view.sources}"
    for secret in ("Secret note", "秘密目次", "39000001", "Dealer", "Book one"):
        assert secret not in said
    assert "MAIN" in said
    assert view.sources[0].hidden == 6


def test_a_name_read_out_of_a_statement_is_no_heading(hub: Hub, out: Path) -> None:
    drawn = JINAN.replace("$f路遥著", "$f路遥著$g刘洋图").replace(
        "701  0$a路遥", "701  0$a路遥\n702  0$a刘洋$4图\n701  0$a路遥", 1
    )
    hub.send("JN", cnmarc(drawn))
    hub.send("HB", cnmarc(HAIBEI.replace("$f路遥著", "$f路遥著$g刘洋图")))
    hub.send("GC", cnmarc(HAIBEI))
    assert len(hub.together()) == 1
    for library in ("JN", "HB", "GC"):
        enriched(hub, out, library)
        (record,) = read(out)
        assert {name.text for name in record.agents} == {"路遥", "刘洋"}, library


def test_who_is_only_stated_is_not_put_behind_others_headings(hub: Hub, out: Path) -> None:
    """Jinan has a heading for the one who drew, and none for the one who wrote."""
    hub.send("JN", cnmarc(JINAN.replace("701  0$a路遥$c(1949-1992)$4著", "702  0$a刘洋$4图")))
    hub.send("HB", cnmarc(HAIBEI))
    assert len(hub.together()) == 1
    enriched(hub, out, "HB")
    assert [name.text for name in read(out)[0].agents] == ["路遥"]


def test_a_series_that_is_only_a_heading_is_not_put_behind_others(hub: Hub, out: Path) -> None:
    hub.send("US", marc21(FULL_21))
    hub.send("NY", marc21(BRIEF_21 + " | 830  0$aModern fiction ;$v7."))
    assert len(hub.together()) == 1
    enriched(hub, out, "NY")
    assert [one.title for one in read(out)[0].series] == ["Modern fiction"]
