"""The peers. Each takes what we take: the same eight columns, or every field that our mapping
looks at, its subfields apart; but it makes nothing of them, as we make names, years and codes.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, BinaryIO

from lxml import etree
from pymarc import MARCReader, map_xml

from bench.speed_work import SELECTORS
from lianguan.engine.mapping.marc21 import ROWS

SLIM = "{http://www.loc.gov/MARC21/slim}"

Taken = dict[str, list[Any]]


def pymarc_columns(file: BinaryIO) -> int:
    columns: dict[str, list[tuple[int, str]]] = {selector: [] for selector in SELECTORS}
    wanted: dict[str, list[str]] = {}
    for selector in SELECTORS:
        wanted.setdefault(selector[:3], []).append(selector)
    count = 0
    for count, record in enumerate(_records(file), 1):
        for field in record.get_fields(*wanted):
            for selector in wanted[field.tag]:
                found = field.get_subfields(selector[4]) if "$" in selector else [field.data]
                columns[selector] += [(count, value) for value in found]
    return count


def pymarc_fields(file: BinaryIO) -> int:
    """Record by record; none is kept, as none of ours is."""
    return sum(bool(_fields(record)) for record in _records(file))


def pymarc_xml(file: BinaryIO) -> int:
    seen: list[bool] = []
    map_xml(lambda record: seen.append(bool(_fields(record))), file)
    return len(seen)


def _records(file: BinaryIO) -> Iterator[Any]:
    return iter(MARCReader(file, to_unicode=True, force_utf8=True))


def _fields(record: Any) -> Taken:
    taken: Taken = {"LDR": [str(record.leader)]}
    for field in record.get_fields(*mapped_tags()):
        value = field.data or [(subfield.code, subfield.value) for subfield in field.subfields]
        taken.setdefault(field.tag, []).append(value)
    return taken


@cache
def mapped_tags() -> tuple[str, ...]:
    """The tags that the rows of our MARC 21 table name, and 880, which stands for any of them."""
    rows = [one for row in ROWS for one in (row, row.otherwise) if one]
    return tuple(sorted({"880", *(want.name for row in rows for want in row.wants)} - {"LDR"}))


def lxml_xml(file: BinaryIO) -> int:
    """No library of MARC: lxml's events and nothing else."""
    count = 0
    for _, record in etree.iterparse(file, tag=SLIM + "record"):
        count += bool(_fields_of_element(record))
        record.clear()
        while record.getprevious() is not None:
            del record.getparent()[0]
    return count


def _fields_of_element(record: Any) -> Taken:
    taken: Taken = {}
    for field in record:
        tag = field.get("tag", "LDR")
        if tag in mapped_tags() or tag == "LDR":
            value = field.text or [(subfield.get("code"), subfield.text) for subfield in field]
            taken.setdefault(tag, []).append(value)
    return taken
