"""Compressed files of which any stretch can be read alone: the zstd seekable format.

Frames of a fixed size, and behind them a table of their lengths in a skippable frame, as the
format's description in the zstd project has it; any zstd program unpacks the file.
"""

import errno
import hashlib
import io
import struct
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import IO

import zstandard

FRAME = 1 << 18
"""Unpacked bytes of a frame: what has to be unpacked to read one record."""

SKIPPABLE = 0x184D2A5E
MAGIC = 0x8F92EAB1
LEVEL = 3
"""Of zstd: a tenth larger than at 6, in a third of the time."""


def write(path: Path, chunks: Iterable[bytes]) -> int:
    """Write chunks of bytes; the number of bytes before packing."""
    packer = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    table: list[tuple[int, int]] = []
    waiting = bytearray()
    with path.open("wb") as file:
        for chunk in chunks:
            waiting += chunk
            while len(waiting) >= FRAME:
                table.append((file.write(packer.compress(bytes(waiting[:FRAME]))), FRAME))
                del waiting[:FRAME]
        if waiting:
            table.append((file.write(packer.compress(bytes(waiting))), len(waiting)))
        entries = b"".join(struct.pack("<II", *sizes) for sizes in table)
        footer = struct.pack("<IBI", len(table), 0, MAGIC)
        file.write(struct.pack("<II", SKIPPABLE, len(entries) + len(footer)) + entries + footer)
    return sum(size for _, size in table)


class SeekableFile(io.RawIOBase):
    """The unpacked bytes of a seekable file, read from anywhere."""

    file: IO[bytes] | None = None
    """None where it could not be opened: it is closed all the same."""

    def __init__(self, path: Path) -> None:
        said = path.stat()
        self.starts, self.sizes = _table(path, said.st_size, said.st_mtime_ns)
        self.file = path.open("rb")
        self.ends = _sums(self.sizes)
        self.at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        size = self.ends[-1] if self.ends else 0
        self.at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: size}[whence]
        return self.at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # narrower
        number = self.at // FRAME
        if number >= len(self.sizes):
            return 0
        frame = self._frame(number)
        start = self.at - number * FRAME
        piece = frame[start : start + len(buffer)]
        buffer[: len(piece)] = piece
        self.at += len(piece)
        return len(piece)

    def _frame(self, number: int) -> bytes:
        assert self.file  # noqa: S101 - it was opened
        self.file.seek(self.starts[number])
        packed = self.file.read(self.starts[number + 1] - self.starts[number])
        try:
            return zstandard.ZstdDecompressor().decompress(packed, max_output_size=FRAME)
        except zstandard.ZstdError as error:
            raise OSError(errno.EIO, "a kept file is damaged", self.file.name) from error

    def close(self) -> None:
        if self.file:
            self.file.close()
        super().close()


def _sums(sizes: list[int]) -> list[int]:
    total, ends = 0, []
    for size in sizes:
        total += size
        ends.append(total)
    return ends


@lru_cache(maxsize=256)
def _table(path: Path, size: int, changed: int) -> tuple[list[int], list[int]]:
    """(where frames begin and the last ends, their unpacked sizes). Size and time of change are
    asked for so that a file that was put in the place of another is not read by its table."""
    with path.open("rb") as file:
        file.seek(-9, io.SEEK_END)
        count, _, magic = struct.unpack("<IBI", file.read(9))
        if magic != MAGIC:
            raise OSError(errno.EIO, "a kept file is damaged", str(path))
        file.seek(-9 - 8 * count, io.SEEK_END)
        entries = file.read(8 * count)
    pairs = [struct.unpack_from("<II", entries, 8 * i) for i in range(count)]
    return [0, *_sums([packed for packed, _ in pairs])], [size for _, size in pairs]


def read(path: Path, offset: int, length: int) -> bytes:
    """A stretch of the unpacked bytes."""
    with SeekableFile(path) as file:
        file.seek(offset)
        return io.BufferedReader(file, FRAME).read(length)


def sha256(path: Path) -> str:
    """The SHA-256 of the unpacked bytes. Raises OSError for a file that cannot be unpacked."""
    digest = hashlib.sha256()
    with io.BufferedReader(SeekableFile(path), FRAME) as stream:
        while chunk := stream.read(FRAME):
            digest.update(chunk)
    return digest.hexdigest()


def is_whole(path: Path, digest: str) -> bool:
    """The bytes that are kept are those with this SHA-256."""
    try:
        return sha256(path) == digest
    except OSError:
        return False
