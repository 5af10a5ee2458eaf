"""The records of one member by number, as the catalogue has them."""

from typing import NamedTuple

from lianguan.engine.read.findings import Rule
from lianguan.engine.union.database import Connection, make_indexes
from lianguan.engine.union.keys import TWIN, is_twin_of


class Known(NamedTuple):
    """A record that the catalogue has."""

    id: int
    hash: bytes
    """Of its bytes and of how they were read."""


class KnownRecords:
    """The records of one member by number. Each is looked up when it is first asked for, until
    all are: a nightly delta is small beside a large member."""

    def __init__(self, connection: Connection, library: int, *, is_new: bool) -> None:
        self.connection = connection
        self.library = library
        self.found: dict[str, Known | None] = {}
        self.is_new = is_new
        self.is_whole = is_new
        if not is_new:
            make_indexes(connection)

    def get(self, number: str) -> Known | None:
        if not self.is_whole and number not in self.found:
            query = "SELECT id, hash FROM records WHERE library = ? AND number = ?"
            row = self.connection.execute(query, (self.library, number)).fetchone()
            self.found[number] = Known(*row) if row else None
        return self.found.get(number)

    def hash(self, number: str) -> bytes | None:
        known = self.get(number)
        return known.hash if known else None

    def note(self, number: str, known: Known | None) -> None:
        """It is there now, or no longer."""
        self.found[number] = known

    def count(self) -> int:
        """How many there are, all of them written."""
        if self.is_whole:
            return len(self.all())
        query = "SELECT count(*) FROM records WHERE library = ?"
        return int(self.connection.execute(query, (self.library,)).fetchone()[0])

    def twins(self, number: str) -> list[str]:
        """What the records are called that came under a number a second time and a third, as
        far as they are written."""
        query = (
            "SELECT number FROM records"
            " WHERE library = ? AND number > ? AND number < ? AND rules & ?"
        )
        bounds = (number + TWIN, number + chr(ord(TWIN) + 1))
        asked = (self.library, *bounds, int(Rule.NUMBER_TWICE))
        found = [] if self.is_new else self.connection.execute(query, asked).fetchall()
        return [row[0] for row in found if is_twin_of(number, row[0])]

    def all(self) -> dict[str, Known]:
        """Every record that is there."""
        if not self.is_whole:
            query = "SELECT number, id, hash FROM records WHERE library = ?"
            rows = self.connection.execute(query, (self.library,))
            there: dict[str, Known | None] = {row[0]: Known(row[1], row[2]) for row in rows}
            self.found = there | self.found
            self.is_whole = True
        return {number: known for number, known in self.found.items() if known}


def known_hashes(connection: Connection, library: str) -> dict[str, bytes]:
    """The hashes of all of one member's records by number."""
    row = connection.execute("SELECT id FROM libraries WHERE code = ?", (library,)).fetchone()
    known = KnownRecords(connection, row[0], is_new=False).all() if row else {}
    return {number: one.hash for number, one in known.items()}
