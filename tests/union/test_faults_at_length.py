"""A large import killed at random moments, and a disk that fills up under one: nothing that was
acknowledged is lost, catalogue and index agree, and a rebuild gives the same."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.union.drill import lose
from tests.union.hub import Hub, book

pytestmark = pytest.mark.long

TIMES = 20
LOOKED_FOR = 100
"""Entries that are looked for by their own titles, of all that there are."""

PATIENCE = 20
"""Seconds in which those that were left alone must have ended."""

DISK = 320
"""MiB of the disk that fills up."""


def books(folder: Path, count: int) -> Path:
    """A file of so many records; one title in ten comes twice, under two numbers."""
    path = folder / f"{count}.mrc"
    with path.open("wb") as file:
        for n in range(count):
            file.write(
                book(str(n), title=f"第{n - n % 10 // 9}种书的名字", year=str(1990 + n % 30))
            )
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return books(tmp_path_factory.mktemp("large"), 100_000)


def importing(path: Path) -> tuple[str, ...]:
    return ("import", str(path), "--library", "JN")


def begun(hub: Hub, *told: str) -> subprocess.Popen[bytes]:
    """A command, in a process group of its own."""
    command = (sys.executable, "-m", "lianguan", *told)
    said = os.environ | {"LIANGUAN_DATA": str(hub.root), "LIANGUAN_LANG": "en"}
    return subprocess.Popen(
        command, env=said, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )


def assert_whole(hub: Hub, chance: random.Random, records: int) -> None:
    """The next import finds everything as it should be, and a rebuild gives it again."""
    hub.send("GC", book("g", title="青海湖"))
    assert_agree(hub, chance, records + 1)
    before = hub.everything()
    hub.rebuild()
    assert hub.everything() == before
    assert_agree(hub, chance, records + 1)


def assert_agree(hub: Hub, chance: random.Random, records: int) -> None:
    """So many records are there, every entry is in the index, and is found by its own title."""
    with hub.catalogue() as catalogue:
        assert catalogue.size()[0] == records
        entries = catalogue.size()[1]
        assert catalogue.search("", limit=1).total == entries
        for _ in range(LOOKED_FOR):
            place = chance.randrange(entries)
            hit = catalogue.search("", limit=1, offset=place).hits[0]
            assert hit.entry in {one.entry for one in catalogue.search(hit.title).hits}


def assert_nobody_left(group: int) -> None:
    """Those that a killed process has started end by themselves."""
    until = time.monotonic() + PATIENCE
    with suppress(ProcessLookupError):
        while time.monotonic() < until:
            os.killpg(group, 0)
            time.sleep(0.05)
        pytest.fail("somebody is still at work")


def test_a_large_import_is_killed_at_twenty_random_moments(tmp_path: Path, large: Path) -> None:
    hub = Hub(tmp_path)
    hub.send("HB", b"".join(book(str(n), title=f"第{n}种书的名字") for n in range(5)))
    shutil.copytree(hub.root, tmp_path / "before")
    began = time.monotonic()
    assert begun(hub, *importing(large)).wait() == 0
    whole = time.monotonic() - began
    for seed in range(TIMES):
        chance = random.Random(seed)
        lose(hub, hub.root)
        shutil.copytree(tmp_path / "before", hub.root)
        process = begun(hub, *importing(large))
        time.sleep(chance.uniform(0.2, whole))
        stop = (os.kill, os.killpg)[seed % 2]  # alone, or with all that it has started
        stop(process.pid, signal.SIGKILL)
        process.communicate()
        assert_nobody_left(process.pid)
        kept = len(hub.sources().imports("JN"))
        assert kept or process.returncode, "what was acknowledged is kept"
        assert_whole(hub, chance, 5 + 100_000 * kept)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with little room."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ("mount", "-t", "tmpfs", "-o", f"size={DISK}m", "tmpfs", str(place))
    if os.geteuid() or subprocess.run(command, check=False).returncode:
        pytest.skip("only who may mount a disk can fill one")
    yield place
    subprocess.run(("umount", "-l", str(place)), check=True)


def fill(disk: Path, room: int) -> None:
    """Take all room but so many bytes."""
    with (disk / "ballast").open("wb", buffering=0) as file, suppress(OSError):
        while (more := shutil.disk_usage(disk).free - room) > 0:
            file.write(bytes(min(more, 1 << 20)))


def filled_under(disk: Path, chance: random.Random, hub: Hub, *told: str) -> str:
    """Run a command on a disk that fills up at some moment; what it says then, "" if it ends
    well. The room is there again afterwards."""
    process = begun(hub, *told)
    time.sleep(chance.uniform(0.6, 5))
    if process.poll() is None:
        fill(disk, chance.choice(ROOMS))
    said = process.communicate()[1].decode()
    assert process.returncode in (0, 1), said
    assert "Traceback" not in said
    (disk / "ballast").unlink(missing_ok=True)
    return said if process.returncode else ""


ROOMS = (0, 4096, 100_000, 1_000_000, 5_000_000)
"""Bytes that are left on a disk that has filled up."""


@pytest.mark.parametrize("seed", range(TIMES))
def test_a_disk_fills_up_in_the_middle_of_an_import(disk: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = books(tmp_path, 20_000)
    hub = Hub(disk)
    hub.send("HB", b"".join(book(str(n), title=f"第{n}种书的名字") for n in range(5)))
    said = filled_under(disk, chance, hub, *importing(path))
    kept = len(hub.sources().imports("JN"))
    assert kept or said, "what was acknowledged is kept"
    assert_whole(hub, chance, 5 + 20_000 * kept)
    assert not hub.sources().failed()


@pytest.fixture
def filled(disk: Path, tmp_path: Path) -> Hub:
    """A union on a disk that is going to be full."""
    hub = Hub(disk)
    path = books(tmp_path, 10_000)
    assert begun(hub, *importing(path)).wait() == 0
    hub.send("HB", book("x", title="世界"))
    return hub


@pytest.mark.parametrize("seed", range(TIMES // 2))
def test_a_disk_fills_up_in_the_middle_of_a_rebuild(disk: Path, filled: Hub, seed: int) -> None:
    chance = random.Random(seed)
    before = filled.everything()
    filled_under(disk, chance, filled, "rebuild")
    assert filled.everything() == before
    assert_whole(filled, chance, 10_001)


@pytest.mark.parametrize("seed", range(TIMES // 2))
def test_a_decision_on_a_full_disk_is_kept_or_refused(disk: Path, filled: Hub, seed: int) -> None:
    """What was said to be kept is kept; what was not may be, since the log may have had room."""
    chance = random.Random(seed)
    fill(disk, ROOMS[seed % len(ROOMS)])
    process = begun(filled, "decide", "HB:x", "JN:7", "same")
    said = process.communicate()[1].decode()
    assert "Traceback" not in said
    assert process.returncode in (0, 1), said
    (disk / "ballast").unlink()
    is_kept = bool(list(filled.sources().decisions.every()))
    assert is_kept or process.returncode, "what was acknowledged is kept"
    assert_whole(filled, chance, 10_001)
    entries = filled.entries()
    assert (entries["HB:x"] == entries["JN:7"]) == is_kept
