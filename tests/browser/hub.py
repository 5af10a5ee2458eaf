"""A small real catalogue, served as `lianguan serve` serves it: the demonstration's three
members, and where it is asked for one more whose records are awkward to set."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.build import build
from demo.facts import LIBRARIES, NAMES
from demo.run import MEMBERS
from tests.processes import wait_for

LIANGUAN = (sys.executable, "-m", "lianguan")


def fill(root: Path) -> None:
    """Load what the three members send."""
    files = root.parent / "files"
    build(files)
    for member, name in MEMBERS.items():
        load(root, files / name, LIBRARIES[member], NAMES[member])


def load(root: Path, path: Path, library: str, name: str) -> None:
    words = ("import", str(path), "--library", library, "--name", name)
    command = [*LIANGUAN, *words]
    said = subprocess.run(command, env=_at(root), capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


@contextmanager
def served(root: Path, workers: int = 1) -> Iterator[str]:
    """Its address, on a free port."""
    command = [*LIANGUAN, "serve", "--port", "0", "--workers", str(workers)]
    with subprocess.Popen(command, env=_at(root), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            address = _address(process.stdout.readline())
            wait_for(lambda: _answers(address))
            yield address
        finally:
            process.terminate()
            process.wait(30)


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


def _at(root: Path) -> dict[str, str]:
    return os.environ | {"LIANGUAN_DATA": str(root), "LIANGUAN_LANG": "en"}
