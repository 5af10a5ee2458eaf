"""Killed at every point at which it could matter: what was acknowledged is there afterwards,
catalogue and index agree, and a rebuild gives the same."""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lianguan.engine.search.index import SearchIndex
from lianguan.engine.union.catalogue import UnionCatalogue
from tests.union.drill import lose, power_cut
from tests.union.faults import KILLED_AT
from tests.union.hub import Hub, book
from tests.union.killing import assert_whole, keys, trial

BOOKS = 60

TIMES = 5
PAIRS = [(act, point) for act, points in KILLED_AT.items() for point in points]
SHORT = [
    *(("import", point) for point in KILLED_AT["import"]),
    ("rebuild", "before CURRENT is renamed"),
    ("rebuild", "after CURRENT is renamed"),
    ("rebuild", "before what is unused is removed"),
    ("withdraw", "after the log says that it is taken back"),
    ("decide", "after a decision is written"),
    ("terms", "after the commit"),
    ("refused", "before a folder is removed"),
]
"""Those of every run; the others only take longer."""


def books(first: int, count: int = BOOKS) -> bytes:
    return b"".join(book(str(n), title=f"第{n}种书") for n in range(first, first + count))


def kill_at(folder: Path, act: str, point: str, seed: int) -> None:
    """The first time that the point is met; of one that is met often, later times too."""
    (folder / "hub").mkdir()
    one = trial(folder / "hub", act, seed)
    before = len(one.hub.sources().history())
    times = 1 + seed * one.met(point, folder / "copy") // TIMES if seed else 1
    one.kill(point, times)
    one.assert_whole(before)


@pytest.mark.parametrize(("act", "point"), SHORT)
def test_killed_at_a_point_it_goes_on_as_if_nothing_had_happened(
    tmp_path: Path, act: str, point: str
) -> None:
    kill_at(tmp_path, act, point, 0)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(TIMES))
@pytest.mark.parametrize(("act", "point"), PAIRS)
def test_killed_five_times_at_every_point_of_whatever_is_done(
    tmp_path: Path, act: str, point: str, seed: int
) -> None:
    kill_at(tmp_path, act, point, seed)


def killed_after(folder: Path, point: str, seed: int) -> None:
    """Killed by another process, with all that it started, some moment after the point: in the
    middle of what SQLite or the index does to commit, if it comes to that."""
    chance = random.Random(f"{point} {seed}")
    (folder / "hub").mkdir()
    one = trial(folder / "hub", chance.choice(("import", "withdraw", "decide")), seed)
    before = len(one.hub.sources().history())
    command = one.command("tell", point, 1, one.hub.root)
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout
        assert process.stdout.read(1) == b"x"
        until = time.perf_counter() + LONGEST * chance.random() ** 3
        while time.perf_counter() < until:
            pass
        os.killpg(process.pid, signal.SIGKILL)
    one.assert_whole(before)


LONGEST = 0.04
"""Seconds after a point; a commit of so few records takes some thousandths to hundredths."""

commits = pytest.mark.parametrize("point", ["at the commit", "before the index is written"])


@commits
def test_killed_somewhere_in_a_commit_nothing_is_lost(tmp_path: Path, point: str) -> None:
    killed_after(tmp_path, point, 0)


@pytest.mark.long
@commits
@pytest.mark.parametrize("seed", range(25))
def test_killed_at_any_moment_of_a_commit_nothing_is_lost(
    tmp_path: Path, point: str, seed: int
) -> None:
    killed_after(tmp_path, point, seed)


def cut(hub: Hub, chance: random.Random, *, is_overwritten: bool) -> None:
    """The log of SQLite as a power cut may leave it: cut short at any byte, or from there on with
    what stood on the disk before."""
    wal = hub.folder() / "catalogue.sqlite-wal"
    size = wal.stat().st_size
    at = chance.randrange(size)
    with wal.open("r+b") as file:
        file.truncate(at)
        if is_overwritten:
            file.seek(at)
            file.write(chance.randbytes(size - at))


def cut_log(folder: Path, seed: int, *, is_overwritten: bool) -> None:
    """The catalogue is then of an earlier time than its index, and knows it."""
    chance = random.Random(seed)
    hub = Hub(folder)
    hub.send("HB", books(0, 5))
    with UnionCatalogue(hub.root):  # as long as it looks, nothing of the log is cut off
        hub.send("JN", books(0))
        hub.send("JN", books(5) + book("99", title="世界"))
        shutil.copytree(hub.root, folder / "after")
    hub.root = folder / "after"
    assert (hub.folder() / "catalogue.sqlite-wal").stat().st_size > 0
    cut(hub, chance, is_overwritten=is_overwritten)
    (hub.folder() / "catalogue.sqlite-shm").unlink(missing_ok=True)
    theirs, own = dict.fromkeys(range(5), ""), dict.fromkeys((*range(BOOKS + 5), 99), "")
    assert_whole(hub, keys("HB", theirs) | keys("JN", own))


overwritten = pytest.mark.parametrize("is_overwritten", [False, True], ids=["cut", "garbage"])


@overwritten
@pytest.mark.parametrize("seed", range(2))
def test_a_log_of_sqlite_that_is_cut_short_loses_no_delivery(
    tmp_path: Path, seed: int, is_overwritten: bool
) -> None:
    cut_log(tmp_path, seed, is_overwritten=is_overwritten)


@pytest.mark.long
@overwritten
@pytest.mark.parametrize("seed", range(20))
def test_a_log_of_sqlite_that_is_cut_at_any_byte_loses_no_delivery(
    tmp_path: Path, seed: int, is_overwritten: bool
) -> None:
    cut_log(tmp_path, seed, is_overwritten=is_overwritten)


@pytest.mark.parametrize("room", [0.01, 0.05, 0.1, 0.2])
def test_no_room_on_the_disk_is_told_and_loses_nothing(tmp_path: Path, room: float) -> None:
    """The largest file that may be written is too small for the catalogue, here and there."""
    hub = Hub(tmp_path)
    hub.send("HB", books(0, 5))
    path = hub.inbox / "many.mrc"
    path.write_bytes(books(0, 4 * BOOKS))
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
    theirs, own = dict.fromkeys(range(5), ""), dict.fromkeys(range(4 * BOOKS), "")
    assert_whole(hub, keys("HB", theirs) | keys("JN", own))
    assert not hub.sources().failed()


def test_what_a_killed_commit_has_left_in_the_index_holds_up_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed when the new files of the index are there and the list of its parts is the old one:
    the next commit gives its files the same names."""
    hub = Hub(tmp_path)
    hub.send("JN", books(0, 5))
    index = hub.folder() / "index"
    shutil.copytree(index, tmp_path / "before")
    with monkeypatch.context() as cut:
        cut.setattr(SearchIndex, "_mark", power_cut)
        with pytest.raises(KeyboardInterrupt):
            hub.send("JN", book("1", title="青海湖"))
    for path in index.iterdir():
        if not (tmp_path / "before" / path.name).exists():
            shutil.copy(path, tmp_path / "before")
    lose(hub, index)
    (tmp_path / "before").rename(index)
    assert_whole(hub, keys("JN", dict.fromkeys(range(5), "")))
