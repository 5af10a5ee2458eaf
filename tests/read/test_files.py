"""Deliveries: packed, in the wrong name, or meant to do harm."""

import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from lianguan.engine.mapping.opened import open_file
from lianguan.engine.read import files
from lianguan.engine.read.files import format_of, source_files
from lianguan.engine.read.findings import Refused
from tests.making import marc21, source, xml

RECORD = marc21("001 a1 | 245 10$aTitle")


def names_and_bytes(path: Path) -> list[tuple[str, bytes]]:
    found = []
    for one in source_files(path):
        with one.open() as file:
            found.append((one.name, file.read()))
    return found


def test_plain_and_gzipped(tmp_path: Path) -> None:
    (tmp_path / "a.mrc").write_bytes(RECORD)
    (tmp_path / "b.mrc.gz").write_bytes(gzip.compress(RECORD))
    assert names_and_bytes(tmp_path / "a.mrc") == [("a.mrc", RECORD)]
    assert names_and_bytes(tmp_path / "b.mrc.gz") == [("b.mrc", RECORD)]


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_archives_give_their_members(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "all.tar"
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name in ("x/a.mrc", "x/b.mrc"):
            info = tarfile.TarInfo(name)
            info.size = len(RECORD)
            archive.addfile(info, io.BytesIO(RECORD))
    assert names_and_bytes(path) == [("x/a.mrc", RECORD), ("x/b.mrc", RECORD)]


def test_zip_gives_its_members(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.mrc", RECORD)
    assert names_and_bytes(path) == [("a.mrc", RECORD)]


CHINESE = "图书.mrc"


def test_names_that_a_chinese_system_wrote_are_read(tmp_path: Path) -> None:
    """Neither archive says in which encoding its names are; a disk says it never."""
    said = CHINESE.encode("gb18030")
    with tarfile.open(tmp_path / "all.tar", "w", encoding="gb18030") as archive:
        info = tarfile.TarInfo(CHINESE)
        info.size = len(RECORD)
        archive.addfile(info, io.BytesIO(RECORD))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        packed.writestr("AAAA.mrc", RECORD)
    (tmp_path / "all.zip").write_bytes(
        (tmp_path / "all.zip").read_bytes().replace(b"AAAA.mrc", said)
    )
    plain = tmp_path / os.fsdecode(said)
    plain.write_bytes(RECORD)
    for path in (tmp_path / "all.tar", tmp_path / "all.zip", plain):
        assert names_and_bytes(path) == [(CHINESE, RECORD)]


def test_names_in_utf_8_are_read_as_they_are(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("བོད.mrc", RECORD)
    assert names_and_bytes(tmp_path / "all.zip") == [("བོད.mrc", RECORD)]


def test_a_gzip_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "FREE_OF_RATIO", 1 << 20)
    path = tmp_path / "bomb.mrc.gz"
    path.write_bytes(gzip.compress(bytes(30 << 20)))
    with pytest.raises(Refused, match="archive_too_dense"), source_files(path)[0].open() as file:
        file.read()


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(50 << 20))
    with pytest.raises(Refused, match="archive_too_dense"):
        source_files(path)


def test_a_workbook_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(50 << 20))
    with pytest.raises(Refused, match="archive_too_dense"):
        open_file(source_files(path)[0])


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_MEMBERS", 3)
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(5):
            archive.writestr(str(i), RECORD)
    with pytest.raises(Refused, match="archive_too_large"):
        source_files(path)


@pytest.mark.parametrize("cut", [5, 60, -8])
def test_a_broken_archive_is_said(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "cut.mrc.gz"
    path.write_bytes(gzip.compress(RECORD * 500)[:cut])
    with pytest.raises(Refused, match="archive_broken"), source_files(path)[0].open() as file:
        file.read()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (RECORD, files.ISO2709),
        (b"\r\n" + RECORD, files.ISO2709),
        (b"?????nam0 22?????   45  001000300000\x1e1\x1f\x1e\x1d", files.ISO2709),
        (xml([source("001 a | 245 10$aT")]), files.MARCXML),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', files.MARCXML),
        (b'[{"leader": "x", "fields": []}]', files.MARC_JSON),
        ("题名,著者\n甲,乙\n".encode(), files.TABLE),
        (b"id\ttitle\tpages\n" + b"KR1\ta\t0001 - 100 2001\n" * 9, files.TABLE),
        ("序号\t题名\t著者\n".encode() + b"001\ta\tb\n100\tc\td\n" * 9, files.TABLE),
        (b"=LDR  00000nam\n=001  a\n=245  10$aT\n=100  1\\$aN\n", files.LINES),
        ("LDR   -----nam0\n001   a\n2001  |a 题名\n010   |a 7\n".encode(), files.LINES),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", files.WORKBOOK),
        (b"", files.TABLE),
    ],
)
def test_formats_are_known_by_content(data: bytes, found: str) -> None:
    assert format_of(data) == found
