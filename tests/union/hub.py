"""A catalogue for tests, and the files that invented members send to it."""

from collections.abc import Sequence
from pathlib import Path

from lianguan.engine.read.findings import Refused
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.edges import Edges
from lianguan.engine.union.importing import Order, import_files, receive_files
from lianguan.engine.union.leaving import leave
from lianguan.engine.union.loading import Loaded
from lianguan.engine.union.sources import Import, Sources
from lianguan.engine.union.taking_back import decide, rebuild_all, withdraw_import
from tests.making import cnmarc


class Hub:
    """A folder with a catalogue; each call is one delivery of one member."""

    def __init__(self, root: Path) -> None:
        self.root = root / "var"
        self.inbox = root / "inbox"
        self.inbox.mkdir()
        self.count = 0

    def send(self, library: str, *files: bytes, name: str = "records.mrc", **order: bool) -> Loaded:
        """Load files of a member as one delivery."""
        paths = self._written(files, name)
        return import_files(self.root, paths, Order(library, **order))  # type: ignore[arg-type]

    def receive(self, library: str, *files: bytes) -> Import:
        """Keep files of a member as one delivery, for the next build to load."""
        return receive_files(self.root, self._written(files, "records.mrc"), Order(library))

    def _written(self, files: Sequence[bytes], name: str) -> list[Path]:
        paths = []
        for number, data in enumerate(files):
            path = self.inbox / f"{number}-{name}"
            path.write_bytes(data)
            paths.append(path)
        return paths

    def leave(self, library: str) -> Loaded:
        return leave(self.root, library)

    def withdraw(self, loaded: Loaded) -> Loaded:
        return withdraw_import(self.root, loaded.import_id)

    def sources(self) -> Sources:
        return Sources(self.root / "sources")

    def decide(self, left: str, right: str, said: str) -> None:
        """A person decides; on records that are not there too, for when they come."""
        try:
            decide(self.root, left, right, said)
        except Refused:
            self.sources().decide(left, right, said)

    def rebuild(self) -> None:
        rebuild_all(self.root)

    def folder(self) -> Path:
        """The folder of the catalogue in use."""
        return self.root / "catalogue" / (self.root / "catalogue" / "CURRENT").read_text("utf-8")

    def catalogue(self) -> UnionCatalogue:
        return UnionCatalogue(self.root)

    def entries(self) -> dict[str, str]:
        """Record key → entry."""
        with self.catalogue() as opened:
            rows = opened.connection.execute("SELECT library, number, entry FROM descriptions")
            return {f"{row[0]}:{row[1]}": row[2] for row in rows}

    def together(self) -> set[frozenset[str]]:
        """The sets of records that stand together."""
        groups: dict[str, set[str]] = {}
        for key, entry in self.entries().items():
            groups.setdefault(entry, set()).add(key)
        return {frozenset(group) for group in groups.values()}

    def doubts(self) -> set[frozenset[str]]:
        """The pairs of records on which a person is to be asked, decided on or not."""
        with self.catalogue() as opened:
            rows = opened.connection.execute("SELECT id, library, number FROM descriptions")
            keys = {row[0]: f"{row[1]}:{row[2]}" for row in rows}
            kept = Edges(opened.connection, "doubts").every()
            return {frozenset((keys[a], keys[b])) for a, b, _ in kept.tolist()}

    def works(self) -> dict[str, int]:
        """Record key → the work of its entry; 0 for one that stands alone."""
        with self.catalogue() as opened:
            rows = opened.connection.execute(
                "SELECT code, number, work FROM records JOIN libraries ON libraries.id = library"
                " JOIN entries ON record = entry"
            )
            return {f"{row[0]}:{row[1]}": row[2] for row in rows}

    def everything(self) -> list[tuple[object, ...]]:
        """All that a rebuild must give again: addresses, entries, works, times."""
        with self.catalogue() as opened:
            records = opened.connection.execute(
                "SELECT library, number, address, descriptions.entry, work, import, file, offset,"
                " added, changed FROM descriptions"
                " JOIN (SELECT id AS of, entry AS first FROM records) ON of = descriptions.id"
                " JOIN entries ON record = first ORDER BY library, number"
            )
            former = opened.connection.execute("SELECT * FROM former ORDER BY address")
            items = opened.connection.execute(
                "SELECT library, number, said FROM items ORDER BY library, number, said"
            )
            found = [tuple(row) for rows in (records, former, items) for row in rows]
            return [*found, tuple(sorted(map(sorted, self.doubts())))]


def book(
    number: str,
    title: str = "平凡的世界",
    agent: str = "路遥",
    publisher: str = "人民文学出版社",
    year: str = "2004",
    isbn: str = "",
    extra: str = "",
) -> bytes:
    """A CNMARC record of a book."""
    lines = [f"001 {number}", "100   $a20050101d" + year + "    em y0chiy0110    ea"]
    lines += [f"010   $a{isbn}"] if isbn else []
    said_by = f"$f{agent}著" if agent else ""
    lines += ["101 0 $achi", f"200 1 $a{title}{said_by}", f"210   $a北京$c{publisher}$d{year}"]
    lines += [f"701  0$a{agent}$4著"] if agent else []
    lines += [extra] if extra else []
    return cnmarc("\n".join(lines))
