"""The three files of the demonstration, built once and read as the catalogue reads them."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from demo.build import build
from demo.facts import LIBRARIES
from lianguan.engine.mapping.opened import open_file
from lianguan.engine.mapping.stream import Read
from lianguan.engine.read.files import source_files
from lianguan.engine.record import Record

MEMBERS = {"J": "jinan.mrc", "H": "haibei.mrc", "G": "gangcha.xlsx"}


@cache
def files() -> dict[str, bytes]:
    """The bytes of each member's file."""
    with TemporaryDirectory() as folder:
        return {path.name: path.read_bytes() for path in build(Path(folder))}


@cache
def reads(member: str) -> list[Read]:
    """All that a member's file holds, what cannot be read too."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / MEMBERS[member]
        path.write_bytes(files()[path.name])
        return [read for one in source_files(path) for read in open_file(one).reads]


@cache
def records() -> dict[str, Record]:
    """The records of all three by LIBRARY:NUMBER."""
    return {
        f"{LIBRARIES[member]}:{read.what.number}": read.what
        for member in MEMBERS
        for read in reads(member)
        if isinstance(read.what, Record)
    }
