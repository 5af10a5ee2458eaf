"""Catalogues stand in folders of their own; one of them is in use."""

import os
from pathlib import Path

from lianguan.engine.search.index import SearchIndex
from lianguan.engine.union import database


def current(root: Path) -> Path | None:
    """The folder of the catalogue that is in use."""
    pointer = root / "catalogue" / "CURRENT"
    try:
        return root / "catalogue" / pointer.read_text("utf-8").strip()
    except FileNotFoundError:
        return None


def new_generation(root: Path) -> Path:
    """An empty catalogue, put in use if there was none."""
    folder = root / "catalogue" / _next_name(root)
    folder.mkdir(parents=True)
    database.connect(folder / "catalogue.sqlite", writing=True).close()
    SearchIndex(folder / "index")
    if current(root) is None:
        publish(root, folder)
    return folder


def _next_name(root: Path) -> str:
    numbers = [int(p.name) for p in (root / "catalogue").glob("[0-9]*") if p.name.isdigit()]
    return f"{max(numbers, default=0) + 1:06}"


def publish(root: Path, folder: Path) -> None:
    """Put a catalogue in use. From one moment to the next: a reader sees the old or the new."""
    staged = root / "catalogue" / "CURRENT.new"
    with staged.open("w", encoding="utf-8") as file:
        file.write(folder.name)
        file.flush()
        os.fsync(file.fileno())
    staged.rename(root / "catalogue" / "CURRENT")
