"""Everything out again, and readable by others."""

import csv
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pymarc
import pytest

from lianguan.engine.union import export, formats, seekable
from lianguan.engine.union.access import EVERYTHING
from lianguan.engine.union.export import RecordExport
from tests.making import MARC21, iso2709, source, xml
from tests.union.hub import Hub, book

XML_BOOK = source("001 x9 | 245 10$aPlain tales & others$bfrom <the> hills", MARC21)


def exported(hub: Hub, path: Path, library: str = "") -> export.Exported:
    with hub.catalogue() as catalogue:
        return RecordExport(
            catalogue.connection, catalogue.packing, catalogue.sources, library
        ).iso2709(path)


def test_sound_records_leave_byte_for_byte_as_they_came(hub: Hub, tmp_path: Path) -> None:
    data = book("1") + book("2", title="མི་རིགས་དཔེ་སྐྲུན་ཁང་།") + book("3", title="人生")
    hub.send("JN", data)
    done = exported(hub, tmp_path / "out.mrc")
    assert (done.written, done.as_sent, done.left_out) == (3, 3, 0)
    assert (tmp_path / "out.mrc").read_bytes() == data


def test_a_gbk_record_leaves_as_gbk(hub: Hub, tmp_path: Path) -> None:
    record = source("001 7 | 200 1 $a平凡的世界$f路遥著 | 210   $a北京$c作家出版社$d2004", MARC21)
    hub.send("HB", data := iso2709(record, "gb18030"))
    exported(hub, tmp_path / "out.mrc")
    assert (tmp_path / "out.mrc").read_bytes() == data


def test_a_repaired_record_leaves_sound_and_any_program_reads_it(hub: Hub, tmp_path: Path) -> None:
    wrong = b"99999" + book("1")[5:]
    hub.send("JN", wrong + book("2", title="人生"))
    done = exported(hub, tmp_path / "out.mrc")
    assert (done.written, done.as_sent) == (2, 1)
    with (tmp_path / "out.mrc").open("rb") as file:
        titles = [
            record["200"]["a"] for record in pymarc.MARCReader(file, force_utf8=True) if record
        ]
    assert titles == ["平凡的世界", "人生"]


def test_marcxml_and_tables_leave_as_iso_2709(hub: Hub, tmp_path: Path) -> None:
    hub.send("NYU", xml([XML_BOOK]), name="x.xml")
    hub.send("GC", "书名,著者,书号,条码\n人生,路遥,702004929X,G1\n".encode(), name="x.csv")
    done = exported(hub, tmp_path / "out.mrc")
    assert (done.written, done.as_sent) == (2, 0)
    with (tmp_path / "out.mrc").open("rb") as file:
        records = [record for record in pymarc.MARCReader(file) if record]
    assert [record["245"]["a"] for record in records] == ["人生", "Plain tales & others"]
    assert records[0]["020"]["a"] == "9787020049295"
    assert records[0]["852"]["p"] == "G1"


@pytest.mark.skipif(shutil.which("yaz-marcdump") is None, reason="yaz-marcdump is not installed")
def test_yaz_reads_every_record_that_leaves(hub: Hub, tmp_path: Path) -> None:
    damaged = bytearray(book("4", title="世界"))
    damaged[12:17] = b"99999"
    hub.send("JN", b"99999" + book("1")[5:] + book("2", title="人生") + bytes(damaged))
    hub.send("NYU", xml([XML_BOOK]), name="x.xml")
    exported(hub, tmp_path / "out.mrc")
    done = subprocess.run(
        ["yaz-marcdump", "-n", str(tmp_path / "out.mrc")], capture_output=True, check=True
    )
    assert done.stdout + done.stderr == b""
    lines = subprocess.run(
        ["yaz-marcdump", str(tmp_path / "out.mrc")], capture_output=True, check=True
    )
    assert lines.stdout.count(b"\n001 ") == 4


def test_marcxml_out_is_read_by_pymarc(hub: Hub, tmp_path: Path) -> None:
    hub.send("JN", book("1", title="a < b & c"))
    with hub.catalogue() as catalogue:
        RecordExport(catalogue.connection, catalogue.packing, catalogue.sources).marcxml(
            tmp_path / "out.xml"
        )
    records = pymarc.parse_xml_to_array(str(tmp_path / "out.xml"))
    assert [record["200"]["a"] for record in records] == ["a < b & c"]


def test_a_table_out_is_for_people_and_holds_no_formulas(hub: Hub, tmp_path: Path) -> None:
    hub.send("JN", book("1", title="=cmd()", isbn="7-02-004929-X"))
    with hub.catalogue() as catalogue:
        RecordExport(catalogue.connection, catalogue.packing, catalogue.sources, "JN").csv(
            tmp_path / "out.csv"
        )
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()))
    assert rows[0]["title"] == "'=cmd()"
    assert rows[0]["isbn"] == "9787020049295"
    assert rows[0]["agents"] == "路遥 著"


