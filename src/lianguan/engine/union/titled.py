"""Works that nothing but a title names: of records that name nobody who made them, as most Tibetan
texts do.

A title is clear if no member has two entries under it. Two that one member has are two texts, each
ritual of a deity, each annual report; then it names no work.
"""

from collections.abc import Collection, Iterable

from lianguan.engine.union.database import ENTRIES_TITLED, RECORDS_ENTRY, Connection
from lianguan.engine.union.postings import rows_of


def titles_of(connection: Connection, entries: Iterable[int]) -> set[int]:
    """The works that only titles name, of these entries."""
    query = "SELECT titled FROM wanted CROSS JOIN entries ON record = value WHERE titled <> 0"
    return {row[0] for row in rows_of(connection, query, entries)}


UNDER = (
    "SELECT record, titled, said FROM wanted CROSS JOIN entries ON titled = value AND titled <> 0"
)
UNCLEAR = (
    "SELECT titled FROM wanted CROSS JOIN entries ON titled = value AND titled <> 0"
    " CROSS JOIN records ON entry = record"
    " GROUP BY titled, library HAVING count(DISTINCT entry) > 1"
)


def name_by_title(connection: Connection, titles: Collection[int]) -> list[int]:
    """Bring what entries under these titles are said to be up to date; those whose work is another
    now."""
    if not titles:
        return []
    for index in (RECORDS_ENTRY, ENTRIES_TITLED):  # a new catalogue has none yet
        connection.execute(index)
    unclear = {row[0] for row in rows_of(connection, UNCLEAR, titles)}
    rows = rows_of(connection, UNDER, titles)
    works = [(0 if titled in unclear else titled, entry, said) for entry, titled, said in rows]
    changed = [(work, work, entry) for work, entry, said in works if work != said]
    connection.executemany("UPDATE entries SET said = ?, work = ? WHERE record = ?", changed)
    return [entry for _, _, entry in changed]
