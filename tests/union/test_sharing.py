"""Several processes for one piece of work: they end with the one whose work it is."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from lianguan.engine.union.database import building
from lianguan.engine.union.sharing import BEHIND_READERS, side_by_side
from tests.processes import descendants, lives, wait_for

LONG_IMPORT = """
import sys, time
from pathlib import Path
from lianguan.engine.union.database import building
from lianguan.engine.union.sharing import side_by_side

def job():
    yield "at work"
    time.sleep(60)

with building(Path(sys.argv[1]), "a long import"), side_by_side([job, job]) as answers:
    print(*map(next, answers), flush=True)
    next(answers[0])
"""


def test_a_builder_that_is_killed_frees_the_lock_though_it_had_others_at_work(
    tmp_path: Path,
) -> None:
    command = (sys.executable, "-c", LONG_IMPORT, str(tmp_path))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as builder:
        assert builder.stdout
        assert builder.stdout.readline() == "at work at work\n"
        others = descendants(builder.pid)
        builder.kill()
    assert len(others) == 2
    try:
        with building(tmp_path, "the next import"):
            pass
        wait_for(lambda: not any(map(lives, others)), 2)
    finally:
        for one in filter(lives, others):
            os.kill(one, signal.SIGKILL)


def test_those_who_build_let_readers_go_first() -> None:
    def job() -> Iterator[int]:
        yield os.nice(0)

    mine = os.nice(0)
    with side_by_side([job, job]) as answers:
        assert [next(answer) for answer in answers] == [min(mine + BEHIND_READERS, 19)] * 2
