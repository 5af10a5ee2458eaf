"""Many who write at once, and one who is killed in the middle."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from lianguan.journal import queries
from lianguan.journal.actions import one_writer
from lianguan.journal.models import Line

WRITERS, ACTS = 4, 60
LONGEST_WAIT = 5.0
"""Seconds; a busy machine. Without the queue of the kernel it is more where many write."""


class Writer:
    """A process that writes; it begins when it is told to."""

    def __init__(self, told: dict[str, str], count: int, machine: str = "hub") -> None:
        command = [sys.executable, "-m", "tests.journal.writer", machine, str(count)]
        self.process = subprocess.Popen(
            command, env=os.environ | told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.out.readline() == "ready\n"

    @property
    def out(self) -> IO[str]:
        assert self.process.stdout
        return self.process.stdout

    def begin(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self) -> list[tuple[str, float]]:
        """The acts that it said were done, and how long each took."""
        said, _ = self.process.communicate()
        lines = [line.split() for line in said.splitlines() if line.count(" ") == 1]
        return [(one, float(took)) for one, took in lines]


def test_of_many_who_write_at_once_nobody_waits_long_and_nothing_is_lost(
    people: dict[str, str],
) -> None:
    writers = [Writer(people, ACTS) for _ in range(WRITERS)]
    for writer in writers:
        writer.begin()
    done = [one for writer in writers for one in writer.end()]
    assert len(done) == WRITERS * ACTS
    assert Line.objects.count() == 2 * WRITERS * ACTS
    assert {str(row.act) for row in Line.objects.all()} == {act for act, _ in done}
    assert queries.first_broken("hub") is None
    assert max(took for _, took in done) < LONGEST_WAIT


@pytest.mark.parametrize("moment", [0.02, 0.05, 0.11, 0.3])
def test_killed_in_the_middle_a_writer_leaves_a_whole_chain_and_all_that_it_said(
    people: dict[str, str], moment: float
) -> None:
    writers = [Writer(people, 10_000), Writer(people, 40)]
    for writer in writers:
        writer.begin()
    time.sleep(moment)
    os.kill(writers[0].process.pid, signal.SIGKILL)
    killed, other = (writer.end() for writer in writers)
    assert len(other) == 40  # nobody waits for a lock that a dead process holds
    acts = {str(row.act) for row in Line.objects.all()}
    assert {act for act, _ in killed} <= acts
    assert Line.objects.count() == 2 * len(acts)  # an act is whole or not there
    assert queries.first_broken("hub") is None


def test_the_lock_stands_beside_the_file_and_is_free_when_nobody_writes(notebook: Path) -> None:
    lock = notebook / "people.sqlite.lock"
    with one_writer(), one_writer():
        assert not is_free(lock)
    assert is_free(lock)


def is_free(lock: Path) -> bool:
    with lock.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
