"""What the files of an upload are taken for. Looked at once: a table is read as a whole for it."""

from pathlib import Path
from typing import Any

import msgspec

from lianguan.catalogue import uploads
from lianguan.catalogue.models import Upload
from lianguan.engine.read.files import source_files
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.preview import Preview, preview
from lianguan.engine.union.sources import Profile, Sources


def look(root: Path, row: Upload) -> list[Any]:
    """What the files would be read as, of an archive each file in it, for `looked_at`."""
    told = _told(root, row)
    found = []
    for path in uploads.paths_of(root, row.id):
        try:
            found += [preview(file, told, row.kind) for file in source_files(path)][:MOST_FILES]
        except Refused as refused:
            found.append(Preview(path.name, refused=refused.code, detail=refused.detail))
    said: list[Any] = msgspec.to_builtins(found, str_keys=True)
    return said


MOST_FILES = 50
"""Files of one archive that are looked at."""


def _told(root: Path, row: Upload) -> Profile:
    """How the files are to be read: what is said of them, over what was said of the last."""
    profile = Sources(root / "sources").said_last(row.library)
    return Profile(
        format=row.said.get("format", ""),
        encoding=row.said.get("encoding", ""),
        columns=row.said.get("columns") or profile.columns,
        key=row.said.get("key") or profile.key,
        holdings=profile.holdings,
    )


def looked_at(said: list[Any]) -> list[Preview]:
    """What `look` found."""
    return msgspec.convert(said, list[Preview], strict=False)
