"""A mapping table compiled to what the fast reader selects by: one line for each want."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lianguan.engine.mapping.rows import LEADER_TAG, Row, Table, Want
from lianguan.engine.read.kernel import Numbers

RANK, GROUP, MAIN, EVERY, SLOT, WATCHED = range(6)


@dataclass(frozen=True, slots=True)
class Line:
    """One want of one row."""

    want: Want
    row: Row
    rank: int
    """Order of the values in a record: by row, then by alternative."""
    group: int
    """Number of the row; an `otherwise` has its own."""
    main: int
    """The group that must be empty for an `otherwise` to count; else the group itself."""
    name: str
    linked_name: str


class Plan:
    """The wants of a table, sorted by tag as the compiled pass needs them."""

    def __init__(self, table: Table) -> None:
        self.table = table
        lines = _lines(table)
        self.lines = sorted(
            lines, key=lambda line: (line.want.tag, line.want.code != "", line.rank)
        )
        self.slots = sorted({line.row.slot for line in lines})
        self.groups = 1 + max(line.group for line in lines)

    @cached_property
    def first(self) -> Numbers:
        """`first[t]` is the first line of tag t, for t up to the leader's; then whether fields
        880 stand for others."""
        tags = np.array([line.want.tag for line in self.lines])
        starts = np.searchsorted(tags, np.arange(LEADER_TAG + 2))
        return np.append(starts, self.table.linked).astype(np.int32)

    @cached_property
    def columns(self) -> Numbers:
        """(code, low, high) of each line."""
        return np.array(
            [
                (ord(line.want.code) if line.want.code else 0, line.want.low, line.want.high)
                for line in self.lines
            ],
            np.int32,
        )

    @cached_property
    def order(self) -> Numbers:
        """RANK, GROUP, MAIN, EVERY (the row takes every value), SLOT and WATCHED (the row has
        an `otherwise` or is one) of each line."""
        watched = {x.main for x in self.lines if x.group != x.main}
        return np.array(
            [
                (
                    x.rank,
                    x.group,
                    x.main,
                    x.row.takes_every,
                    self.slots.index(x.row.slot),
                    x.main in watched,
                )
                for x in self.lines
            ],
            np.int64,
        )


def _lines(table: Table) -> list[Line]:
    lines: list[Line] = []
    group = 0
    for row in table.rows:
        main = group
        one: Row | None = row
        while one:
            for want in one.wants:
                lines.append(
                    Line(want, one, len(lines), group, main, want.name, f"880-{want.name}")
                )
            group += 1
            one = one.otherwise
    return lines
