"""The worker beside the server: what waits is done, whoever is killed."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lianguan.engine.read.findings import Refused
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.database import building
from lianguan.engine.union.importing import Order, import_files, receive_files
from tests.union.hub import book

SOON = 20.0


def wait_for(what: Callable[[], object]) -> None:
    """It becomes true before long."""
    end = time.monotonic() + SOON
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


class Served:
    """A server on a folder of data, as `lianguan serve` starts it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        said = {"LIANGUAN_DATA": str(root), "LIANGUAN_LANG": "en"}
        command = (sys.executable, "-m", "lianguan", "serve", "--port", "0")
        self.process = subprocess.Popen(
            command, env=os.environ | said, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        self.address = self.process.stdout.readline().split()[-1]

    def worker(self) -> int:
        """The process number of the worker; 0 while there is none."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        found = [child for one in children.parent.parent.iterdir() for child in
                 (one / "children").read_text("ascii").split()]  # fmt: skip
        for child in found:
            if b"lianguan.site.working" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
        return 0

    def records(self) -> int:
        try:
            with UnionCatalogue(self.root) as catalogue:
                return catalogue.size()[0]
        except Refused:
            return 0

    def page(self, path: str) -> str:
        """What a page says; nothing while the server is not there yet."""
        connection = http.client.HTTPConnection(self.address.strip("/").removeprefix("http://"))
        try:
            connection.request("GET", path)
        except ConnectionRefusedError:
            return ""
        return connection.getresponse().read().decode()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "data")
    yield made
    made.process.terminate()
    made.process.wait(SOON)


def kept(root: Path, folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return receive_files(root, [path], Order("JN")).id


def test_what_is_kept_is_loaded_and_found_on_a_page(served: Served, tmp_path: Path) -> None:
    kept(served.root, tmp_path, "one.mrc", book("1"))
    wait_for(lambda: "平凡的世界" in served.page("/search?q=%E5%B9%B3%E5%87%A1"))


def test_a_list_of_deletions_that_is_kept_is_carried_out(served: Served, tmp_path: Path) -> None:
    kept(served.root, tmp_path, "two.mrc", book("1") + book("2", title="人生"))
    wait_for(lambda: served.records() == 2)
    (tmp_path / "gone.txt").write_bytes(b"1\n")
    order = Order("JN", is_deletes=True, may_delete=True)
    receive_files(served.root, [tmp_path / "gone.txt"], order)
    wait_for(lambda: served.records() == 1)


def test_a_worker_that_was_killed_in_the_middle_goes_on_at_once(
    served: Served, tmp_path: Path
) -> None:
    wait_for(served.worker)
    many = b"".join(book(str(n), title=f"第{n}种书") for n in range(3000))
    first = served.worker()
    kept(served.root, tmp_path, "many.mrc", many)
    time.sleep(0.8)
    os.kill(first, signal.SIGKILL)
    killed = time.monotonic()
    wait_for(lambda: served.worker() not in (0, first))
    assert time.monotonic() - killed < 5
    wait_for(lambda: served.records() == 3000)


def test_the_command_line_and_the_worker_never_build_together(
    served: Served, tmp_path: Path
) -> None:
    wait_for(served.worker)
    (tmp_path / "one.mrc").write_bytes(book("1"))
    with building(served.root, "a long import"):
        with pytest.raises(Refused, match="a long import") as refused:
            import_files(served.root, [tmp_path / "one.mrc"], Order("JN"))
        assert str(os.getpid()) in str(refused.value)
        kept(served.root, tmp_path, "two.mrc", book("2", title="人生"))
        time.sleep(1)
        assert served.records() == 0
    wait_for(lambda: served.records() == 1)


def test_the_worker_ends_with_the_server(tmp_path: Path) -> None:
    server = Served(tmp_path / "data")
    wait_for(server.worker)
    worker = server.worker()
    server.process.kill()
    server.process.wait(SOON)
    wait_for(lambda: not Path(f"/proc/{worker}").exists())


def test_a_delivery_that_waits_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "one.mrc").write_bytes(book("1"))
    said = {"LIANGUAN_DATA": str(tmp_path / "data"), "LIANGUAN_LANG": "en"}
    command = (sys.executable, "-m", "lianguan", "import", str(tmp_path / "one.mrc"), "-l", "JN")
    told = subprocess.run(
        (*command, "--later", "--json"),
        env=os.environ | said,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(told.stdout)["import_id"].startswith("000001-")
    with pytest.raises(Refused, match="nothing_loaded"):
        UnionCatalogue(tmp_path / "data")
