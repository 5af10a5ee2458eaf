"""Which records stand together, worked out again for what a load has touched.

The touched: records that came, went or changed; records under a key that became crowded or
ceased to be; records with an ISBN that became shared or ceased to be; and every component of
the graph of edges that any of these were in before or are in after. All of them are solved
from nothing, so the order in which records came leaves no trace.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations

from lianguan.engine.match.block import CAP, keys_of
from lianguan.engine.match.cluster import Edge, Pair, clusters
from lianguan.engine.match.decide import SAME, decide
from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import Facts
from lianguan.engine.union.database import Connection
from lianguan.engine.union.keys import parted, record_key
from lianguan.engine.union.store import Changes, block_number, features_from

SHARED_TITLES = 2
"""Titles under one ISBN from which on it is shared."""


class Resolver:
    """Solves the clusters that a load has touched."""

    def __init__(self, connection: Connection, decisions: Mapping[Pair, str] | None = None) -> None:
        self.connection = connection
        self.decisions = decisions or {}
        self.features: dict[int, Features] = {}
        self.drawn = self._drawn()
        self.led: dict[str, str] = {}
        """Entry before → the first entry that its records are in now."""

    def resolve(self, changes: Changes) -> set[str]:
        """Bring edges and entries up to date; the addresses of the entries that may look
        different now, those that are no longer there among them."""
        dirty = set(changes.dirty)
        dirty |= self._flipped("crowded", "blocks", "key", changes.keys)
        dirty |= self._flipped("shared", "isbns", "isbn", changes.isbns)
        dirty -= changes.gone.keys()
        before = self._components(dirty | changes.gone.keys())
        self._load(dirty)
        self._draw_edges(dirty, dirty | changes.gone.keys())
        before |= self._left_behind(changes)
        affected = self._components((before | dirty) - changes.gone.keys())
        touched = self._assign(affected, dirty)
        touched |= {entry for _, entry in changes.gone.values()}
        self._remember_gone(changes)
        return touched - {""}

    def _flipped(self, table: str, of: str, column: str, touched: Iterable[object]) -> set[int]:
        """Records under the keys that are crowded (or ISBNs that are shared) now and were not,
        or were and are not."""
        self._temporary("touched", touched)
        counted = (
            f"count(*) > {CAP}"
            if of == "blocks"
            else f"count(DISTINCT nullif(title, '')) >= {SHARED_TITLES}"
        )
        now = self._column(
            f"SELECT {column} FROM {of} JOIN touched ON {column} = value"  # noqa: S608 - our own names
            f" GROUP BY {column} HAVING {counted}"
        )
        was = self._column(f"SELECT {column} FROM {table} JOIN touched ON {column} = value")  # noqa: S608
        self.connection.executemany(
            f"DELETE FROM {table} WHERE {column} = ?",  # noqa: S608
            [(one,) for one in was - now],
        )
        self.connection.executemany(
            f"INSERT INTO {table} VALUES (?)",  # noqa: S608
            [(one,) for one in now - was],
        )
        self._temporary("touched", now ^ was)
        return self._column(f"SELECT record FROM {of} JOIN touched ON {column} = value")  # noqa: S608

    def _temporary(self, name: str, values: Iterable[object]) -> None:
        """A table of one column that lives as long as the connection."""
        self.connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} (value PRIMARY KEY)")
        self.connection.execute(f"DELETE FROM temp.{name}")  # noqa: S608
        self.connection.executemany(
            f"INSERT OR IGNORE INTO temp.{name} VALUES (?)",  # noqa: S608
            ((value,) for value in values),
        )

    def _column(self, query: str) -> set[int]:
        return {row[0] for row in self.connection.execute(query)}

    def _components(self, seeds: Collection[int]) -> set[int]:
        """The records that hang together with any of `seeds` by edges."""
        found = set(seeds)
        frontier = found
        while frontier:
            self._temporary("frontier", frontier)
            reached = self._column("SELECT b FROM edges JOIN frontier ON a = value")
            reached |= self._column("SELECT a FROM edges JOIN frontier ON b = value")
            reached |= {other for one in frontier for other in self.drawn.get(one, ())}
            frontier = reached - found
            found |= frontier
        return found

    def _drawn(self) -> dict[int, set[int]]:
        """The edges that persons drew between records that are there, from both ends."""
        ids: dict[str, int] = {}
        for key in {key for two in self.decisions for key in two}:
            row = self.connection.execute(
                "SELECT id FROM records WHERE library = ? AND number = ?", parted(key)
            ).fetchone()
            if row:
                ids[key] = row[0]
        drawn: dict[int, set[int]] = defaultdict(set)
        for (a, b), verdict in self.decisions.items():
            if verdict == SAME and a in ids and b in ids:
                drawn[ids[a]].add(ids[b])
                drawn[ids[b]].add(ids[a])
        return drawn

    def _left_behind(self, changes: Changes) -> set[int]:
        """Records that stood together with one that is gone, by whatever edge."""
        self._temporary("left_behind", {entry for _, entry in changes.gone.values()})
        return self._column("SELECT id FROM records JOIN left_behind ON entry = value")

    def _load(self, ids: Iterable[int]) -> None:
        """Have the features of records at hand."""
        self._temporary("wanted", (one for one in ids if one not in self.features))
        rows = self.connection.execute("SELECT id, features FROM records JOIN wanted ON id = value")
        self.features.update((row[0], features_from(row[1])) for row in rows)

    def _draw_edges(self, dirty: set[int], old: set[int]) -> None:
        """Delete the edges of records that changed, and draw those that they have now."""
        self._temporary("dirty", old)
        self.connection.execute("DELETE FROM edges WHERE a IN (SELECT value FROM dirty)")
        self.connection.execute("DELETE FROM edges WHERE b IN (SELECT value FROM dirty)")
        self._temporary("dirty", dirty)
        facts = Facts(frozenset(self._column("SELECT isbn FROM shared")))  # type: ignore[arg-type]
        rows = (
            (a, b, verdict.rank)
            for a, b in self._candidates(dirty)
            if (verdict := decide(self.features[a], self.features[b], facts)).decision == SAME
        )
        self.connection.executemany("INSERT OR IGNORE INTO edges VALUES (?, ?, ?)", list(rows))

    def _candidates(self, dirty: set[int]) -> set[tuple[int, int]]:
        """The pairs to compare, each the smaller first."""
        rows = self.connection.execute(
            "SELECT mine.record, other.record FROM dirty JOIN blocks mine ON mine.record = value"
            " JOIN blocks other ON other.key = mine.key AND other.record <> mine.record"
            " WHERE mine.key NOT IN (SELECT key FROM crowded)"
        )
        pairs = {(min(a, b), max(a, b)) for a, b in rows}
        self._load({one for two in pairs for one in two})
        for block in self._crowded_blocks():
            self._load(block.members)
            pairs |= block.pairs(self.features, dirty)
        return pairs

    def _crowded_blocks(self) -> Iterator["CrowdedBlock"]:
        keys = self._column(
            "SELECT DISTINCT key FROM dirty JOIN blocks ON record = value"
            " WHERE key IN (SELECT key FROM crowded)"
        )
        for key in sorted(keys):
            rows = self.connection.execute("SELECT record FROM blocks WHERE key = ?", (key,))
            yield CrowdedBlock(key, [row[0] for row in rows])

    def _assign(self, affected: set[int], dirty: set[int]) -> set[str]:
        """Give the affected records their entries; the entries that may look different."""
        self._load(affected)
        self._temporary("affected", affected)
        rows = self.connection.execute(
            "SELECT id, library, number, address, entry FROM records JOIN affected ON id = value"
        ).fetchall()
        keys = {row[0]: record_key(row[1], row[2]) for row in rows}
        by_key = {keys[row[0]]: row for row in rows}
        edges = [
            Edge(rank, *sorted((keys[a], keys[b])))
            for a, b, rank in self.connection.execute(
                "SELECT a, b, rank FROM edges JOIN affected ON a = value"
            )
        ]
        features = {keys[one]: self.features[one] for one in keys}
        touched, moved = set(), []
        for cluster in clusters(features, edges, self.decisions):
            members = [by_key[key] for key in cluster]
            entry = min(row[3] for row in members)
            for row in members:
                self.led[row[4]] = min(entry, self.led.get(row[4], entry))
            is_touched = any(row[0] in dirty or row[4] != entry for row in members)
            if is_touched:
                touched |= {entry, *(row[4] for row in members)}
                moved += [(entry, row[0]) for row in members if row[4] != entry]
        self.connection.executemany("UPDATE records SET entry = ? WHERE id = ?", moved)
        return touched

    def _remember_gone(self, changes: Changes) -> None:
        """Where the address of a record that is gone leads: to what is left of its entry."""
        for address, entry in changes.gone.values():
            row = self.connection.execute(
                "SELECT entry FROM records WHERE address = ?", (entry,)
            ).fetchone()
            left = self.led.get(entry) or (row[0] if row else entry)
            self.connection.execute("INSERT OR REPLACE INTO former VALUES (?, ?)", (address, left))


class CrowdedBlock:
    """Records under a coarse key that too many share: compared where a finer key is shared."""

    def __init__(self, key: int, members: list[int]) -> None:
        self.key = key
        self.members = members

    def pairs(self, features: Mapping[int, Features], dirty: set[int]) -> set[tuple[int, int]]:
        """The pairs to compare that have a dirty record in them."""
        groups: dict[str, list[int]] = defaultdict(list)
        for member in self.members:
            for key in keys_of(features[member]):
                if block_number(key.coarse) == self.key:
                    for fine in key.fine:
                        groups[fine].append(member)
        return {
            (min(two), max(two))
            for group in groups.values()
            for two in combinations(group, 2)
            if two[0] in dirty or two[1] in dirty
        }
