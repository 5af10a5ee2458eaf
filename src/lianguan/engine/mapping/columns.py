"""Which column of a table is what: by its heading, Chinese or English, or as the member says."""

import csv
import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

from lianguan.engine.read.findings import Refused

PAIR = re.compile(r"\s*([a-z_]+)\s*=\s*(.+?)\s*")

Columns = dict[int, str]
"""Place of a column, from 0 → attribute."""

ITEM_ATTRIBUTES = frozenset(
    "barcode accession_number call_number location library copies volumes_held price".split()
)
"""What is said of a copy. Rows that differ in nothing else are one record."""


@cache
def _headings() -> dict[str, str]:
    path = resources.files(__package__).joinpath("codes/columns.csv")
    table = {}
    for line in csv.DictReader(path.read_text("utf-8").splitlines()):
        for heading in line["headings"].split():
            table[folded(heading)] = line["attribute"]
    return table


@cache
def attributes() -> frozenset[str]:
    return frozenset(_headings().values())


@lru_cache(1 << 12)
def folded(heading: str) -> str:
    """A heading without case, spaces, signs and what stands in brackets: 定价（元） → 定价.
    What is longer than a hundred signs is no heading, and only its beginning is looked at."""
    text = unicodedata.normalize("NFKC", heading[:100]).lower()
    text = re.sub(r"[(\[【][^)\]】]*[)\]】]", "", text)
    return re.sub(r"[\W_]+", "", text)


def recognise(headings: list[str]) -> Columns:
    """The columns whose headings are known."""
    named = ((i, heading) for i, heading in enumerate(headings) if heading)
    found = {i: _headings().get(folded(heading)) for i, heading in named}
    return {i: attribute for i, attribute in found.items() if attribute}


def as_told(said: str, headings: list[str]) -> Columns:
    """The columns that a member names itself: "title=书名,agent=著者"."""
    places = {folded(heading): i for i, heading in enumerate(headings)}
    columns = {}
    for pair in filter(None, said.split(",")):
        match = PAIR.fullmatch(pair)
        if not match or match[1] not in attributes():
            raise Refused("columns_unknown_attribute", pair)
        if folded(match[2]) not in places:
            raise Refused("columns_unknown_heading", match[2])
        columns[places[folded(match[2])]] = match[1]
    return columns


def is_usable(columns: Columns) -> bool:
    """The columns are enough to describe something, or to say what copies there are of it."""
    found = set(columns.values())
    return "title" in found or is_items(columns)


def is_items(columns: Columns) -> bool:
    """A file of items: it says of which record, and what copies."""
    found = set(columns.values())
    return "id" in found and "title" not in found and bool(found & ITEM_ATTRIBUTES)
