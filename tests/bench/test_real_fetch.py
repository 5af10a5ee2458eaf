"""Published records: fetched whole, checked, and said plainly when they cannot be had."""

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench.real_fetch import NotFetched, Published, fetch_all, published

BYTES = b"00026     2200025   4500\x1e\x1d"
SHA256 = hashlib.sha256(BYTES).hexdigest()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "a.mrc").write_bytes(BYTES)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()
        thread.join()


def test_a_published_file_comes_into_its_place_and_is_fetched_once(
    server: str, tmp_path: Path
) -> None:
    one = Published("A", "marc/a.mrc", f"{server}/a.mrc", SHA256, "26", "")
    assert list(fetch_all(tmp_path, [one])) == [(one, SHA256)]
    assert (tmp_path / "marc/a.mrc").read_bytes() == BYTES
    gone = Published("A", "marc/a.mrc", f"{server}/moved.mrc", "", "", "")
    assert list(fetch_all(tmp_path, [gone])) == [(gone, SHA256)]


def test_another_file_under_the_same_address_is_not_taken(server: str, tmp_path: Path) -> None:
    one = Published("A", "a.mrc", f"{server}/a.mrc", "0" * 64, "26", "")
    with pytest.raises(NotFetched, match="is not the file that was measured"):
        list(fetch_all(tmp_path, [one]))
    assert not (tmp_path / "a.mrc").exists()


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/a.mrc", "{server}/none.mrc"])
def test_what_cannot_be_had_is_said_in_a_sentence(
    address: str, server: str, tmp_path: Path
) -> None:
    one = Published("A", "a.mrc", address.format(server=server), "", "", "")
    with pytest.raises(NotFetched, match=r"could not be fetched .* make real FROM=folder\."):
        list(fetch_all(tmp_path, [one]))
    assert list(tmp_path.glob("a.mrc*")) == []


def test_the_list_of_published_files_can_be_read() -> None:
    files = published()
    assert {"GPO", "LOC", "HATHI"} <= {one.library for one in files}
    assert all(one.url.startswith("https://") and one.file and one.licence for one in files)
    assert all(len(one.sha256) in (0, 64) for one in files)
