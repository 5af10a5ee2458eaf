"""Which dialect of MARC a file is in, by the fields of its first records."""

from collections.abc import Iterable

from lianguan.engine.mapping import cnmarc, marc21, unimarc
from lianguan.engine.mapping.rows import Table
from lianguan.engine.read.source import SourceRecord

TABLES = {table.name: table for table in (marc21.TABLE, unimarc.TABLE, cnmarc.TABLE)}

CHINESE_TAGS = frozenset({b"690", b"905", b"091", b"092", b"094", b"192", b"692"})


def dialect_of(records: Iterable[SourceRecord]) -> str:
    """marc21, unimarc or cnmarc: what most of the records are; marc21 where none can tell."""
    counts = dict.fromkeys(TABLES, 0)
    for record in records:
        found = _dialect(record)
        if found:
            counts[found] += 1
    if counts["cnmarc"] and counts["cnmarc"] >= counts["marc21"]:
        return "cnmarc"
    return max(counts, key=lambda name: counts[name])


def _dialect(record: SourceRecord) -> str:
    tags = {field.tag for field in record.fields}
    if b"245" in tags:
        return "marc21"
    if b"200" not in tags and b"008" in tags:
        return "marc21"
    if b"200" not in tags:
        return ""
    return "cnmarc" if tags & CHINESE_TAGS or _is_chinese(record) else "unimarc"


def _is_chinese(record: SourceRecord) -> bool:
    """Catalogued in Chinese, or published or handled in China (100, 102, 801)."""
    for field in record.fields:
        if field.tag == b"100" and field.data[26:29] == b"chi":
            return True
        if field.tag in (b"102", b"801") and b"\x1faCN" in field.data:
            return True
    return False


def table_of(dialect: str) -> Table:
    return TABLES[dialect]
