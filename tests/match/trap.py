"""A trap of union cataloguing: two records, the decision expected, and a near miss."""

from typing import NamedTuple


class Trap(NamedTuple):
    name: str
    a: str
    b: str
    expected: str
    near_miss: str
    """The second record of the near miss; the first is the same."""
    otherwise: str
    many: tuple[str, ...] = ()
    """ISBNs that carry several titles in the catalogue."""
