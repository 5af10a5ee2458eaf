"""CNMARC to the neutral record (GB/T 33286-2016): UNIMARC, and what China adds to it.

The additions: 091 the book number used before 1987, 092 and 094 order and standard numbers,
690 and 692 the Chinese classifications, 905 holdings, transcriptions in $9 or in capital
letters, and roles in words. Those that do not clash with UNIMARC (690, 905, $9) are already
in its table, since Chinese records are often sent under that name.
"""

from lianguan.engine.mapping import numbers, unimarc
from lianguan.engine.mapping.holdings import CNMARC_906, holding_rows
from lianguan.engine.mapping.rows import Table, every, row

UNIFIED = numbers.normal("unified_book_number", numbers.unified_book_number)

ROWS = (
    *unimarc.ROWS,
    row("identifiers", "091", UNIFIED, every),
    row("identifiers", "092", numbers.plain("order_number", "b"), every),
    row("identifiers", "094", numbers.plain("standard", "b"), every),
    *holding_rows({"906": CNMARC_906}),
)

TABLE = Table("cnmarc", ROWS)
