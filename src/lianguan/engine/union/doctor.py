"""Is everything well? What can be found out without changing anything."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sqlcipher3 import dbapi2 as sqlite

from lianguan.engine.read import compiled
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.database import WAL_IS_SAFE
from lianguan.engine.union.generations import made_by, rules
from lianguan.engine.union.sources import Import, Sources, StoredFile

ENOUGH_FREE = 1 << 30


class Check(NamedTuple):
    code: str
    """A line of words.csv: what was looked at."""
    is_well: bool
    detail: str


def examine(root: Path) -> list[Check]:
    """Everything that can be wrong with an installation, each with what was found."""
    return [*_machine(root), *_sources(Sources(root / "sources")), *_catalogue(root)]


def _machine(root: Path) -> Iterator[Check]:
    root.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(root).free
    yield Check("doctor_disk", free > ENOUGH_FREE, f"{free >> 30} GiB")
    yield Check("doctor_sqlite", sqlite.sqlite_version_info >= WAL_IS_SAFE, sqlite.sqlite_version)
    yield Check("doctor_compiled", compiled.available(), "Numba" if compiled.available() else "")


def _sources(sources: Sources) -> Iterator[Check]:
    damaged = [
        f"{one.library}/{one.id}/{file.name}"
        for one in sources.every()
        for file in one.files
        if not _is_whole(sources, one, file)
    ]
    count = sum(len(one.files) for one in sources.every())
    yield Check("doctor_sources", not damaged, ", ".join(damaged[:5]) or str(count))
    failed = sources.failed()
    yield Check("doctor_failed", not failed, ", ".join(failed[:5]))


def _is_whole(sources: Sources, one: Import, file: StoredFile) -> bool:
    """The kept bytes are those that were received."""
    digest = hashlib.sha256()
    found = next(f for f, s in zip(sources.open_files(one), one.files, strict=True) if s == file)
    try:
        with found.open() as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    except OSError:
        return False
    return digest.hexdigest() == file.sha256


def _catalogue(root: Path) -> Iterator[Check]:
    try:
        catalogue = UnionCatalogue(root)
    except Refused as refused:
        yield Check("doctor_catalogue", refused.code == "nothing_loaded", refused.code)
        return
    with catalogue:
        said = catalogue.connection.execute("PRAGMA quick_check").fetchone()[0]
        yield Check("doctor_catalogue", said == "ok", said)
        entries, indexed = catalogue.size()[1], catalogue.index.size
        waiting = catalogue.connection.execute("SELECT count(*) FROM to_index").fetchone()[0]
        agrees = entries == indexed and not waiting
        yield Check("doctor_index", agrees, f"{entries} / {indexed}")
        yield _log(catalogue)
        said = made_by(catalogue.connection).get("rules", "")
        yield Check("doctor_rules", said == rules(), said)


def _log(catalogue: UnionCatalogue) -> Check:
    """The catalogue has done everything that the log of imports says."""
    known = {row[0] for row in catalogue.connection.execute("SELECT number FROM imports")}
    wanted = {one.number for one in catalogue.sources.every() if not one.withdrawn}
    apart = sorted(known ^ wanted)
    return Check("doctor_log", not apart, ", ".join(map(str, apart[:5])) or str(len(known)))
