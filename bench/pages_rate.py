"""Pages a second: result pages as they are made, as they are kept, and while an import runs."""

import json
import os
import resource
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from bench.timing import NotMeasured
from bench.union_work import queries
from lianguan.engine.union.catalogue import UnionCatalogue
from tests.browser import hub
from tests.processes import descendants
from tests.union.hub import book

SCRIPT = Path(__file__).with_name("pages.lua")
AT_ONCE = 8
IMPORTED = 20_000
"""Records of each delivery that is loaded meanwhile."""


class Rate(NamedTuple):
    """What wrk found in one run."""

    a_second: float
    p50: float
    p95: float
    """Milliseconds within which half of the answers, and 95 of 100, came."""
    generator: float
    """The share of all cores that wrk itself took."""
    server: float
    """That of the server and of all it started."""


def result_pages(root: Path) -> list[str]:
    """Addresses of result pages: searches for what is there, in the mix of `bench.union`."""
    with UnionCatalogue(root) as opened:
        return [f"/search?q={quote(query)}" for _, query in queries(opened)]


def kept(address: str, paths: Sequence[str]) -> list[str]:
    """The same as a reader asks who has seen them: with the ETag of each. Raises NotMeasured
    where pages have none."""
    said = []
    for path in dict.fromkeys(paths):
        with urllib.request.urlopen(address + path) as answer:  # noqa: S310 - our own
            tag = answer.headers.get("ETag", "")
        if not tag:
            raise NotMeasured("pages have no ETag")
        said.append(f"{path}\t{tag}")
    return said


def rate(address: str, server: int, asked: Sequence[str], seconds: int) -> Rate:
    """Ask for these, eight at once, for so long. Raises NotMeasured."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as lines:
        lines.write("\n".join(asked) + "\n")
        lines.flush()
        command = ["wrk", "-t1", f"-c{AT_ONCE}", f"-d{seconds}s", "-s", str(SCRIPT), address]
        return _measured([*command, "--", lines.name], server)


def _measured(command: Sequence[str], server: int) -> Rate:
    before, served = _own_cpu(), _cpu_of(server)
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        raise NotMeasured(f"wrk: {error}") from error
    said = json.loads(done.stdout.splitlines()[-1])
    if said["failed"]:
        raise NotMeasured(f"{said['failed']} of {said['answers']} answers failed")
    room = said["seconds"] * (os.cpu_count() or 1)
    return Rate(
        said["answers"] / said["seconds"],
        said["p50"],
        said["p95"],
        (_own_cpu() - before) / room,
        (_cpu_of(server) - served) / room,
    )


def _own_cpu() -> float:
    """CPU seconds of the programs that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _cpu_of(process: int) -> float:
    """CPU seconds of a process and of all that it started."""
    ticks = 0
    for one in (process, *descendants(process)):
        try:
            said = Path(f"/proc/{one}/stat").read_text("utf-8").rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        ticks += int(said[11]) + int(said[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def importing(root: Path) -> Iterator[list[float]]:
    """Deliveries of twenty thousand invented records, one after the other, while what is within
    is done. The list tells how long each took."""
    ended, took = threading.Event(), list[float]()
    worker = threading.Thread(target=_import_on, args=(root, ended, took))
    worker.start()
    try:
        time.sleep(1)
        yield took
    finally:
        ended.set()
        worker.join()


def _import_on(root: Path, ended: threading.Event, took: list[float]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for turn in count():
            path = Path(folder) / f"{turn}.mrc"
            path.write_bytes(b"".join(_books(turn)))
            began = time.monotonic()
            hub.load(root, str(path), "--library", "BENCH")
            took.append(time.monotonic() - began)
            if ended.is_set():
                return


def _books(turn: int) -> Iterator[bytes]:
    for number in range(turn * IMPORTED, (turn + 1) * IMPORTED):
        yield book(str(number), title=f"第{number}号藏书", agent=f"作者{number % 977}")
