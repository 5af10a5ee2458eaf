"""Which entries are of one work: those whose records say so, and those of which a person does.

What records say is a number that each entry has of itself. A person's word on two records makes
one work of two such numbers, and so of all entries that have them: the smallest stands for all.
"""

from collections.abc import Mapping
from typing import NamedTuple

from lianguan.engine.match.cluster import Pair
from lianguan.engine.match.signs import work_number
from lianguan.engine.union.database import Connection
from lianguan.engine.union.decisions import WORK
from lianguan.engine.union.keys import address_of, parted
from lianguan.engine.union.postings import rows_of


class Standing(NamedTuple):
    """The entry of a record on which a person decided."""

    entry: int
    said: int
    """The work that its records say; 0 for none."""
    work: int
    """That, or a number of its own where they say none."""


def group_works(connection: Connection, decisions: Mapping[Pair, str]) -> list[int]:
    """Bring the works of all entries up to what people decided; the entries whose work is another
    now."""
    query = "SELECT record, said, work FROM entries WHERE work <> said"
    were = {row[0]: (row[1], row[2]) for row in connection.execute(query)}
    pairs = [two for two, said in decisions.items() if said == WORK]
    saying = {entry: said for entry, (said, _) in were.items()}
    wanted = _grouped(connection, pairs, saying) if pairs else {}
    changed = [
        (wanted.get(entry, said), entry)
        for entry, (said, work) in were.items()
        if wanted.get(entry, said) != work
    ]
    changed += [(work, entry) for entry, work in wanted.items() if entry not in were]
    connection.executemany("UPDATE entries SET work = ? WHERE record = ?", changed)
    return [entry for _, entry in changed]


def _grouped(
    connection: Connection, pairs: list[Pair], saying: Mapping[int, int]
) -> dict[int, int]:
    """Entry → the work that it is grouped under, of all that are to be grouped under another than
    their records say; `saying` are those of now with what they say."""
    standing = _standing(connection, {key for two in pairs for key in two})
    there = [(standing[a], standing[b]) for a, b in pairs if a in standing and b in standing]
    leads = _leads([(a.work, b.work) for a, b in there])
    own = {one.entry: leads[one.work] for two in there for one in two if not one.said}
    others = [work for work, lead in leads.items() if lead != work]
    query = "SELECT record, said FROM wanted CROSS JOIN entries ON work = value WHERE work = said"
    also = {**saying, **{row[0]: row[1] for row in rows_of(connection, query, others)}}
    return own | {entry: leads[said] for entry, said in also.items() if said in others}


def _standing(connection: Connection, keys: set[str]) -> dict[str, Standing]:
    """Record key → its entry, of those that are there."""
    query = (
        "SELECT one.address, one.entry, said, first.address FROM wanted"
        " CROSS JOIN records AS one ON one.address = value"
        " JOIN entries ON record = one.entry JOIN records AS first ON first.id = one.entry"
    )
    addresses = {address_of(*parted(key)): key for key in keys}
    return {
        addresses[address]: Standing(entry, said, said or work_number(first))
        for address, entry, said, first in rows_of(connection, query, addresses)
    }


def _leads(pairs: list[tuple[int, int]]) -> dict[int, int]:
    """Each number → the smallest that it hangs together with."""
    groups: dict[int, set[int]] = {}
    for two in pairs:
        group = set().union(*(groups.get(one, {one}) for one in two))
        groups |= dict.fromkeys(group, group)
    return {one: min(group) for one, group in groups.items()}
