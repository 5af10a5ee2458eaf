"""What a person says of a delivery: believed where the bytes allow it, true of it alone."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from lianguan.engine.read.findings import Refused
from lianguan.engine.union.export import RecordExport
from lianguan.engine.union.granting import TermsOrder, change_terms
from lianguan.engine.union.importing import Order, import_files
from lianguan.engine.union.loading import Loaded
from tests.making import CNMARC, iso2709, source
from tests.union.hub import Hub, book

GBK = iso2709(
    source("001 7 | 200 1 $a平凡的世界$f路遥著 | 210   $a北京$c作家出版社", CNMARC), "gb18030"
)


def ordered(hub: Hub, data: bytes, file: str = "x.mrc", **said: Any) -> Loaded:
    path = hub.inbox / file
    path.write_bytes(data)
    return import_files(hub.root, [path], Order("JN", **said))


@pytest.mark.parametrize("times", [1, 4000], ids=["plain", "compiled"])
def test_a_wrong_encoding_sets_records_aside_instead_of_garbling_them(hub: Hub, times: int) -> None:
    told = ordered(hub, book("1") * times, encoding="gb18030")
    assert (told.new, len(told.set_aside)) == (0, times)
    again = ordered(hub, GBK * times, encoding="utf-8")
    assert {one.reason for one in again.set_aside} == {"encoding_in_doubt"}


def test_an_encoding_is_true_of_the_files_it_was_said_of_and_no_others(hub: Hub) -> None:
    first = ordered(hub, GBK, encoding="gb18030", format="cnmarc")
    second = ordered(hub, book("2", title="人生"))
    assert (first.new, second.new) == (1, 1)
    with hub.catalogue() as catalogue:
        assert catalogue.search("人生").total == 1
    before = hub.everything()
    hub.rebuild()
    assert hub.everything() == before


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"format": "foo"}, "format_unknown"),
        ({"encoding": "foo"}, "encoding_unknown"),
        ({"key": "zzz"}, "key_unknown"),
    ],
)
def test_what_nobody_can_mean_is_refused(hub: Hub, said: dict[str, str], code: str) -> None:
    with pytest.raises(Refused, match=code):
        ordered(hub, book("1"), **said)


def test_another_place_for_numbers_needs_all_records(hub: Hub) -> None:
    data = book("1", extra="035   $aX1")
    ordered(hub, data)
    with pytest.raises(Refused, match="key_changes"):
        ordered(hub, data, key="035$a")
    ordered(hub, data, key="035$a", is_full=True, may_delete=True)
    assert set(hub.entries()) == {"JN:X1"}


def workbook(**sheets: list[tuple[str, ...]]) -> bytes:
    data = io.BytesIO()
    made = xlsxwriter.Workbook(data)
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    made.close()
    return data.getvalue()


def test_a_sheet_of_books_and_a_sheet_of_copies_come_in_one_workbook(hub: Hub) -> None:
    data = workbook(
        书目=[("记录号", "书名"), ("k1", "人生"), ("k2", "世界")],
        馆藏=[("记录号", "条码"), ("k1", "B1"), ("k1", "B2")],
    )
    loaded = ordered(hub, data, "x.xlsx")
    assert (loaded.new, loaded.items) == (2, 2)
    with hub.catalogue() as catalogue:
        view = catalogue.entry(catalogue.address_of("JN:k1"))
        assert view is not None
        assert [held.holding.barcodes for held in view.shown.holdings] == [("B1",), ("B2",)]
        RecordExport(catalogue.connection, catalogue.packing, catalogue.sources).csv(
            hub.root / "out.csv"
        )
    assert "B1; B2" in (hub.root / "out.csv").read_text("utf-8-sig")


def test_columns_that_are_named_stand_beside_those_that_are_recognised(hub: Hub) -> None:
    data = "记录号,书名,条形\nk1,人生,B1\n".encode()
    ordered(hub, data, "x.csv", columns="barcode=条形")
    assert set(hub.entries()) == {"JN:k1"}
    with hub.catalogue() as catalogue:
        view = catalogue.entry(catalogue.address_of("JN:k1"))
        assert view is not None
        assert view.shown.holdings[0].holding.barcodes == ("B1",)


def test_a_full_delivery_deletes_nothing_that_could_only_not_be_read(hub: Hub) -> None:
    many = [book(str(n), title=f"第{n}种书") for n in range(40)]
    hub.send("JN", b"".join(many))
    cut = b"".join(many[:39]) + many[39][: len(many[39]) // 2]
    with pytest.raises(Refused, match="deletes_unread"):
        hub.send("JN", cut, is_full=True)
    assert len(hub.entries()) == 40


def test_our_own_table_comes_back_as_the_same_records(hub: Hub, tmp_path: Path) -> None:
    hub.send(
        "JN", book("1", isbn="9787020049295", extra="690   $aI247.5") + book("2", title="人生")
    )
    with hub.catalogue() as catalogue:
        RecordExport(catalogue.connection, catalogue.packing, catalogue.sources).csv(
            tmp_path / "out.csv"
        )
    loaded = import_files(hub.root, [tmp_path / "out.csv"], Order("XX"))
    assert loaded.new == 2
    with hub.catalogue() as catalogue:
        view = catalogue.entry(catalogue.address_of("XX:1"))
        assert view is not None
        assert view.shown.libraries == ("JN", "XX")
        assert [said.value for said in view.shown.classes] == ["clc:I247.5"]
    with hub.catalogue() as catalogue:
        export = RecordExport(catalogue.connection, catalogue.packing, catalogue.sources, "XX")
        export.iso2709(tmp_path / "out.mrc")
    assert b"I247.5" in (tmp_path / "out.mrc").read_bytes()


def test_of_what_a_member_was_called_the_last_counts_whoever_said_it(hub: Hub) -> None:
    sources = hub.sources()
    ordered(hub, book("1"), name="江宁图书馆")
    sources.call("JN", "江宁区图书馆")
    assert sources.said_last("JN").name == "江宁区图书馆"
    ordered(hub, book("2", title="人生"))
    assert sources.profile("JN").name == "江宁区图书馆"
    ordered(hub, book("3", title="早晨"), name="南京江宁图书馆")
    assert sources.profile("JN").name == "南京江宁图书馆"
    sources.call("JN", "江宁图书馆")
    sources.call("JN", "南京市江宁区图书馆")
    hub.rebuild()
    assert sources.profile("JN").name == "南京市江宁区图书馆"


def test_called_otherwise_a_member_keeps_its_terms_and_is_read_as_before(hub: Hub) -> None:
    ordered(hub, book("1"), name="江宁图书馆")
    change_terms(hub.root, "JN", TermsOrder(exported=False))
    before = hub.sources().profile("JN")
    hub.sources().call("JN", "江宁区图书馆")
    change_terms(hub.root, "JN", TermsOrder(exported=True))
    after = hub.sources().profile("JN")
    assert after.name == "江宁区图书馆"
    assert replace(after, name=before.name, named=before.named, terms=before.terms) == before
    assert after.terms.exported
