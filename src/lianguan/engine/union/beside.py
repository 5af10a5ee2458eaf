"""Two records beside each other, whether they stand together or not: what each says, as it was
sent, with whom it stands, and why the two are or are not one edition; and what a person has to say
so that they are."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lianguan.engine.match.cluster import Pair, RecordKey, pair
from lianguan.engine.match.decide import ASK, DIFFERENT, SAME
from lianguan.engine.match.explain import Explanation
from lianguan.engine.read.findings import Refused
from lianguan.engine.record import Record
from lianguan.engine.union.catalogue import Source, UnionCatalogue
from lianguan.engine.union.decisions import WORK
from lianguan.engine.union.edges import Edges
from lianguan.engine.union.entries import record_of
from lianguan.engine.union.keys import record_key
from lianguan.engine.union.prepare import copies_of
from lianguan.engine.union.sent import Originals


class Side(NamedTuple):
    """One of two records."""

    key: RecordKey
    record: Record
    """What its member shows of it, with the holdings that came apart."""
    source: Source
    entry: str
    """Address of the entry that it stands in."""
    copies: int
    others: tuple[RecordKey, ...]
    """The other records of that entry which are shown."""


class Beside(NamedTuple):
    left: Side
    right: Side
    why: Explanation


def beside(opened: UnionCatalogue, left: RecordKey, right: RecordKey) -> Beside:
    """Two records that are shown. Raises Refused("record_unknown")."""
    return Beside(side(opened, left), side(opened, right), opened.explain(left, right))


def side(opened: UnionCatalogue, key: RecordKey) -> Side:
    """A record that is shown. Raises Refused("record_unknown")."""
    row = opened.row(key)
    said = (row["library"], row["number"], row["kept"])
    record = record_of(opened.connection, opened.packing, opened.access, *said)
    source = opened.source(row, Originals(opened.packing, opened.sources).raw(row))
    others = tuple(one for one in standing_in(opened, row["entry"]) if one != key)
    return Side(key, record, source, row["entry"], copies_of(record), others)


def standing_in(opened: UnionCatalogue, entry: str) -> list[RecordKey]:
    """The records of an entry which are shown, by its canonical address."""
    query = "SELECT library, number FROM descriptions WHERE entry = ? ORDER BY library, number"
    rows = opened.connection.execute(query, (entry,)).fetchall()
    return [record_key(*row) for row in rows if opened.access.is_open(row[0])]


def reasons(why: Explanation) -> list[str]:
    """Codes of sentences that say why two records do or do not stand together."""
    said = [_reason(why)]
    if why.vetoes and why.rule == "person":
        said.append("why_vetoes")
    if why.decision == SAME and not why.together:
        said.append("why_held_apart")
    if why.decision != SAME and why.together:
        said.append("why_by_others")
    return said


def _reason(why: Explanation) -> str:
    if why.rule == "person":
        return f"why_person_{why.decision}"
    if why.vetoes:
        return "why_vetoes"
    return {SAME: "why_same", ASK: "why_ask"}.get(why.decision, "why_no_rule")


def to_part(opened: UnionCatalogue, key: RecordKey) -> list[Pair]:
    """The pairs that are to be called different so that a record stands apart from the others of
    its entry: those by which it was found to be the same, and those which a person joined.
    Raises Refused: "stands_alone", "record_unknown"."""
    row = opened.row(key)
    query = "SELECT id, library, number FROM descriptions WHERE entry = ? AND id <> ?"
    rows = opened.connection.execute(query, (row["entry"], row["id"])).fetchall()
    ends = set(Edges(opened.connection).of(np.array([row["id"]], np.int64))[:, :2].ravel().tolist())
    said = {pair(key, record_key(*other[1:])): other[0] for other in map(tuple, rows)}
    decided = opened.decisions()
    met = [two for two, other in said.items() if other in ends or decided.get(two) == SAME]
    if not met:
        raise Refused("stands_alone", key)
    return sorted(met)


def to_join(opened: UnionCatalogue, left: RecordKey, right: RecordKey) -> list[Pair]:
    """The pairs that are to be called the same so that the entries of two records are one: the two,
    and those across the entries between which a veto speaks. Raises Refused: "decided_apart" naming
    a pair which somebody parted, "together_already", "record_unknown"."""
    sides = [standing_in(opened, opened.address_of(key)) for key in (left, right)]
    if sides[0] == sides[1]:
        raise Refused("together_already", f"{left} {right}")
    found = {pair(left, right)}
    for one in sides[0]:
        found |= _against_vetoes(opened, one, sides[1])
    return sorted(found)


def _against_vetoes(
    opened: UnionCatalogue, one: RecordKey, others: Sequence[RecordKey]
) -> set[Pair]:
    found = set()
    for other, why in zip(others, opened.explain_each(one, others), strict=True):
        if why.rule == "person" and why.decision in (DIFFERENT, WORK):
            raise Refused("decided_apart", f"{one} {other}")
        if why.vetoes and why.rule != "person":
            found.add(pair(one, other))
    return found
