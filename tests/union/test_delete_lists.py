"""What a member says it has deleted: a list of numbers as libraries really send it."""

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from lianguan.engine.read.findings import Refused
from lianguan.engine.union.importing import Order, import_files, receive_files
from lianguan.engine.union.loading import Loaded
from lianguan.engine.union.sources import DELETES
from tests.making import CNMARC, iso2709, source
from tests.union.hub import Hub, book

HAS = ("1", "2", "3", "4", "KX 5", "6", "7", "中8")
KEEPS = tuple(f"k{n}" for n in range(60))


@pytest.fixture
def jinan(hub: Hub) -> Hub:
    """Jinan with records of which it will delete some, and many others."""
    hub.send("JN", b"".join(book(n, title=f"第{n}种书的题名") for n in (*HAS, *KEEPS)))
    return hub


def deleted(hub: Hub, data: bytes, name: str = "deleted.txt", **said: Any) -> Loaded:
    path = hub.inbox / name
    path.write_bytes(data)
    said = {"may_delete": True} | said
    return import_files(hub.root, [path], Order("JN", is_deletes=True, **said))


def left(hub: Hub) -> set[str]:
    """Which of the records to be deleted are there yet; the others always are."""
    found = {key.removeprefix("JN:") for key in hub.entries() if key.startswith("JN:")}
    assert set(KEEPS) <= found
    return found - set(KEEPS)


def workbook(rows: list[tuple[str, ...]]) -> bytes:
    data = io.BytesIO()
    made = xlsxwriter.Workbook(data)
    sheet = made.add_worksheet("注销")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    made.close()
    return data.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        "6\n7\n中8\n".encode(),
        "\ufeff6\r\n7\r\n\r\n中8\r\n".encode(),
        "6\r\n 7\r\n中8".encode("gb18030"),
        "6\n7\n中8\n".encode("utf-16"),
        "\"6\"\n' 7 '\n“中8”\u3000\n".encode(),
        "记录号\n6\n7\n中8\n".encode(),
        "注销清单，2026年三月\n6\n7\n中8\n".encode(),
        "deleted, March 2026\n6\n7\n中8\n".encode(),
        "6,\n7,\n中8,\n".encode(),
        "题名,记录号,原因\n甲,6,破损\n乙,7,丢失\n丙,中8,\n".encode(),
        workbook([("2026年注销清单",), ("序号", "记录号", "题名"), ("1", "6", "甲"),
                  ("2", "7.0", "乙"), ("3", "中8", "丙")]),
        workbook([("6",), ("7",), ("中8",)]),
        b"".join(iso2709(source(f"001 {n}", CNMARC)) for n in ("6", "7", "中8")),
        book("6") + book("7", title="改过的题名") + book("中8"),
    ],
    ids=["text", "mark", "gb18030", "utf-16", "quotes", "heading", "title", "title with a comma",
         "empty column", "table", "workbook", "workbook without heading", "MARC numbers", "MARC"],
)  # fmt: skip
def test_records_whose_numbers_come_in_a_list_are_deleted(jinan: Hub, data: bytes) -> None:
    loaded = deleted(jinan, data)
    assert left(jinan) == set(HAS) - {"6", "7", "中8"}
    assert (loaded.deleted, loaded.marked_deleted - len(loaded.set_aside)) == (3, 3)
    assert {one.reason for one in loaded.set_aside} <= {"number_unknown"}
    before = jinan.everything()
    jinan.rebuild()
    assert jinan.everything() == before


def test_numbers_that_look_like_fields_are_numbers(hub: Hub) -> None:
    numbers = [f"{tag}{n:04}" for tag in ("001", "005", "100", "200", "245") for n in range(4)]
    hub.send("JN", b"".join(book(one, title=f"第{one}种书的题名") for one in numbers))
    assert deleted(hub, "\n".join(numbers[:10]).encode()).deleted == 10
    assert set(hub.entries()) == {f"JN:{one}" for one in numbers[10:]}


def test_a_number_may_have_a_space_in_it(jinan: Hub) -> None:
    assert deleted(jinan, b"KX 5\n6\n").deleted == 2


def test_numbers_that_the_library_does_not_have_are_listed_with_their_place(jinan: Hub) -> None:
    loaded = deleted(jinan, b"6\nnever\n7\n6\n")
    assert loaded.deleted == 2
    assert [(one.file, one.offset, one.reason, one.detail) for one in loaded.set_aside] == [
        ("deleted.txt", 2, "number_unknown", "never")
    ]


def test_a_line_without_a_number_is_listed(jinan: Hub) -> None:
    loaded = deleted(jinan, "记录号,题名\n6,甲\n,乙\n".encode())
    assert loaded.deleted == 1
    assert [(one.reason, one.detail) for one in loaded.set_aside] == [("no_number", "\t乙")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("6,甲\n7,乙\n".encode(), "no_number_column"),
        ("编号,记录号\n1,6\n2,7\n".encode(), "numbers_ambiguous"),
        (b"", "file_empty"),
        ("记录号\n".encode(), "no_records"),
    ],
)
def test_nothing_is_deleted_where_it_is_not_clear_what(jinan: Hub, data: bytes, code: str) -> None:
    with pytest.raises(Refused, match=code):
        deleted(jinan, data)
    assert left(jinan) == set(HAS)
    assert len(jinan.sources().imports("JN")) == 1


