"""Every fact of the demonstration stands in the set that it names: titles, names and ISBN."""

import csv
import gzip
import io
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from demo.facts import Fact, facts
from lianguan.engine.mapping.numbers import isbn13
from lianguan.engine.mapping.opened import open_file
from lianguan.engine.read.files import source_files
from lianguan.engine.record import Record
from lianguan.engine.text.fold import fold

RECORDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "records"

BRACKETED = re.compile(r" ?\([^)]*\)")
"""What tells bodies of one name apart: 首都师范大学 (Beijing, China)."""

needs_records = pytest.mark.skipif(not RECORDS.exists(), reason="../shared/data/records is absent")


class Said(NamedTuple):
    """What a set says of one thing."""

    titles: str
    names: str
    isbns: frozenset[str] = frozenset()


def _table(path: str) -> Iterator[dict[str, str]]:
    separator = "\t" if ".tsv" in path else ","
    with gzip.open(RECORDS / path, "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file, delimiter=separator)


def _lines(path: str) -> Iterator[dict[str, list[str]]]:
    with gzip.open(RECORDS / path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _classics(path: str) -> dict[str, Said]:
    return {row["kr_id"]: Said(row["title"], row["responsibility"]) for row in _table(path)}


def _tibetan(path: str) -> dict[str, Said]:
    names = {str(p["id"]): p["name"] or [] for p in _lines("tibetan/bdrc_persons.jsonl.gz")}
    return {
        str(work["id"]): Said(
            " ".join(work["titles"]),
            " ".join(n or "" for c in work["creators"] for n in names.get(c, [])),
        )
        for work in _lines(path)
    }


def _goodbooks(path: str) -> dict[str, Said]:
    return {
        row["book_id"]: Said(
            row["title"], row["authors"], frozenset(filter(None, [isbn13(row["isbn"].zfill(10))]))
        )
        for row in _table(path)
    }


def _marc(path: str) -> dict[str, Said]:
    """MARC of any kind, by record number. Of two records with one number the first counts."""
    found: dict[str, Said] = {}
    for file in source_files(RECORDS / path):
        if file.name.endswith(".del"):
            continue
        for read in open_file(file).reads:
            if isinstance(read.what, Record) and read.what.number:
                found.setdefault(read.what.number, _said(read.what))
    return found


def _said(record: Record) -> Said:
    titles = (" ".join((t.text, *t.other, *(p.name for p in t.parts))) for t in record.titles)
    statements = (t.responsibility for t in record.titles)
    names = [a.text for a in record.agents]
    notes = (note.text for note in record.notes)
    isbns = frozenset(i.value for i in record.identified("isbn"))
    return Said("\n".join((*titles, *statements)), "\n".join((*names, *statements, *notes)), isbns)


SETS: dict[str, tuple[Callable[[str], dict[str, Said]], str]] = {
    "chinese_classics/siku": (_classics, "chinese_classics/siku.tsv.gz"),
    "chinese_classics/sibu": (_classics, "chinese_classics/sibu.tsv.gz"),
    "tibetan/bdrc_works": (_tibetan, "tibetan/bdrc_works.jsonl.gz"),
    "english/goodbooks": (_goodbooks, "english/goodbooks_10k_books.csv.gz"),
    "marc/cjk": (_marc, "marc/cjk_880_subset.marcxml.gz"),
    "marc/uva_solrmarc": (_marc, "marc/uva_solrmarc.tar.gz"),
    "marc/trln": (_marc, "marc/trln_duke_unc_ncsu_nccu.tar.gz"),
    "labelled/hathitrust": (_marc, "labelled/hathitrust/hathi_val.mrc.gz"),
    "unimarc/bnf": (_marc, "unimarc/bnf_unimarcxml.tar.gz"),
    "unimarc/bnu_sru": (_marc, "unimarc/bnu_sru/sample_cnmarcxml.xml.gz"),
}


@cache
def in_set(name: str) -> dict[str, Said]:
    read, path = SETS[name]
    return read(path)


def words(text: str) -> str:
    """Folded and without spaces: some sets part the words of Chinese titles."""
    return re.sub(r"\s", "", fold(text))


def differences(fact: Fact) -> list[str]:
    """What a fact says and its source does not."""
    name, _, number = fact.source.partition(":")
    said = in_set(name).get(number.strip())
    if said is None:
        return [f"{fact.key}: {fact.source} is not there"]
    titles = words(said.titles)
    names = words(BRACKETED.sub("", said.names) + said.titles)
    wrong = [f"{fact.key}: title {fact.title}"] if words(fact.title) not in titles else []
    for agent in fact.people:
        parts = [words(part) for part in re.split(r", |\. ", agent.name)]
        if not all(part in names for part in parts):
            wrong.append(f"{fact.key}: name {agent.name}")
    if fact.isbn and isbn13(fact.isbn) not in said.isbns:
        wrong.append(f"{fact.key}: ISBN {fact.isbn}")
    return wrong


SOURCED = sorted({fact.source.partition(":")[0] for fact in facts().values()} - {"synthetic"})


@needs_records
@pytest.mark.parametrize("name", SOURCED)
def test_every_fact_stands_in_the_set_that_it_names(name: str) -> None:
    wrong = [d for f in facts().values() if f.source.startswith(f"{name}:") for d in differences(f)]
    assert not wrong


def test_an_invented_book_has_no_isbn_and_says_in_its_note_that_it_is_invented() -> None:
    invented = [fact for fact in facts().values() if fact.source == "synthetic"]
    assert invented
    assert all(not fact.isbn and "演示用" in fact.note for fact in invented)


def test_the_table_has_each_edition_once_and_every_isbn_is_right() -> None:
    text = (Path(__file__).resolve().parents[2] / "demo" / "facts.csv").read_text("utf-8")
    keys = [row["key"] for row in csv.DictReader(io.StringIO(text))]
    assert len(keys) == len(set(keys))
    assert all(isbn13(fact.isbn) for fact in facts().values() if fact.isbn)
