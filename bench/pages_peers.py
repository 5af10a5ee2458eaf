"""Programs beside us that also show a collection in a browser, each in an environment of its own
under var/peers: how long from nothing to the first page, and what that page costs.

They do other things than we do, and do them well: Kolibri brings lessons to places without a
network, datasette shows any table. What is compared is what a first page asks of a machine.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.pages_seen import Seen, seen
from bench.timing import NotMeasured
from demo.facts import facts
from tests.browser.engines import ROOT
from tests.browser.page import Page

FOLDER = ROOT / "var" / "peers"
PATIENCE = 600
"""Seconds in which a program must have a first page."""


class Peer(NamedTuple):
    name: str
    wanted: Sequence[Sequence[str]]
    """Words of `pip install`, in turn."""
    run: Callable[[Path, Path, int], Sequence[str]]
    """(its environment, its own folder, a port) → the command that serves."""
    environment: Callable[[Path], dict[str, str]]


class Beside(NamedTuple):
    """What was found of one."""

    version: str
    install: float
    """Seconds of pip, from an empty environment and with what it fetches."""
    room: int
    """MiB of the environment."""
    start: float
    """Seconds from the command to the first page, for the first time."""
    seen: Seen


def _ours(environment: Path, _: Path, port: int) -> Sequence[str]:
    return (str(environment / "bin" / "lianguan"), "serve", "--port", str(port))


def _datasette(environment: Path, folder: Path, port: int) -> Sequence[str]:
    base = folder / "demo.db"
    with sqlite3.connect(base) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS books (title, agents, publisher, year, class)"
        )
        rows = [
            (one.title, one.agents, one.publisher, one.year, one.clc) for one in facts().values()
        ]
        connection.executemany("INSERT INTO books VALUES (?, ?, ?, ?, ?)", rows)
    return (str(environment / "bin" / "datasette"), "serve", str(base), "--port", str(port))


def _kolibri(environment: Path, _: Path, port: int) -> Sequence[str]:
    return (str(environment / "bin" / "kolibri"), "start", "--foreground", f"--port={port}")


PEERS = (
    Peer(
        "lianguan",
        (("--require-hashes", "-r", "locks/run.txt"), ("--no-deps", ".")),
        _ours,
        lambda folder: {"LIANGUAN_DATA": str(folder), "LIANGUAN_LANG": "en"},
    ),
    Peer("datasette", (("datasette==0.65.5",),), _datasette, lambda folder: {}),
    Peer(
        "kolibri",
        (("kolibri==0.19.5",),),
        _kolibri,
        lambda folder: {"KOLIBRI_HOME": str(folder), "KOLIBRI_LISTEN_ADDRESS": "127.0.0.1"},
    ),
)


def beside(peer: Peer, reader: Page) -> Beside:
    """Install it, start it, look at its first page, stop it. Raises NotMeasured."""
    environment, folder = FOLDER / peer.name / "environment", FOLDER / peer.name / "folder"
    shutil.rmtree(FOLDER / peer.name, ignore_errors=True)
    folder.mkdir(parents=True)
    install = _installed(peer, environment)
    port = _free_port()
    command = peer.run(environment, folder, port)
    with _serving(command, peer.environment(folder), f"http://127.0.0.1:{port}") as start:
        reader.address = f"http://127.0.0.1:{port}"
        looked = seen(reader, "/")
    return Beside(_version(peer, environment), install, _room(environment), start, looked)


def _installed(peer: Peer, environment: Path) -> float:
    began = time.monotonic()
    subprocess.run((sys.executable, "-m", "venv", str(environment)), check=True)
    pip = (str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-cache-dir")
    for words in peer.wanted:
        done = subprocess.run([*pip, *words], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotMeasured(f"{peer.name} cannot be installed: {done.stderr[-200:]}")
    return time.monotonic() - began


@contextmanager
def _serving(command: Sequence[str], environment: dict[str, str], address: str) -> Iterator[float]:
    """Seconds until its first page was there."""
    plain = {name: said for name, said in os.environ.items() if name != "PYTHONPATH"}
    began, silent = time.monotonic(), subprocess.DEVNULL
    process = subprocess.Popen(command, env=plain | environment, stdout=silent, stderr=silent)
    try:
        while not _answers(address):
            if process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise NotMeasured(f"{command[0]} shows no page (ended with {process.poll()})")
            time.sleep(0.1)
        yield time.monotonic() - began
    finally:
        process.terminate()
        process.wait(60)


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=30).close()  # noqa: S310 - this machine
    except (OSError, urllib.error.HTTPError):
        return False
    return True


def _version(peer: Peer, environment: Path) -> str:
    asked = f"import importlib.metadata as m; print(m.version('{peer.name}'))"
    command = (str(environment / "bin" / "python"), "-c", asked)
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _room(environment: Path) -> int:
    files = (one for one in environment.rglob("*") if one.is_file() and not one.is_symlink())
    return sum(one.stat().st_size for one in files) >> 20


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
