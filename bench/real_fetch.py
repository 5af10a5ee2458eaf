"""Real records from where they are published, for who has no folder of them."""

import csv
import hashlib
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PUBLISHED = Path(__file__).with_name("published.csv")
PATIENCE = 60
"""Seconds to wait for a server to answer."""


class NotFetched(Exception):
    """A published file could not be had; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Published:
    """A line of published.csv: where a file is, and what its bytes must come to."""

    library: str
    file: str
    """Its place below the folder of records."""
    url: str
    sha256: str
    """"" where nobody has written it down yet; then it is printed when the file has come."""
    size: str
    licence: str


def published(path: Path = PUBLISHED) -> list[Published]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [Published(**line) for line in csv.DictReader(lines)]


def fetch_all(folder: Path, files: list[Published]) -> Iterator[tuple[Published, str]]:
    """Each file fetched into the folder, if it is not there yet, with its checksum."""
    for one in files:
        path = folder / one.file
        if not path.exists():
            _fetch(one, path)
        found = _checksum(path)
        if one.sha256 and found != one.sha256:
            path.rename(path.with_name(path.name + ".wrong"))
            raise NotFetched(
                f"{one.url} is not the file that was measured: its SHA-256 is {found}, not "
                f"{one.sha256}. It was kept as {path.name}.wrong."
            )
        yield one, found


def _fetch(one: Published, path: Path) -> None:
    """Into a file of another name first, so that half a file is never taken for a whole one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with (
            urllib.request.urlopen(one.url, timeout=PATIENCE) as answer,  # noqa: S310 - our list
            part.open("wb") as file,
        ):
            shutil.copyfileobj(answer, file)
    except (urllib.error.URLError, OSError, ValueError) as error:
        part.unlink(missing_ok=True)
        said = getattr(error, "reason", "") or error
        raise NotFetched(
            f"{one.url} could not be fetched ({said}). With a folder of records, say where it "
            "is: make real FROM=folder."
        ) from error
    part.rename(path)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
