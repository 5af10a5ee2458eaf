"""What a cataloguer should look at, as it was counted last: the worker counts, a page reads."""

import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.durable import write_whole
from lianguan.engine.union.survey import Survey, survey

FILE = "matching.json"


class Surveyed(NamedTuple):
    at: datetime.datetime
    """When it was counted."""
    survey: Survey


def count_anew(root: Path) -> None:
    """Count, and keep what was found. Raises Refused where there is no catalogue."""
    with UnionCatalogue(root) as opened:
        found = Surveyed(datetime.datetime.now(datetime.UTC), survey(opened))
    write_whole(root / FILE, msgspec.json.encode(found))


def last(root: Path) -> Surveyed | None:
    """None if nobody has counted yet, or another version has."""
    try:
        return msgspec.json.decode((root / FILE).read_bytes(), type=Surveyed)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
