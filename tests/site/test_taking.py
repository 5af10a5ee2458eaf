"""What people send, and what is done with what should not have been sent."""

import errno
import os
import tempfile
from pathlib import Path
from typing import IO, Any

import django
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.union.hub import book

django.setup()

from lianguan.catalogue import queries  # noqa: E402
from tests.network.conftest import Seated, at_work, network  # noqa: E402

__all__ = ["at_work", "network"]

MEBIBYTE = 1 << 20


class Flowing:
    """A body that says how much of it was read."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.read_of_it = 0

    def read(self, size: int = -1, /) -> bytes:
        taken = self.left if size < 0 else min(size, self.left)
        self.left -= taken
        self.read_of_it += taken
        return b"x" * taken

    readline = read


def pour(client: Client, path: str, size: int) -> tuple[int, str, int]:
    """A body of some size sent to a page: status, text, and how much of it was read."""
    body = Flowing(size)
    more: dict[str, Any] = {"wsgi.input": body, "CONTENT_LENGTH": str(size)}
    answer = client.generic("POST", path, b"", "multipart/form-data; boundary=b", **more)
    said = answer.content.decode() or answer.headers["Location"]
    return answer.status_code, said, body.read_of_it


def test_four_hundred_megabytes_sent_to_the_door_are_not_even_read(network: Path) -> None:
    status, said, was_read = pour(Client(enforce_csrf_checks=True), "/sign-in", 400 * MEBIBYTE)
    assert status == 413
    assert "提交的内容太大" in said
    assert "编号：" in said
    assert was_read == 0


def test_files_of_somebody_who_has_not_signed_in_are_not_read(network: Path) -> None:
    said = pour(Client(), "/staff/imports/new", 400 * MEBIBYTE)
    assert said == (302, "/sign-in?next=%2Fstaff%2Fimports%2Fnew", 0)


def test_files_of_somebody_who_may_not_send_any_are_not_read(
    network: Path, at_work: Seated
) -> None:
    status, said, was_read = pour(at_work("director"), "/staff/imports/new", 400 * MEBIBYTE)
    assert status == 403
    assert "/staff" in said
    assert was_read == 0


def test_files_larger_than_a_page_takes_are_refused_with_what_to_do(
    network: Path, at_work: Seated
) -> None:
    client = at_work("cataloguer")
    status, said, was_read = pour(client, "/staff/imports/new", (4 << 30) + 1)
    assert status == 413
    assert "ZIP" in said
    assert was_read == 0


def test_room_is_looked_for_before_files_take_it(
    network: Path, at_work: Seated, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lianguan.engine.union.room.free_at", lambda _: 600 * MEBIBYTE)
    status, said, was_read = pour(at_work("cataloguer"), "/staff/imports/new", 300 * MEBIBYTE)
    assert status == 503
    assert "服务器的磁盘满了" in said
    assert was_read == 0


def test_a_disk_that_fills_up_as_a_file_comes_is_told(
    network: Path, at_work: Seated, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def write(self, said: bytes) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def close(self) -> None:
            pass

    monkeypatch.setattr("lianguan.site.taking.tempfile.TemporaryFile", lambda **_: Full())
    sent = SimpleUploadedFile("夜间导出.mrc", book("1"))
    answer = at_work("cataloguer").post(
        "/staff/imports/new", {"library": "HB", "kind": "upsert", "files": [sent]}
    )
    assert answer.status_code == 503
    assert "服务器的磁盘满了" in answer.content.decode()
    assert not queries.uploads_of(["HB"])


def test_a_file_on_its_way_stands_on_the_disk_of_the_data(
    network: Path, at_work: Seated, monkeypatch: pytest.MonkeyPatch
) -> None:
    where: list[Path] = []
    really = tempfile.TemporaryFile

    def noted(**said: Path) -> IO[bytes]:
        where.append(Path(said["dir"]))
        return really(**said)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr("tempfile.TemporaryFile", noted)
    sent = SimpleUploadedFile("夜间导出.mrc", book("1"))
    at_work("cataloguer").post(
        "/staff/imports/new", {"library": "HB", "kind": "upsert", "files": [sent]}
    )
    assert where == [network]
    assert queries.uploads_of(["HB"])
    assert [one.name for one in network.iterdir() if one.name.startswith("tmp")] == []


def test_a_page_that_asks_for_no_files_takes_none(network: Path) -> None:
    sent = SimpleUploadedFile("a.mrc", book("1"))
    answer = Client().post("/sign-in", {"sign_in": "hub", "password": "x", "file": sent})
    assert answer.status_code == 400
    assert "这一页不收文件" in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "english"),
    [({str(n): "x" for n in range(5001)}, False), ({str(n): "x" for n in range(5001)}, True)],
)
def test_too_many_fields_are_answered_in_words(
    network: Path, fields: dict[str, str], *, english: bool
) -> None:
    client = Client()
    if english:
        client.cookies["language"] = "en"
    answer = client.post("/sign-in", fields)
    said = answer.content.decode()
    assert answer.status_code == 400
    assert ("could not be understood" if english else "提交的内容读不懂") in said
    assert ("Number:" if english else "编号：") in said


def test_a_hundred_and_one_files_are_answered_in_words(network: Path, at_work: Seated) -> None:
    sent = [SimpleUploadedFile(f"{n}.mrc", b"x") for n in range(101)]
    answer = at_work("cataloguer").post("/staff/imports/new", {"library": "HB", "files": sent})
    assert answer.status_code == 400
    assert "提交的内容读不懂" in answer.content.decode()


def test_a_form_that_is_none_is_answered_in_words(network: Path) -> None:
    answer = Client().generic("POST", "/sign-in", b"x" * 9, "multipart/form-data")
    assert answer.status_code == 400
    assert "提交的内容读不懂" in answer.content.decode()


def test_another_name_for_the_site_is_answered_in_words(network: Path) -> None:
    for path in ("/", "/sign-in", "/nowhere"):
        answer = Client(headers={"host": "evil.example"}).get(path)
        assert answer.status_code == 400
        assert "网址不对" in answer.content.decode()
        assert "LIANGUAN_HOSTS" in answer.content.decode()
