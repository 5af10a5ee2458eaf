"""Labelled sets of books and papers: HathiTrust, the Chinese pairs, two booksellers, two
bibliographies."""

import re
from pathlib import Path

from bench.blocks import candidates, two_sources
from bench.labelled_set import (
    LabelledSet,
    by_number,
    clusters_of,
    from_table,
    named,
    paired,
    rows,
)
from lianguan.engine.mapping.table import Said
from lianguan.engine.record import Record


def hathitrust(folder: Path) -> LabelledSet:
    """English books in MARC 21, all numbers removed; labels are HathiTrust's own clusters."""
    where = folder / "labelled/hathitrust"
    labels = rows(where / "hathi_val_labels.csv.gz")
    pairs = [paired(r["id1"], r["id2"], r["label"] == "1") for r in labels]
    return LabelledSet("HathiTrust", by_number(where / "hathi_val.mrc.gz"), pairs)


PUBLISHER = re.compile(r"出版|书店|书局|印书馆|press|books", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d\d")


def douban_said(title: str, line: str) -> Said:
    """A line "author / translator / publisher / date / price" as columns."""
    parts = [part.strip() for part in line.split(" / ")]
    at = next((i for i, part in enumerate(parts) if PUBLISHER.search(part)), None)
    if at is None:
        return {"title": [title]}
    said: Said = {"title": [title], "publisher": [parts[at]]}
    said |= {"agent": parts[:1]} if at else {}
    said |= {"translator": parts[1:at]} if at > 1 else {}
    dates = [part for part in parts[at + 1 :] if YEAR.match(part)]
    return said | ({"year": dates[:1]} if dates else {})


def chinese(folder: Path) -> LabelledSet:
    """A school library's table against itself and against Douban; hard cases on purpose."""
    found = named("school", by_number(folder / "chinese/school_library_catalogue.gb18030.csv.gz"))
    found |= {
        f"douban:{row['douban_id']}": from_table(douban_said(row["title"], row["publication_info"]))
        for row in rows(folder / "chinese/douban_2016_books.csv.gz")
    }
    pairs = [
        paired(f"school:{row['left_id']}", _right(row), row["agreed"] == "E")
        for row in rows(folder / "labelled/chinese_pairs/labels.tsv", "\t")
        if row["agreed"] in ("E", "W", "D")
    ]
    return LabelledSet("Chinese pairs", found, pairs)


def _right(row: dict[str, str]) -> str:
    source = "douban" if row["right_source"] == "douban" else "school"
    return f"{source}:{row['right_id']}"


def booksellers(folder: Path) -> LabelledSet:
    """Two booksellers' tables: title, author, publisher, date."""
    where = folder / "labelled/amazon_bn_books"
    found = named("amazon", by_number(where / "Amazon.csv.gz"))
    found |= named("barnob", by_number(where / "Barnob.csv.gz"))
    pairs = [
        paired(f"amazon:{r['ltable_ID']}", f"barnob:{r['rtable_ID']}", r["gold_labels"] == "1")
        for r in rows(where / "Label.csv.gz")
    ]
    return LabelledSet("Amazon × Barnes & Noble", found, pairs)


def articles(folder: Path) -> LabelledSet:
    """Papers on databases in two bibliographies. The pairs are those across the two that share
    a key, and all that are the same."""
    where = folder / "labelled/dblp_acm"
    found: dict[str, Record] = {}
    for name in ("dblp", "acm"):
        for row in rows(where / f"pyjedai_{name}.csv.gz", "%"):
            found[f"{name}:{row['id']}"] = from_table(_article(row))
    same = {
        paired(f"dblp:{row['D1']}", f"acm:{row['D2']}", True)
        for row in rows(where / "pyjedai_gt.csv.gz", "%")
    }
    known = {pair[:2] for pair in same}
    others = {
        paired(a, b, False)
        for a, b in candidates(LabelledSet("", found, []).features())
        if (a, b) not in known and two_sources(a, b)
    }
    pairs = sorted(same | others)
    return LabelledSet("DBLP × ACM", found, pairs, clusters_of(found, pairs))


def _article(row: dict[str, str]) -> Said:
    """A row as a table of a library says it. The venue goes into the column of series, which is
    what a table has for a thing that others stand in."""
    said = {"title": "title", "agent": "authors", "series": "venue", "year": "year"}
    return {attribute: [row[column]] for attribute, column in said.items() if row[column]}
