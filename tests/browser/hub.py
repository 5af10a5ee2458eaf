"""A small real catalogue, served as `lianguan serve` serves it: the demonstration's three
members, and where it is asked for one more whose records are awkward to set."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from demo.build import build
from demo.facts import LIBRARIES, NAMES
from demo.run import MEMBERS
from tests.processes import descendants, lives, wait_for


class Site(NamedTuple):
    address: str
    process: int


Clock = dict[str, str]
"""What a command finds in its environment so that it is another day."""
NOW: Clock = {}
ENDED = 20.0
"""Seconds in which a server has ended."""

LIANGUAN = (sys.executable, "-m", "lianguan")


def fill(root: Path, clock: Clock = NOW) -> None:
    """Load what the three members send."""
    files = root.parent / "files"
    build(files)
    for member, name in MEMBERS.items():
        words = (str(files / name), "--library", LIBRARIES[member], "--name", NAMES[member])
        load(root, *words, clock=clock)


def load(root: Path, *words: str, clock: Clock = NOW) -> None:
    """`lianguan import` with these words."""
    command = [*LIANGUAN, "import", *words]
    said = subprocess.run(
        command, env=at(root) | clock, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr


def _nothing(root: Path) -> None:
    """The demonstration and no more."""


@contextmanager
def sites(
    folder: Path, more: Callable[[Path], None] = _nothing, clock: Clock = NOW
) -> Iterator[dict[str, str]]:
    """The addresses of the demonstration, with what `more` adds, and of an empty hub."""
    full, empty = folder / "demo" / "var", folder / "empty"
    fill(full, clock)
    more(full)
    empty.mkdir()
    with served(full, clock=clock) as demo, served(empty, clock=clock) as nothing:
        yield {"demo": demo.address, "empty": nothing.address}


@contextmanager
def served(root: Path, workers: int = 1, clock: Clock = NOW) -> Iterator[Site]:
    """On a free port."""
    command = [*LIANGUAN, "serve", "--port", "0", "--workers", str(workers)]
    with subprocess.Popen(
        command, env=at(root) | clock, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            address = _address(process.stdout.readline())
            wait_for(lambda: _answers(address))
            yield Site(address, process.pid)
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """And all that it has started, should it not end by itself."""
    process.terminate()
    try:
        process.wait(ENDED)
    except subprocess.TimeoutExpired:
        every = (process.pid, *descendants(process.pid))
        for one in every:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        wait_for(lambda: not any(lives(one) for one in every))


def _address(said: str) -> str:
    _, _, address = said.partition("http://")
    assert address, f"it does not say where it is: {said!r}"
    return f"http://{address.strip().rstrip('/')}"


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(f"{address}/", timeout=5).close()  # noqa: S310 - our own
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def at(root: Path) -> dict[str, str]:
    """What a command is told so that it works on this folder, in English."""
    return os.environ | {"LIANGUAN_DATA": str(root), "LIANGUAN_LANG": "en"}