def test_the_column_of_the_numbers_can_be_named_for_this_list_alone(jinan: Hub) -> None:
    table = "编号,记录号\n1,6\n2,7\n".encode()
    with pytest.raises(Refused, match="columns_unknown_heading"):
        deleted(jinan, table, columns="id=号码")
    assert deleted(jinan, table, columns="id=记录号").deleted == 2
    assert jinan.sources().profile("JN").columns == ""


def test_columns_that_were_named_for_records_do_not_disturb(hub: Hub) -> None:
    (hub.inbox / "x.csv").write_text("甲,乙\n平凡的世界,n1\n人生,n2\n", "utf-8")
    import_files(hub.root, [hub.inbox / "x.csv"], Order("JN", columns="title=甲,id=乙"))
    assert deleted(hub, b"n1\n").deleted == 1
    assert set(hub.entries()) == {"JN:n2"}
    assert hub.sources().profile("JN").columns == "title=甲,id=乙"


def test_numbers_stand_where_the_profile_says(hub: Hub) -> None:
    data = book("1", extra="035   $aX1") + book("2", extra="035   $aX2")
    (hub.inbox / "x.mrc").write_bytes(data)
    import_files(hub.root, [hub.inbox / "x.mrc"], Order("JN", key="035$a"))
    assert deleted(hub, iso2709(source("001 9 | 035   $aX1", CNMARC)), "x.mrc").deleted == 1
    assert deleted(hub, b"X2\n").deleted == 1
    assert hub.entries() == {}


def test_records_that_are_called_by_their_bytes_are_deleted_by_what_they_are_called(
    hub: Hub,
) -> None:
    (hub.inbox / "x.mrc").write_bytes(book("1") + book("2", title="人生"))
    import_files(hub.root, [hub.inbox / "x.mrc"], Order("JN", key="hash"))
    first, second = sorted(key.removeprefix("JN:") for key in hub.entries())
    deleted(hub, first.encode())
    assert set(hub.entries()) == {f"JN:{second}"}


def test_a_list_that_deletes_over_a_tenth_is_refused_until_somebody_says_yes(jinan: Hub) -> None:
    before = jinan.everything()
    with pytest.raises(Refused, match="deletes_too_much"):
        deleted(jinan, "\n".join(HAS).encode(), may_delete=False)
    assert jinan.everything() == before
    assert len(jinan.sources().imports("JN")) == 1
    assert deleted(jinan, b"6\n7\nrubbish\n", may_delete=False).deleted == 2
    assert deleted(jinan, "\n".join(HAS).encode()).deleted == 6


def test_a_rehearsal_of_a_list_says_what_would_go(jinan: Hub) -> None:
    said = deleted(jinan, b"6\nnever\n", is_rehearsal=True)
    assert (said.deleted, len(said.set_aside)) == (1, 1)
    assert left(jinan) == set(HAS)


def test_files_are_either_everything_or_what_was_deleted(jinan: Hub) -> None:
    with pytest.raises(Refused, match="full_or_deletes"):
        deleted(jinan, b"6\n", is_full=True)


def test_a_number_in_a_list_stands_for_all_that_came_under_it(hub: Hub) -> None:
    hub.send("JN", book("1") + book("1", title="人生") + book("2", title="世界"))
    assert deleted(hub, b"1\n").deleted == 2
    assert set(hub.entries()) == {"JN:2"}


def test_another_librarys_record_of_that_number_stays(hub: Hub) -> None:
    hub.send("JN", book("1"))
    hub.send("HB", book("1"))
    deleted(hub, b"1\n")
    assert set(hub.entries()) == {"HB:1"}


def test_a_list_taken_back_brings_the_records_back(jinan: Hub) -> None:
    jinan.send("HB", book("x", title="第6种书的题名"))
    before, entries = jinan.entries(), jinan.together()
    loaded = deleted(jinan, b"6\n7\n")
    assert jinan.together() != entries
    back = jinan.withdraw(loaded)
    assert (back.new, back.deleted) == (2, 0)
    assert jinan.entries() == before
    was = jinan.everything()
    jinan.rebuild()
    assert jinan.everything() == was


def test_a_delivery_before_the_list_taken_back_does_not_bring_its_records_back(
    jinan: Hub,
) -> None:
    second = jinan.send("JN", book("new", title="新书"))
    deleted(jinan, b"6\nnew\n")
    jinan.withdraw(second)
    assert left(jinan) == set(HAS) - {"6"}


def test_a_list_that_is_only_kept_is_carried_out_by_whoever_builds_next(jinan: Hub) -> None:
    path = jinan.inbox / "later.txt"
    path.write_bytes(b"6\n7\n")
    one = receive_files(jinan.root, [path], Order("JN", is_deletes=True))
    assert one.kind == DELETES
    assert left(jinan) == set(HAS)
    jinan.send("HB", book("9"))
    assert left(jinan) == set(HAS) - {"6", "7"}


def test_a_large_list_of_records_is_read_as_any_large_file(hub: Hub, tmp_path: Path) -> None:
    many = b"".join(book(str(n), title=f"第{n}种书的题名") for n in range(9000))
    hub.send("JN", many)
    loaded = deleted(hub, many[: many.index(book("8990", title="第8990种书的题名"))], "x.mrc")
    assert loaded.deleted == 8990
    assert len(hub.entries()) == 10
