"""Zebra, the indexer that union catalogues have been built with, as a peer for building one.

It reads MARC 21 in ISO 2709, stores each record and indexes title, author, subject, ISBN, year
and all words, with ICU so that Chinese and Tibetan are found. It matches nothing and keeps no
keys by which a record could be replaced: less work than an import of ours. Its registers are
built as shadows and committed, so that whoever searches meanwhile sees the state before. It is
timed in the same run as ours, after it and not interleaved with it.

Needs the Debian packages of `scripts/system zebra` and `yaz`.
"""

import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.timing import NotMeasured, Timing, run

TABLES = Path("/usr/share/idzebra-2.0/tab")
"""What Zebra brings with it: attribute sets, rules for words."""

CONFIGURATION = """\
profilePath: {folder}:{tables}
attset: bib1.att
recordType: grs.marcxml.book
encoding: utf-8
storeData: 1
storeKeys: 0
memMax: 1024
register: {folder}/register:100G
shadow: {folder}/shadow:100G
keyTmpDir: {folder}/work
setTmpDir: {folder}/work
lockDir: {folder}/work
"""

ROWS = """\
name book
attset bib1.att
esetname F @
marc usmarc.mar
xpath disable
encoding utf-8
all any
melm 008 Date-of-publication:w:range(data,7,4)
melm 020$a ISBN
melm 100 author
melm 110 author
melm 111 author
melm 700 author
melm 710 author
melm 711 author
melm 245$a title
melm 245$b title
melm 246 title
melm 600 subject-heading
melm 610 subject-heading
melm 650 subject-heading
melm 651 subject-heading
"""
"""The fields and what they are searched as, in the manner of Zebra's own `marc21.abs`."""

REGISTERS = """\
index w
completeness 0
position 1
alwaysmatches 1
firstinfield 1
icuchain words-icu.xml
index 0
completeness 0
position 1
charmap @
sort s
completeness 1
charmap string.chr
"""

ATTRIBUTES = {"title": 4, "isbn": 7, "subject": 21, "year": 31, "author": 1003, "any": 1016}
"""Use attributes of Bib-1."""

COUNTED = re.compile(r"Records: +(\d+) i/u/d")
HITS = re.compile(r"(\d+) hits")
PATIENCE = 10
"""Seconds to wait for the server to listen."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """Of the update and the commit together; the peak is that of the larger process."""

    timing: Timing
    size: int
    """Bytes of the registers and the stored records."""


def is_here() -> bool:
    return all(map(shutil.which, ("zebraidx", "zebrasrv", "zoomsh")))


def index(files: list[Path], folder: Path) -> Indexed:
    """Index the files anew; what was in the folder before goes."""
    if missing := [path.name for path in files if not path.exists()]:
        raise NotMeasured(f"not here: {', '.join(missing)}")  # Zebra would go on without them
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("register", "shadow", "work"):
        (folder / name).mkdir(parents=True)
    _configure(folder.resolve())
    update = _zebraidx(folder, "update", *map(str, files))
    commit = _zebraidx(folder, "commit")
    timing = Timing(
        update.seconds + commit.seconds,
        update.cpu + commit.cpu,
        _counted(folder / "log"),
        max(update.peak, commit.peak),
    )
    return Indexed(timing, sum(path.stat().st_size for path in (folder / "register").iterdir()))


def _counted(log: Path) -> int:
    """The records that Zebra says it has indexed."""
    counted = COUNTED.findall(log.read_text("utf-8", "replace"))
    if not counted or counted[-1] == "0":
        raise NotMeasured("zebraidx has indexed nothing")
    return int(counted[-1])


def _configure(folder: Path) -> None:
    said = CONFIGURATION.format(folder=folder, tables=TABLES)
    for name, text in (("zebra.cfg", said), ("book.abs", ROWS), ("default.idx", REGISTERS)):
        (folder / name).write_text(text, "utf-8")


def _zebraidx(folder: Path, *told: str) -> Timing:
    return run(("zebraidx", "-c", f"{folder}/zebra.cfg", "-l", f"{folder}/log", *told))


def search(folder: Path, query: str, field: str = "any") -> int:
    """How many records have the word or the words one after the other in the field, one of
    `ATTRIBUTES`."""
    with tempfile.TemporaryDirectory() as short:
        address = f"unix:{short}/zebra"
        command = ("zebrasrv", "-c", f"{folder}/zebra.cfg", "-l", f"{short}/log", address)
        with subprocess.Popen(command) as server:
            try:
                _wait_for(Path(short, "zebra"))
                return _asked(address, f'@attr 1={ATTRIBUTES[field]} @attr 4=1 "{query}"')
            finally:
                server.terminate()


def _wait_for(path: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not path.exists():
        if time.monotonic() > until:
            raise NotMeasured("zebrasrv does not listen")
        time.sleep(0.05)


def _asked(address: str, query: str) -> int:
    command = ("zoomsh", f"open {address}", f"find {query}", "quit")
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    found = HITS.search(said.stdout)
    if not found:
        raise NotMeasured(f"zebrasrv did not answer: {said.stdout.strip()}")
    return int(found[1])
