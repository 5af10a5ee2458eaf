"""The worker beside the server: what waits is done, whoever is killed."""

import contextlib
import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lianguan.catalogue import surveyed
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.database import building
from lianguan.engine.union.importing import Order, import_files, receive_files
from lianguan.site import working
from lianguan.site.serving import LAST_ANSWERS
from tests.processes import SOON, descendants, lives, wait_for
from tests.union.hub import book


class Served:
    """A server on a folder of data, as `lianguan serve` starts it in a terminal."""

    def __init__(self, root: Path, port: int = 0, processes: int = 1) -> None:
        self.root = root
        said = ("--port", str(port), "--workers", str(processes))
        self.process = started(root, "lianguan", "serve", *said, stdout=subprocess.PIPE)
        assert self.process.stdout
        self.address = self.process.stdout.readline().split()[-1]
        self.port = int(self.address.strip("/").rpartition(":")[2])

    def worker(self) -> int:
        """The process number of the worker; 0 while there is none."""
        for child in descendants(self.process.pid):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                if b"lianguan.site.working" in Path(f"/proc/{child}/cmdline").read_bytes():
                    return child
        return 0

    def records(self) -> int:
        try:
            with UnionCatalogue(self.root) as catalogue:
                return catalogue.size()[0]
        except Refused:
            return 0

    def page(self, path: str) -> str:
        """What a page says; nothing while the server is not there yet."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        try:
            connection.request("GET", path)
        except ConnectionRefusedError:
            return ""
        return connection.getresponse().read().decode()

    def stop(self) -> None:
        """End it, and whoever it should have ended."""
        family = descendants(self.process.pid)
        self.process.terminate()
        try:
            self.process.communicate(timeout=SOON)
        finally:
            self.process.kill()
            kill(family)


def started(root: Path, *words: str, **more: Any) -> "subprocess.Popen[str]":
    """A module of ours, run as a program of its own."""
    said = {"LIANGUAN_DATA": str(root), "LIANGUAN_LANG": "en"}
    command = (sys.executable, "-m", *words)
    return subprocess.Popen(
        command,
        env=os.environ | said,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **more,
    )


def kill(processes: set[int]) -> None:
    for one in filter(lives, processes):
        os.kill(one, signal.SIGKILL)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "data")
    yield made
    made.stop()


def kept(root: Path, folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return receive_files(root, [path], Order("JN")).id


def test_what_is_kept_is_loaded_and_found_on_a_page(served: Served, tmp_path: Path) -> None:
    kept(served.root, tmp_path, "one.mrc", book("1"))
    wait_for(lambda: "平凡的世界" in served.page("/search?q=%E5%B9%B3%E5%87%A1"))


def test_what_is_worth_a_look_is_counted_by_itself(served: Served, tmp_path: Path) -> None:
    def twice() -> int:
        """How many books a library has twice, as was counted last."""
        kept = surveyed.last(served.root)
        found = kept.survey.concerns if kept else ()
        return next((one.total for one in found if one.code == "own"), -1)

    kept(served.root, tmp_path, "one.mrc", book("1"))
    wait_for(lambda: twice() == 0)
    kept(served.root, tmp_path, "two.mrc", book("2"))
    wait_for(lambda: twice() == 1)


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


def test_a_server_that_is_killed_leaves_nobody_behind_and_its_port_is_free(
    tmp_path: Path,
) -> None:
    server = Served(tmp_path / "data", processes=2)
    wait_for(lambda: server.worker() and server.page("/health"))
    family = descendants(server.process.pid)
    server.process.kill()
    server.process.wait(SOON)
    try:
        assert len(family) == 3  # the worker, and two that make pages
        wait_for(lambda: not any(map(lives, family)), 3)
        again = Served(server.root, server.port)
        wait_for(lambda: again.page("/health"))
        again.stop()
    finally:
        kill(family)


def test_ctrl_c_ends_all_at_once_and_without_a_word(tmp_path: Path) -> None:
    for _ in range(3):
        server = Served(tmp_path / "data")
        wait_for(lambda: server.worker() and server.page("/health"))  # noqa: B023 - done with at once
        family = descendants(server.process.pid)
        os.killpg(server.process.pid, signal.SIGINT)
        try:
            said, complaint = server.process.communicate(timeout=4)
            assert complaint == ""
            assert said in ("", f"Set up the hub at {server.address}setup\n"), "as it began"
            wait_for(lambda: not any(map(lives, family)), 3)  # noqa: B023
        finally:
            kill(family)


def test_a_reader_who_never_ends_a_question_does_not_hold_up_the_end(tmp_path: Path) -> None:
    server = Served(tmp_path / "data")
    wait_for(lambda: server.worker() and server.page("/health"))
    with closing(socket.create_connection(("127.0.0.1", server.port))) as reader:
        reader.send(b"GET /sea")
        time.sleep(0.5)
        server.process.terminate()
        try:
            server.process.wait(LAST_ANSWERS + 4)
        finally:
            server.stop()


def first_words_of_a_worker(root: Path, **more: Any) -> str:
    """What a worker tells when it finds that something is wrong."""
    with started(root, "lianguan.site.working", str(os.getpid()), **more) as worker:
        assert worker.stderr
        said = worker.stderr.readline()
        worker.kill()
        return said + worker.stderr.read()


def test_a_damaged_source_is_told_in_a_sentence(tmp_path: Path) -> None:
    kept(tmp_path / "data", tmp_path, "one.mrc", book("1"))
    [path] = (tmp_path / "data" / "sources" / "JN").glob("*/*.zst")
    path.write_bytes(path.read_bytes()[:-1])
    said = first_words_of_a_worker(tmp_path / "data")
    assert said.startswith("✗ a delivery could not be loaded and was put aside")
    assert path.parent.name in said
    assert said.count("\n") == 1


def test_a_disk_without_room_is_told_in_a_sentence(tmp_path: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    kept(tmp_path / "data", tmp_path, "one.mrc", book("1"))
    said = first_words_of_a_worker(tmp_path / "data", preexec_fn=little_room)
    assert said.startswith("✗ the system refused; this was not finished")
    assert said.count("\n") == 1


def test_what_nobody_foresaw_is_told_with_all_that_is_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        raise ZeroDivisionError("in a rule")
    except ZeroDivisionError as error:
        working._tell_of(error)
    told = capsys.readouterr().err
    assert told.startswith("Traceback")
    assert "test_working.py" in told


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