def test_what_a_county_holds_of_a_serial_leaves_with_it(hub: Hub, tmp_path: Path) -> None:
    rows = "刊名,ISSN,年,期,缺期,条码号\n青海湖畔,1000-0135,2003,1-12,5,G1\n青海湖畔,1000-0135,2004,1-6,,G2\n"
    hub.send("GC", rows.encode(), name="x.csv")
    exported(hub, tmp_path / "out.mrc")
    hub.send("HB", (tmp_path / "out.mrc").read_bytes())
    with hub.catalogue() as catalogue:
        (entry,) = {catalogue.address_of(key) for key in hub.entries()}
        view = catalogue.entry(entry)
        RecordExport(catalogue.connection, catalogue.packing, catalogue.sources, "GC").csv(
            tmp_path / "out.csv"
        )
    assert view is not None
    said = [h.holding for h in view.shown.holdings]
    assert [(h.barcodes, f"{h.years} {h.volumes}".strip()) for h in said] == 2 * [
        (("G1",), "2003 第1-12期；缺：第5期"),
        (("G2",), "2004 第1-6期"),
    ]
    table = (tmp_path / "out.csv").read_text("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(table))
    assert row["held"] == "2003 第1-12期；缺：第5期; 2004 第1-6期"


def test_clusters_out_name_each_record_once(hub: Hub) -> None:
    hub.send("JN", book("1"))
    hub.send("HB", book("9") + book("8", title="人生"))
    out = io.StringIO()
    with hub.catalogue() as catalogue:
        assert export.clusters(catalogue.connection, EVERYTHING, out) == 3
    rows = list(csv.DictReader(io.StringIO(out.getvalue()), delimiter="\t"))
    assert [(row["library"], row["record"]) for row in rows] == [
        ("HB", "8"),
        ("HB", "9"),
        ("JN", "1"),
    ]
    assert rows[1]["entry"] == rows[2]["entry"] != rows[0]["entry"]


def test_a_member_takes_away_every_file_that_it_sent(hub: Hub, tmp_path: Path) -> None:
    data = book("1") + b"garbage that is no record"
    hub.send("JN", data)
    with hub.catalogue() as catalogue:
        assert export.copy_sources(catalogue.sources, "JN", tmp_path / "out") == 1
    assert [p.read_bytes() for p in (tmp_path / "out").rglob("*.mrc")] == [data]


def test_files_of_one_name_are_all_taken_away(hub: Hub, tmp_path: Path) -> None:
    """Out of several folders of an archive, in names that some disk takes for one, and in names
    that lead elsewhere."""
    names = ("a/x.mrc", "b/x.mrc", "c\\X.MRC", "x-2.mrc", "caf\u00e9.mrc", "cafe\u0301.mrc", "../y.mrc",
             "../../y.mrc", "d/..", "..", "e/con:1?.mrc", "\u7384" * 120 + ".mrc")  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(name, book(str(number), title=f"第{number}种书"))
    hub.send("JN", packed.getvalue(), name="all.zip")
    with hub.catalogue() as catalogue:
        sent = [file.open().read() for one in catalogue.sources.imports("JN")
                for file in catalogue.sources.open_files(one)]  # fmt: skip
        assert export.copy_sources(catalogue.sources, "JN", tmp_path / "out") == len(names)
        again = export.copy_sources(catalogue.sources, "JN", tmp_path / "out")
    there = [path for path in tmp_path.rglob("*") if path.is_file() and "out" in path.parts]
    assert sorted(path.read_bytes() for path in there) == sorted(sent)
    assert again == len(names) == len({path.name.casefold() for path in there})
    assert {path.parent.parent for path in there} == {tmp_path / "out"}


def test_a_record_too_long_for_iso_2709_is_left_out_and_counted(hub: Hub, tmp_path: Path) -> None:
    long = source("001 1 | 245 10$aMany notes", MARC21)
    notes = source("\n".join(f"500   $a{'n' * 9000}" for _ in range(12)))
    hub.send("X", xml([type(long)(long.leader, long.fields + notes.fields)]), name="x.xml")
    done = exported(hub, tmp_path / "out.mrc")
    assert (done.written, done.left_out) == (0, 1)


def test_soundness_is_judged_by_every_length_and_end() -> None:
    sound = book("1")
    assert formats.is_sound(sound)
    for place in (0, 4, 10, 12, 16, 24, 27, 30, len(sound) - 1):
        damaged = bytearray(sound)
        damaged[place] = ord("?")
        assert not formats.is_sound(bytes(damaged)), place


def test_any_stretch_of_a_kept_file_is_what_was_there(tmp_path: Path) -> None:
    data = bytes(range(256)) * 5000
    path = tmp_path / "x.zst"
    assert seekable.write(path, [data[:700_000], data[700_000:]]) == len(data)
    for offset, length in ((0, 10), (seekable.FRAME - 3, 9), (1_000_000, 280_000), (0, len(data))):
        assert seekable.read(path, offset, length) == data[offset : offset + length]


def test_what_is_published_while_an_export_begins_is_in_the_next_one(
    hub: Hub, tmp_path: Path
) -> None:
    hub.send("JN", book("1"))
    with hub.catalogue() as catalogue:
        begun = RecordExport(catalogue.connection, catalogue.packing, catalogue.sources)
        hub.send("HB", book("2", title="人生"))
        assert begun.iso2709(tmp_path / "out.mrc").written == 1
        catalogue.refresh()
        assert begun.iso2709(tmp_path / "out.mrc").written == 2
