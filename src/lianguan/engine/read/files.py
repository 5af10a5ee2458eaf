"""The files of a delivery: plain, gzipped, or packed together; and what each one holds.

An archive is unpacked as it is read and never trusted: too many members, too large, or
packed a hundred times over, and it is refused before it fills a disk.
"""

import contextlib
import gzip
import io
import os
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lianguan.engine.read.findings import Refused

UTF8_NAME = 0x800
"""The bit by which a ZIP says that a name in it is UTF-8 (APPNOTE 4.4.4); else no page is said."""

GZIP = b"\x1f\x8b"
MOST_MEMBERS = 10_000
MOST_RATIO = 100
FREE_OF_RATIO = 64 << 20
"""Unpacked bytes below which a high ratio is no danger."""
MOST_IN_ARCHIVE = 1 << 30
MOST_IN_WORKBOOK = 200 << 20

ISO2709, MARCXML, MARC_JSON, LINES, TABLE, WORKBOOK = (
    "iso2709", "marcxml", "json", "lines", "table", "excel",
)  # fmt: skip

TAGGED_LINE = re.compile(
    rb"^[ \t]*(?:\d{5,12}\s+)?=?"
    rb"(?:LDR|FMT|000|001|005|008|010|020|100|101|200|210|245|260|300|606|650|690|700|701)"
    rb"(?=[\s|$#!@\\\d])",
    re.M,
)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a delivery, unpacked. `open` gives its bytes from the beginning."""

    name: str
    open: Callable[[], BinaryIO]

    def head(self, size: int = 1 << 16) -> bytes:
        with self.open() as file:
            return file.read(size)


def check_files(paths: Iterable[Path]) -> None:
    """Raises Refused for the first that is no file."""
    for path in paths:
        if not path.is_file():
            raise Refused("file_is_folder" if path.is_dir() else "file_not_found", str(path))


def source_files(path: Path) -> list[SourceFile]:
    """The files in `path`: itself, or what it has packed."""
    with path.open("rb") as file:
        head = file.read(512)
    if head[:2] == GZIP:
        with _watched(path) as stream:
            head = stream.read(512)
        if not _is_tar(head):
            name = _readable(os.fsencode(path.name.removesuffix(".gz")))
            return [SourceFile(name, lambda: _watched(path))]
    if _is_tar(head):
        return list(_tar_members(path))
    if head[:4] == b"PK\x03\x04" and not _is_workbook(path):
        return list(_zip_members(path))
    return [SourceFile(_readable(os.fsencode(path.name)), lambda: path.open("rb"))]


def _readable(name: bytes) -> str:
    """The name of a file, whatever the system wrote it in: UTF-8, else what Chinese ones use."""
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return name.decode(encoding)
    return name.decode("utf-8", "replace")


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _is_workbook(path: Path) -> bool:
    with _unbroken(path.name), zipfile.ZipFile(path) as archive:
        return any(name.startswith(("xl/", "content.xml")) for name in archive.namelist())


@contextlib.contextmanager
def _unbroken(name: str) -> Iterator[None]:
    """Whatever the libraries raise for a broken archive, a dozen kinds, is one refusal."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:
        raise Refused("archive_broken", name) from error


class _Watched(io.RawIOBase):
    """Bytes coming out of an archive, refused when there are too many for what went in."""

    def __init__(self, file: BinaryIO, packed: int, name: str) -> None:
        self.file = file
        self.packed = max(packed, 1)
        self.name = name
        self.seen = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # narrower
        try:
            data = self.file.read(min(len(buffer), 1 << 20))
        except (OSError, EOFError, zlib.error) as error:
            raise Refused("archive_broken", self.name) from error
        self.seen += len(data)
        if self.seen > FREE_OF_RATIO and self.seen > MOST_RATIO * self.packed:
            raise Refused("archive_too_dense", self.name)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.file.close()
        super().close()


def _watched(path: Path) -> io.BufferedReader:
    """The bytes of a file, unpacked if it is gzipped, refused when they become too many."""
    file = path.open("rb")
    packed = file.seek(0, io.SEEK_END)
    file.seek(0)
    is_gzip = file.peek(2)[:2] == GZIP
    inner = gzip.GzipFile(fileobj=file) if is_gzip else file
    return io.BufferedReader(_Watched(inner, packed, path.name), 1 << 20)  # type: ignore[arg-type]


def _tar_members(path: Path) -> Iterator[SourceFile]:
    total = count = 0
    with (
        _unbroken(path.name),
        _watched(path) as stream,
        tarfile.open(fileobj=stream, mode="r|") as archive,
    ):
        for member in archive:
            if not member.isfile():
                continue
            total, count = total + member.size, count + 1
            _refuse_large(path.name, total, count)
            extracted = archive.extractfile(member)
            name = _readable(member.name.encode("utf-8", "surrogateescape"))
            yield _in_memory(name, extracted.read() if extracted else b"")


def _zip_members(path: Path) -> Iterator[SourceFile]:
    with _unbroken(path.name), zipfile.ZipFile(path) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        refuse_bomb(archive, path.name, MOST_IN_ARCHIVE)
        for info in members:
            is_said = info.flag_bits & UTF8_NAME
            name = info.filename if is_said else _readable(info.filename.encode("cp437"))
            yield _in_memory(name, archive.read(info))


def refuse_bomb(archive: zipfile.ZipFile, name: str, most: int) -> None:
    """Refuse a ZIP by what its directory says, before anything is unpacked."""
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if total > MOST_RATIO * max(packed, 1) and total > (1 << 20):
        raise Refused("archive_too_dense", name)
    _refuse_large(name, total, len(infos), most)


def _refuse_large(name: str, total: int, count: int, most: int = MOST_IN_ARCHIVE) -> None:
    if total > most or count > MOST_MEMBERS:
        raise Refused("archive_too_large", name)


def _in_memory(name: str, data: bytes) -> SourceFile:
    return SourceFile(name, lambda: io.BytesIO(data))


def format_of(head: bytes, name: str = "") -> str:
    """What a file holds, by its first bytes; its name is not believed."""
    if head[:4] == b"PK\x03\x04" or head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return WORKBOOK
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t \x00")
    if text[:1] == b"<":
        return MARCXML
    if text[:1] in (b"{", b"[") and b'"leader"' in head:
        return MARC_JSON
    if b"\x1e" in head and (b"\x1f" in head or re.match(rb"[\d?]{5}", text)):
        return ISO2709
    first = text.split(b"\n", 1)[0]
    if len(TAGGED_LINE.findall(head)) > 3 and b"," not in first and first.count(b"\t") < 2:
        return LINES
    return TABLE
