"""The union catalogue as everyone else sees it: open it, search, look at entries, ask why."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sqlcipher3 import dbapi2 as sqlite

from lianguan.engine.match.block import isbn_number
from lianguan.engine.match.cluster import Pair, pair
from lianguan.engine.match.decide import decide
from lianguan.engine.match.explain import Explanation, Level, levels_of
from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import Facts
from lianguan.engine.merge import Shown, merge
from lianguan.engine.read.findings import Refused, Rule
from lianguan.engine.record import Record
from lianguan.engine.search.index import NEVER, Found, SearchIndex
from lianguan.engine.union import database
from lianguan.engine.union.access import Access
from lianguan.engine.union.database import Connection
from lianguan.engine.union.entries import (
    counts,
    generation_of,
    is_open,
    records_of_several,
    work_name,
)
from lianguan.engine.union.generations import current, form, made_by, packing_of
from lianguan.engine.union.keys import address_of, parted
from lianguan.engine.union.postings import rows_of
from lianguan.engine.union.sent import Originals, Sent, sent
from lianguan.engine.union.sources import Profile, Sources
from lianguan.engine.union.written import Packing

MOST_OF_WORK = 50

MOMENT, PATIENCE = 0.01, 4
"""Seconds between two looks at what is in use, and how many more are made: what stood there may
be replaced between one step of a look and the next."""


class Source(NamedTuple):
    """One record behind an entry, as its member sent it."""

    library: str
    number: str
    sent: Sent
    container: str
    encoding: str
    rules: tuple[str, ...]
    """Repairs that were needed to read it."""
    added: str
    changed: str
    import_id: str
    hidden: int
    """Fields that its member does not show, or not whole."""


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry and what stands behind it."""

    address: str
    work: str
    shown: Shown
    sources: tuple[Source, ...]
    same_work: tuple[str, ...]
    """Addresses of other entries of the work."""


