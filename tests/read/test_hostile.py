"""Input that only wants to take time or to bring the reader down: it ends soon and harms nobody."""

import io
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from lianguan.engine.mapping.opened import open_file
from lianguan.engine.read.files import _in_memory, source_files
from lianguan.engine.read.findings import Refused, Rule
from lianguan.engine.read.repair import Lost
from lianguan.engine.record import Record
from tests.making import marc21

LINES = b"LDR   00000nam\n001   x\n245 10 |a Title\n100 1  |a N\n"
JSON = '{{"leader": "00000nam a2200000 a 4500", "fields": [{{"001": "x"}}, {{"245": {}}}]}}\n'
TITLE = '{{"ind1": "1", "ind2": "0", "subfields": [{{"a": "{}"}}]}}'
HEADING = "题名,著者,ISBN\n".encode()


def whats(data: bytes) -> list[Record | Lost]:
    return [read.what for read in open_file(_in_memory("f", data)).reads]


def refusal(reading: Callable[[], object]) -> str:
    """The code with which the reading is refused; "" if it is not."""
    try:
        reading()
    except Refused as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    "data",
    [
        b" " * 1_000_000,
        b"\n" * 300_000,
        LINES + b"\n" * 100_000,
        LINES + b"LDR\n" * 50_000,
        LINES + b" x\n" * 100_000,
        JSON.format(TITLE.format("x")).encode() + b"{\n" * 20_000,
        JSON.format(TITLE.format("x")).encode() + b'{"a":' * 100_000,
        HEADING + b'"a,b\n' * 20_000,
        HEADING + b"a," * 300_000,
        b"," * 300_000,
        b",".join([b"(" * 100] * 10_000) + b"\n",
    ],
    ids=range(11),
)
def test_noise_of_any_kind_is_over_in_seconds(data: bytes) -> None:
    begun = time.perf_counter()
    assert refusal(lambda: whats(data)) in ("", "no_columns")
    assert time.perf_counter() - begun < 5


def test_half_a_character_in_json_is_seen_and_stops_nothing() -> None:
    text = JSON.format(TITLE.format("half \\ud800")) + JSON.format(TITLE.format("whole"))
    reads = list(open_file(_in_memory("f", text.encode())).reads)
    assert [read.what.titles[0].text[:4] for read in reads] == ["half", "whol"]  # type: ignore[union-attr]
    assert reads[0].rules == Rule.BYTES_REPLACED
    assert [text.encode()[r.offset : r.offset + r.length] for r in reads] == [r.raw for r in reads]


def test_bytes_that_are_no_text_in_json_are_kept_and_keep_places_right() -> None:
    data = (JSON.format(TITLE.format("a?b")) * 2).encode().replace(b"a?b", b"a\xffb", 1)
    reads = list(open_file(_in_memory("f", data)).reads)
    assert b"".join(read.raw + b"\n" for read in reads) == data
    assert [read.what.titles[0].text for read in reads] == ["a\ufffdb", "a?b"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "content", ["5", "null", '{"subfields": 5}', '{"subfields": {"a": 1}}', '{"subfields": [null]}']
)
def test_json_of_another_shape_stops_nothing(content: str) -> None:
    found = whats((JSON.format(content) + JSON.format(TITLE.format("whole"))).encode())
    assert found[1].titles[0].text == "whole"  # type: ignore[union-attr]


def tar_file() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for i in range(3):
            info = tarfile.TarInfo(f"{i}.mrc")
            info.size = 600
            archive.addfile(info, io.BytesIO(marc21("001 a1 | 245 10$aTitle").ljust(600)))
    return buffer.getvalue()


def zip_file() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(3):
            archive.writestr(f"{i}.mrc", marc21("001 a1 | 245 10$aTitle") * 20)
    return buffer.getvalue()


@pytest.mark.parametrize("data", [tar_file(), zip_file()], ids=["tar", "zip"])
def test_an_archive_with_any_byte_wrong_is_read_or_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "delivery"
    for at in range(0, min(len(data), 3000), 3):
        path.write_bytes(data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :])
        code = refusal(
            lambda: [list(open_file(file).reads) for file in source_files(path)],
        )
        assert code == "" or code.startswith("archive_") or code == "no_columns"
