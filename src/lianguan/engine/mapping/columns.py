"""Which column of a table is what: by its heading, Chinese or English, or as the member says."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources

from lianguan.engine.read.findings import Refused

PAIR = re.compile(r"\s*([a-z_]+)\s*=\s*(.+?)\s*")

Columns = dict[int, str]
"""Place of a column, from 0 → attribute."""

ISSUE_ATTRIBUTES = frozenset(
    "years_held volume_held issue_held months_held missing_held bound_as".split()
)
"""What is said of issues of a serial."""

ITEM_ATTRIBUTES = ISSUE_ATTRIBUTES | frozenset(
    "barcode accession_number call_number location library copies volumes_held receipt"
    " price".split()
)
"""What is said of a copy or an issue. Rows that differ in nothing else are one record."""

NAME_ISSUES = frozenset("issue_held volumes_held missing_held bound_as".split())
"""Of these any makes a table one of serials, and so does an ISSN without an ISBN."""
TITLES_OF_SERIALS = frozenset("刊名 报名 报刊名 报刊名称 期刊名称".split())

OF_ISSUES = {"year": "years_held", "volume": "volume_held"}
"""What columns of a year and a volume say in a table of issues."""
FOUNDED = "创刊"
BARE_YEARS = frozenset({"年", "年度", "年份"})
"""Headings that mean the year of issues beside any statement of what is held."""


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
    found = {i: a for i, heading in named if (a := _headings().get(folded(heading)))}
    return _of_serials(found, headings)


def _of_serials(found: Columns, headings: list[str]) -> Columns:
    """In a table of serials a year and a volume are those of the issues in a row; a month is
    one of issues there and nowhere else."""
    said = set(found.values())
    has_serials = "issn" in said and "isbn" not in said
    has_serials |= any(folded(headings[i]) in TITLES_OF_SERIALS for i in found)
    if said.isdisjoint(NAME_ISSUES) and not has_serials:
        return {i: attribute for i, attribute in found.items() if attribute != "months_held"}
    has_issues = not said.isdisjoint({"issue_held", "months_held"})
    return {i: _of_issues(folded(headings[i]), a, has_issues) for i, a in found.items()}


def _of_issues(heading: str, attribute: str, has_issues: bool) -> str:
    if heading in BARE_YEARS or (has_issues and not heading.startswith(FOUNDED)):
        return OF_ISSUES.get(attribute, attribute)
    return attribute


def as_told(said: str, headings: list[str]) -> Columns:
    """The columns that a member names itself: "title=书名,agent=著者"."""
    places = {folded(heading): i for i, heading in enumerate(headings)}
    columns = {}
    for attribute, heading in _pairs(said):
        if folded(heading) not in places:
            raise Refused("columns_unknown_heading", heading)
        columns[places[folded(heading)]] = attribute
    return columns


def pairs_of(said: str) -> dict[str, str]:
    """Attribute → the heading that a member names for it."""
    return dict(_pairs(said))


def _pairs(said: str) -> Iterator[tuple[str, str]]:
    for pair in filter(None, said.split(",")):
        match = PAIR.fullmatch(pair)
        if not match or match[1] not in attributes():
            raise Refused("columns_unknown_attribute", pair)
        yield match[1], match[2]


def is_usable(columns: Columns) -> bool:
    """The columns are enough to describe something, or to say what copies there are of it."""
    found = set(columns.values())
    return "title" in found or is_items(columns)


def is_items(columns: Columns) -> bool:
    """A file of items: it says of which record, and what copies."""
    found = set(columns.values())
    return "id" in found and "title" not in found and bool(found & ITEM_ATTRIBUTES)
