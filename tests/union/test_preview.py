"""Before a file is sent somebody sees what it was taken for."""

import io

import pytest

from lianguan.engine.read.files import SourceFile
from lianguan.engine.union.preview import FIRST, Preview, preview
from lianguan.engine.union.sources import DELETES, Profile
from tests.union.hub import book


def seen(
    data: bytes, name: str = "a.mrc", profile: Profile | None = None, kind: str = "upsert"
) -> Preview:
    return preview(SourceFile(name, lambda: io.BytesIO(data)), profile or Profile(), kind)


def test_the_first_records_are_shown_as_they_would_be_read() -> None:
    found = seen(b"".join(book(str(n), title=f"第{n}种书") for n in range(FIRST + 5)))
    assert (found.container, found.refused) == ("iso2709", "")
    assert [one.title for one in found.records] == [f"第{n}种书" for n in range(FIRST)]
    assert found.records[3].number == "3"
    assert found.encoding == "utf-8"


def test_what_would_be_set_aside_says_why() -> None:
    found = seen(book("1") + b"00099nam0 this is no record\x1d" + book("2"))
    first, broken, last = found.records
    assert (first.number, last.number) == ("1", "2")
    assert broken.reason
    assert not broken.title


def test_a_table_shows_its_heading_what_its_columns_are_and_its_rows() -> None:
    said = "某馆藏书登记表,,\n书名,著者,柜号\n平凡的世界,路遥,3\n白鹿原,陈忠实,4\n"
    (sheet,) = seen(said.encode(), "a.csv").sheets
    assert sheet.headings == ("书名", "著者", "柜号")
    assert sheet.columns == {0: "title", 1: "agent"}
    assert sheet.rows == (("平凡的世界", "路遥", "3"), ("白鹿原", "陈忠实", "4"))


def test_a_table_whose_columns_nobody_knows_is_shown_to_be_named() -> None:
    said = "甲栏,乙栏\n平凡的世界,路遥\n".encode()
    found = seen(said, "a.csv")
    assert found.refused == "no_columns"
    assert found.sheets[0].headings == ("甲栏", "乙栏")
    assert found.sheets[0].rows == (("平凡的世界", "路遥"),)
    named = seen(said, "a.csv", Profile(columns="title=甲栏,agent=乙栏"))
    assert [one.title for one in named.records] == ["平凡的世界"]


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n" + bytes(100), b"\n\n"])
def test_what_is_no_file_of_records_is_refused_and_nothing_falls_over(data: bytes) -> None:
    found = seen(data)
    assert found.refused
    assert not found.records


def test_a_list_of_deletions_shows_its_numbers() -> None:
    found = seen(b"0001\n0002\n", "gone.txt", kind=DELETES)
    assert [one.number for one in found.records] == ["0001", "0002"]
