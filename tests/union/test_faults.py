"""Killed at every point at which it could matter: what was acknowledged is there afterwards,
catalogue and index agree, and a rebuild gives the same."""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lianguan.engine.union.catalogue import UnionCatalogue
from tests.union.faults import POINTS
from tests.union.hub import Hub, book
from tests.union.test_history import assert_found

BOOKS = 60


def books(first: int, count: int = BOOKS) -> bytes:
    return b"".join(book(str(n), title=f"第{n}种书") for n in range(first, first + count))


def killed(hub: Hub, point: str, times: int, data: bytes) -> bool:
    """Import JN's records and be killed; whether it came to that."""
    path = hub.inbox / "killed.mrc"
    path.write_bytes(data)
    command = (sys.executable, "-m", "tests.union.faults", point, str(times), str(hub.root),
               str(path), "JN")  # fmt: skip
    ended = subprocess.run(command, capture_output=True, check=False)
    assert ended.returncode in (0, -signal.SIGKILL), ended.stderr.decode()
    return ended.returncode != 0


def assert_whole(hub: Hub, acknowledged: int) -> None:
    """After the next import: all that was acknowledged is there, and what a rebuild gives."""
    hub.send("GC", book("g", title="青海湖"))
    with hub.catalogue() as catalogue:
        assert catalogue.size()[0] == acknowledged + 1
        count = catalogue.size()[1]
    assert_found(hub, count)
    before = hub.everything()
    hub.rebuild()
    assert hub.everything() == before
    assert_found(hub, count)


def kill_at(folder: Path, point: str, times: int) -> None:
    folder.mkdir()
    hub = Hub(folder)
    hub.send("HB", books(0, 5))
    if not killed(hub, point, times, books(0)):
        pytest.skip(f"{point} is not met {times} times")
    kept = len(hub.sources().imports("JN"))
    assert kept == (point != "before the source's rename" and "CURRENT" not in point
                    and "unused" not in point)  # fmt: skip
    assert_whole(hub, 5 + BOOKS * kept)


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point_it_goes_on_as_if_nothing_had_happened(
    tmp_path: Path, point: str
) -> None:
    kill_at(tmp_path / "hub", point, 1)


@pytest.mark.long
@pytest.mark.parametrize("times", range(2, 6))
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point_again_and_again(tmp_path: Path, point: str, times: int) -> None:
    kill_at(tmp_path / "hub", point, times)


def cut(hub: Hub, at: float) -> None:
    """Copy a catalogue that is open, as a power cut leaves it, its log cut short."""
    wal = hub.folder() / "catalogue.sqlite-wal"
    size = wal.stat().st_size
    with wal.open("r+b") as file:
        file.truncate(int(size * at))


@pytest.mark.parametrize("at", [random.Random(seed).random() for seed in range(4)])
def test_a_log_of_sqlite_that_is_cut_short_loses_no_delivery(tmp_path: Path, at: float) -> None:
    """The catalogue is then of an earlier time than its index, and knows it."""
    hub = Hub(tmp_path)
    hub.send("HB", books(0, 5))
    with UnionCatalogue(hub.root):  # as long as it looks, nothing of the log is cut off
        hub.send("JN", books(0))
        hub.send("JN", books(5) + book("99", title="世界"))
        shutil.copytree(hub.root, tmp_path / "after")
    hub.root = tmp_path / "after"
    assert (hub.folder() / "catalogue.sqlite-wal").stat().st_size > 0
    cut(hub, at)
    (hub.folder() / "catalogue.sqlite-shm").unlink(missing_ok=True)
    assert_whole(hub, 5 + BOOKS + 6)


@pytest.mark.parametrize("room", [0.01, 0.05, 0.1, 0.2])
def test_no_room_on_the_disk_is_told_and_loses_nothing(tmp_path: Path, room: float) -> None:
    """The largest file that may be written is too small for the catalogue, here and there."""
    hub = Hub(tmp_path)
    hub.send("HB", books(0, 5))
    path = hub.inbox / "many.mrc"
    path.write_bytes(books(0, 3 * BOOKS))
    largest = int((hub.folder() / "catalogue.sqlite").stat().st_size * (1 + room))

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    said = {"LIANGUAN_DATA": str(hub.root), "LIANGUAN_LANG": "en"}
    command = (sys.executable, "-m", "lianguan", "import", str(path), "--library", "JN")
    ended = subprocess.run(
        command, env=os.environ | said, capture_output=True, preexec_fn=little_room, check=False
    )
    assert ended.returncode == 1
    assert b"not finished" in ended.stderr
    assert b"Traceback" not in ended.stderr
    assert_whole(hub, 5 + 3 * BOOKS)
    assert not hub.sources().failed()
