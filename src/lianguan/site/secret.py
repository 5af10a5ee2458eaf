"""The key with which sessions and forms are signed: made once, and kept apart from the data."""

import os
import secrets
import stat
from pathlib import Path

from lianguan.engine.union.durable import sync

FOLDER = "keys"
FILE = "secret"
BYTES = 48


def secret(data: Path) -> str:
    """The key in the data folder; made where there is none. Nobody but the owner of the folder can
    read it. Several who ask at once get the same."""
    path = data / FOLDER / FILE
    if not path.exists():
        _make(path)
    return path.read_text("ascii").strip()


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    staged = path.with_name(f".{FILE}-{os.getpid()}-{secrets.token_hex(4)}")
    with open(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123
        file.write(secrets.token_urlsafe(BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(staged, path)  # refused where somebody else was quicker: theirs is the key
    except FileExistsError:
        pass
    finally:
        staged.unlink()
    sync(path.parent)


def is_private(data: Path) -> bool:
    """Nobody but its owner can read the keys."""
    paths = [data / FOLDER, *(data / FOLDER).glob("*")]
    others = stat.S_IRWXG | stat.S_IRWXO
    return not any(path.stat().st_mode & others for path in paths if path.exists())
