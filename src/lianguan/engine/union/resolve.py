"""Which records stand together, and about which a person is to be asked, worked out again for what
loads have touched.

The touched: records that came, went or changed; records with an ISBN that became shared by
several titles or ceased to be; and every component of the graph of edges that any of these were
in before or are in after. All of them are solved from nothing, so the order in which records
came leaves no trace. (Whether a block is crowded changes how much is compared and not what is
found to be the same, see `match.block`; so for edges it touches nothing.)
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from lianguan.engine.match import signs
from lianguan.engine.match.cluster import PERSON, Edge, Pair, clusters
from lianguan.engine.match.decide import DIFFERENT, SAME
from lianguan.engine.match.grouping import Numbers, bounds_of, components, unique_edges
from lianguan.engine.union.candidates import Candidates, Compared
from lianguan.engine.union.database import Connection
from lianguan.engine.union.decisions import WORK
from lianguan.engine.union.edges import Edges, as_edges
from lianguan.engine.union.keys import parted, record_key
from lianguan.engine.union.postings import rows_of
from lianguan.engine.union.row_numbers import are_among, distinct, places_of, without
from lianguan.engine.union.store import Changes
from lianguan.engine.union.written import Packing


@dataclass(slots=True)
class Settled:
    """What came of it; the arrays stand side by side."""

    records: Numbers
    """The records that were solved again, sorted."""
    entries: Numbers
    """The entry of each: the record that it is called by."""
    works: Numbers
    """The work that each says it belongs to, as a number; 0 for none."""
    touched: Numbers
    """Entries that may look different now, sorted."""
    ended: Numbers
    """Records that an entry was called by and is not now, among them all that are gone."""


class Resolver:
    """Solves the clusters that loads have touched."""

    def __init__(
        self,
        connection: Connection,
        packing: Packing,
        changes: Changes,
        decisions: Mapping[Pair, str],
    ) -> None:
        self.connection = connection
        self.changes = changes
        self.compared = Compared(connection, packing, changes)
        self.decisions = decisions
        self.edges = Edges(self.connection)
        self.doubts = Edges(self.connection, "doubts")
        self.decided_on: dict[str, list[tuple[Pair, str]]] = defaultdict(list)
        for two, said in decisions.items():
            for key in two:
                self.decided_on[key].append((two, DIFFERENT if said == WORK else said))

    def resolve(self, decided: Collection[Pair] = ()) -> Settled:
        """Bring edges, doubts and entries up to date. `decided` are pairs on which a person has
        decided since the last time."""
        named = self._named({key for two in (*self.decisions, *decided) for key in two})
        drawn = self._drawn(named)
        candidates = Candidates(self.compared, self.changes)
        fresh, doubts = candidates.drawn()
        gone = np.array(sorted(self.changes.gone), np.int64)
        changed = distinct(self.compared.dirty, candidates.left, gone)
        asked = [named[key] for two in decided for key in two if key in named]
        seeds = np.concatenate([changed, np.array(asked, np.int64), self._left_behind()])
        before, old = self.edges.component(seeds, drawn)
        after, more = self.edges.component(without(fresh[:, :2], before), drawn)
        is_kept = ~are_among(old[:, :2], changed).any(axis=1)
        edges = unique_edges(np.concatenate([old[is_kept], more, fresh]))
        ends = np.concatenate([old[~is_kept, :2].ravel(), fresh[:, :2].ravel()])
        self.edges.save(distinct(changed, ends), edges)
        self.doubts.draw_anew(changed, doubts)
        affected = without(distinct(before, after), gone)
        return self._assigned(affected, np.concatenate([edges, drawn]), set(named.values()))

    def _named(self, keys: set[str]) -> dict[str, int]:
        """The row numbers of records that persons named, as far as they are there."""
        query = (
            "SELECT records.id FROM records JOIN libraries ON libraries.id = library"
            " WHERE code = ? AND number = ?"
        )
        rows = {key: self.connection.execute(query, parted(key)).fetchone() for key in keys}
        return {key: row[0] for key, row in rows.items() if row}

    def _drawn(self, named: Mapping[str, int]) -> Numbers:
        """The edges that persons drew between records that are there."""
        return as_edges(
            (named[a], named[b], PERSON)
            for (a, b), verdict in self.decisions.items()
            if verdict == SAME and a in named and b in named
        )

    def _left_behind(self) -> Numbers:
        """Records that stood together with one that is gone, by whatever edge."""
        entries = {entry for _, entry in self.changes.gone.values()}
        query = "SELECT id FROM wanted CROSS JOIN records ON entry = value"
        found = [row[0] for row in rows_of(self.connection, query, entries)] if entries else []
        return np.array(found, np.int64)

    def _assigned(self, affected: Numbers, edges: Numbers, named: set[int]) -> Settled:
        """Give the affected records their entries."""
        self.compared.have(affected)
        within = edges[are_among(edges[:, :2], affected).all(axis=1)]
        labels = components(len(affected), places_of(affected, within[:, :2]))
        labels = self._solved(affected, labels, within, named)
        query = "SELECT address, entry FROM wanted CROSS JOIN records ON id = value"
        rows = rows_of(self.connection, query, affected.tolist())
        addresses = np.array([row[0] for row in rows], "S13")
        is_new = affected >= self.changes.first_new
        was = np.where(is_new, 0, np.array([row[1] for row in rows], np.int64))
        by_address = np.argsort(addresses, kind="stable")
        found, first = np.unique(labels[by_address], return_index=True)
        leading = by_address[first][np.searchsorted(found, labels)]
        entries = affected[leading]
        moved = np.flatnonzero(entries != np.where(is_new, affected, was))
        self.connection.executemany(
            "UPDATE records SET entry = ? WHERE id = ?",
            zip(entries[moved].tolist(), affected[moved].tolist(), strict=True),
        )
        self._remember_gone(was, addresses[leading])
        gone = np.array([entry for _, entry in self.changes.gone.values()], np.int64)
        is_touched = (entries != was) | are_among(was, gone)
        is_touched |= are_among(affected, self.compared.dirty)
        left = was[is_touched]
        return Settled(
            affected,
            entries,
            self.compared.column(affected, signs.WORK),
            distinct(entries[is_touched], left[are_among(left, entries)]),
            without(np.r_[left, np.array(list(self.changes.gone), np.int64)], np.r_[entries, 0]),
        )

    def _solved(
        self, affected: Numbers, labels: Numbers, edges: Numbers, named: set[int]
    ) -> Numbers:
        """The labels of clusters out of those of components. Where all are of one kind and no
        person has decided on any of them there is no veto: the component is a cluster."""
        kinds = self.compared.column(affected, signs.KIND)
        is_odd = (kinds != kinds[labels]) | are_among(affected, np.array(list(named), np.int64))
        is_odd = are_among(labels, labels[is_odd])
        labels = labels.copy()
        for places in _parts(np.flatnonzero(is_odd), labels):
            records = affected[places]
            within = edges[are_among(edges[:, 0], records)]
            for cluster in self._clusters(records, within):
                found = np.searchsorted(affected, cluster)
                labels[found] = found.min()
        return labels

    def _clusters(self, records: Numbers, edges: Numbers) -> list[list[int]]:
        """The clusters of whole components."""
        query = (
            "SELECT records.id, code, number FROM wanted CROSS JOIN records"
            " ON records.id = value JOIN libraries ON libraries.id = library"
        )
        rows = rows_of(self.connection, query, records.tolist())
        keys = {row[0]: record_key(row[1], row[2]) for row in rows}
        ids = {key: record for record, key in keys.items()}
        features = self.compared.features(records.tolist())
        drawn = [
            Edge(rank, *sorted((keys[a], keys[b])))
            for a, b, rank in edges.tolist()
            if rank != PERSON
        ]
        by_key = {keys[record]: one for record, one in features.items()}
        decided = {two: said for key in by_key for two, said in self.decided_on.get(key, ())}
        return [[ids[key] for key in one] for one in clusters(by_key, drawn, decided)]

    def _remember_gone(self, was: Numbers, entries: Numbers) -> None:
        """Where the address of a record that is gone leads: to what is left of its entry, else to
        the address of that. `was` is the entry of each record before, `entries` the address of
        the one it has now. A record that came and went in one delivery was never seen: its
        address leads where it led."""
        gone = self.changes.gone
        if not gone:
            return
        is_left = np.isin(was, [entry for _, entry in gone.values()])
        led: dict[int, str] = {}
        for entry, address in zip(was[is_left].tolist(), entries[is_left].tolist(), strict=True):
            led[entry] = min(led.get(entry, "~"), address.decode())
        rows = [
            (address, led.get(entry) or gone[entry][0])
            for record, (address, entry) in gone.items()
            if record < self.changes.first_new
        ]
        self.connection.executemany("INSERT OR REPLACE INTO former VALUES (?, ?)", rows)


AT_ONCE = 5_000
"""Records of components that are solved together."""


def _parts(places: Numbers, labels: Numbers) -> Iterator[Numbers]:
    """Places in parts of some thousands, those of one label together."""
    places = places[np.argsort(labels[places], kind="stable")]
    bounds = bounds_of(labels[places])
    first = 0
    for end in bounds[1:].tolist():
        if end - first >= AT_ONCE or end == len(places):
            yield np.sort(places[first:end])
            first = end