class UnionCatalogue:
    """A catalogue that is open for reading. It is all of one moment, that of the last `refresh`,
    whatever is published meanwhile: an entry that was found is there when it is looked at."""

    def __init__(self, root: Path, own: str = "") -> None:
        self.root = root
        self.own = own
        """The member that looks, if one does: it sees all of its own."""
        self.sources = Sources(root / "sources")
        self.folder: Path | None = None
        self.connection: Connection = None
        self.learned: Packing | None = None
        self.mark = NEVER
        """The generation that it looks at."""
        self.index: SearchIndex
        self.profiles: dict[str, Profile] = {}
        self.access: Access
        self.decided: dict[Pair, str] | None = None
        self.counted: tuple[object, Any] = ("", None)
        self.refresh()

    def refresh(self) -> None:
        """Look at what is in use now, and members' terms as they are now. Raises Refused:
        "nothing_loaded" where nothing is, "index_missing" where it is not there or cannot be
        read, or "catalogue_old" where another version of Lianguan made it."""
        for patience in range(PATIENCE, -1, -1):
            folder = current(self.root)
            try:
                self._look(folder)
            except (sqlite.Error, OSError, ValueError, Refused):
                self.close()
                if not patience:
                    raise
            else:
                if current(self.root) == folder:
                    return
            time.sleep(MOMENT)

    def _look(self, folder: Path | None) -> None:
        """Open what is new and hold on to it as it is. The index comes first: all that is found
        in it is in the database, which may be later than it but never earlier."""
        self.rest()
        if folder != self.folder or self.connection is None:
            self.close()
            self._open(folder)
        self.index.reload()
        self.connection.execute("BEGIN")
        self.mark = generation_of(self.connection)[0]
        if self.learned is None:
            self.learned = packing_of(self.connection)
        self.profiles = self.sources.profiles()
        self.access = Access(self.profiles, "shown", self.own)
        self.decided = None

    def rest(self) -> None:
        """Let go of that moment, as whoever has nothing to look at should: as long as it is held
        the database keeps all that was written since in its log."""
        if self.connection is not None and self.connection.in_transaction:
            self.connection.execute("COMMIT")

    def _open(self, folder: Path | None) -> None:
        if folder is None or not (folder / "catalogue.sqlite").exists():
            raise Refused("nothing_loaded", str(self.root))
        if not (folder / "index").is_dir():
            raise Refused("index_missing", str(self.root))
        self.connection = database.connect(folder / "catalogue.sqlite")
        if made_by(self.connection).get("form") != form():
            raise Refused("catalogue_old", str(self.root))
        try:
            self.index = SearchIndex(folder / "index")
        except (OSError, ValueError) as error:
            raise Refused("index_missing", str(error)) from error
        self.learned = None
        self.folder = folder

    @property
    def packing(self) -> Packing:
        """How its records are packed; before its first delivery there are none."""
        return self.learned or Packing()

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = self.folder = None

    def __enter__(self) -> "UnionCatalogue":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def search(
        self, query: str, chosen: Mapping[str, str] | None = None, limit: int = 20, offset: int = 0
    ) -> Found:
        """Entries that have every word of the query, best first."""
        return self.index.search(query, chosen, limit, offset)

    def canonical(self, address: str) -> str | None:
        """The address of the entry that an address leads to; its own last one if all of that
        entry's records are gone; None if it was never given."""
        seen: set[str] = set()
        while address not in seen:
            seen.add(address)
            row = self.connection.execute(
                "SELECT first.address FROM records JOIN records AS first"
                " ON first.id = records.entry WHERE records.address = ?",
                (address,),
            ).fetchone()
            if row:
                return str(row[0])
            row = self.connection.execute(
                "SELECT entry FROM former WHERE address = ?", (address,)
            ).fetchone()
            if row is None:
                return None
            address = row[0]
        return address

    def entry(self, address: str) -> EntryView | None:
        """The entry under a canonical address; None if it has no records that are shown."""
        row = self.connection.execute(
            "SELECT id, work FROM records JOIN entries ON record = id WHERE address = ?",
            (address,),
        ).fetchone()
        records = self._records_of(row[0]) if row else {}
        if not records:
            return None
        where = is_open(self.connection, self.access, "entries.record")
        query = (
            "SELECT address FROM entries JOIN records ON id = record"
            " WHERE work = ? AND work <> 0 AND id <> ? AND {} ORDER BY address LIMIT ?"
        )
        asked = (row[1], row[0], MOST_OF_WORK)
        others = self.connection.execute(query.format(where), asked)
        return EntryView(
            address,
            work_name(row[1], address),
            merge(records),
            tuple(self._sources_of(address)),
            tuple(other[0] for other in others),
        )

    def _records_of(self, entry: int) -> dict[str, Record]:
        return records_of_several(self.connection, self.packing, self.access, (entry,))[entry]

    def _sources_of(self, address: str) -> list[Source]:
        originals = Originals(self.packing, self.sources)
        rows = self.connection.execute(
            "SELECT * FROM descriptions WHERE entry = ? ORDER BY library, number", (address,)
        )
        shown = (row for row in rows.fetchall() if self.access.is_open(row["library"]))
        return [self.source(row, originals.raw(row)) for row in shown]

    def source(self, row: Mapping[str, Any], raw: bytes) -> Source:
        """A record of `descriptions` as its member sent it, in these bytes."""
        said = sent(raw, row["container"], row["encoding"])
        kept, hidden = self.access.sent(row["library"], row["dialect"], said)
        return Source(
            row["library"],
            row["number"],
            kept,
            row["container"],
            row["encoding"],
            Rule(row["rules"]).codes,
            row["added"],
            row["changed"],
            row["import"],
            hidden,
        )

    def titles_of(self, addresses: tuple[str, ...]) -> dict[str, Shown]:
        """What is shown of several entries, called by their canonical addresses."""
        query = "SELECT address, id FROM wanted CROSS JOIN records ON address = value"
        ids = dict(tuple(row) for row in rows_of(self.connection, query, addresses))
        found = records_of_several(self.connection, self.packing, self.access, ids.values())
        return {one: merge(found[ids[one]]) for one in addresses if found[ids[one]]}

    def address_of(self, key: str) -> str:
        """The entry of a record that is shown. Raises Refused("record_unknown")."""
        return str(self.row(key)["entry"])

    def address_once(self, library: str, number: str) -> str | None:
        """Where to look for a member's record that is gone: its entry, or the entry's last
        address; None if it is there, was never there, or its member is not shown."""
        if not self.access.is_open(library):
            return None
        asked = (address_of(library, number),)
        row = self.connection.execute(
            "SELECT entry FROM former WHERE address = ?", asked
        ).fetchone()
        return self.canonical(row[0]) if row else None

    def explain(self, left: str, right: str) -> Explanation:
        """Why two records (library:number) are or are not one edition, field by field."""
        return self.explain_pairs(((left, right),))[0]

    def explain_each(self, left: str, others: Sequence[str]) -> list[Explanation]:
        """The same of one record and each of several others."""
        return self.explain_pairs([(left, one) for one in others])

    def explain_pairs(self, pairs: Sequence[Pair]) -> list[Explanation]:
        """The same of several pairs."""
        rows = {key: self.row(key) for key in dict.fromkeys(key for two in pairs for key in two)}
        features = {key: self.packing.features(row["kept"]) for key, row in rows.items()}
        facts = self._facts(features.values())
        return [
            Explanation(
                *self._verdict(pair(a, b), features[a], features[b], facts),
                rows[a]["entry"] == rows[b]["entry"],
            )
            for a, b in pairs
        ]

    def _verdict(
        self, records: Pair, a: Features, b: Features, facts: Facts
    ) -> tuple[str, str, tuple[Level, ...], tuple[str, ...]]:
        """(decision, rule, levels, vetoes) of two records."""
        verdict = decide(a, b, facts)
        decided = self.decisions().get(records)
        rule = "person" if decided else verdict.rule
        return decided or verdict.decision, rule, levels_of(a, b, facts), verdict.vetoes

    def decisions(self) -> dict[Pair, str]:
        """What people decided, read when it is first asked for."""
        if self.decided is None:
            self.decided = self.sources.decisions.in_force()
        return self.decided

    def check_there(self, key: str) -> None:
        """Raises Refused("record_unknown") for a record that is not there, shown or not."""
        if self._found(key) is None:
            raise Refused("record_unknown", key)

    def row(self, key: str) -> Mapping[str, Any]:
        """What `descriptions` have of a record that is shown. Raises Refused("record_unknown")."""
        row = self._found(key)
        if row is None or not self.access.is_open(row["library"]):
            raise Refused("record_unknown", key)
        return row

    def _found(self, key: str) -> Mapping[str, Any] | None:
        row: Mapping[str, Any] | None = self.connection.execute(
            "SELECT * FROM descriptions WHERE library = ? AND number = ?", parted(key)
        ).fetchone()
        return row

    def _facts(self, several: Iterable[Features]) -> Facts:
        """What must be known to compare records with one another."""
        isbns = {isbn_number(isbn): isbn for features in several for isbn in features.isbns}
        query = "SELECT isbn FROM wanted CROSS JOIN shared ON isbn = value"
        shared = rows_of(self.connection, query, isbns)
        return Facts(frozenset(isbns[row[0]] for row in shared))

    def members(self) -> list[tuple[str, int]]:
        """The libraries that have records here which are shown, and how many."""
        members: list[tuple[str, int]] = self._counts()[1]
        return members

    def size(self) -> tuple[int, int, int]:
        """(records, entries, works) that are shown."""
        size: tuple[int, int, int] = self._counts()[0]
        return size

    def _counts(self) -> Any:
        """What is counted once a generation: a million rows take a tenth of a second."""
        generation = (self.generation(), self.access.closed)
        if self.counted[0] != generation:
            rows = self.connection.execute(
                "SELECT code, count(*) FROM records JOIN libraries ON libraries.id = library"
                " GROUP BY code ORDER BY code"
            )
            members = [(row[0], row[1]) for row in rows if self.access.is_open(row[0])]
            total = sum(count for _, count in members)
            entries_and_works = counts(self.connection, self.access)
            self.counted = (generation, ((total, *entries_and_works), members))
        return self.counted[1]

    def generation(self) -> str:
        """Changes whenever the catalogue does."""
        name = self.folder.name if self.folder else ""
        return f"{name}-{self.mark.generation}"
