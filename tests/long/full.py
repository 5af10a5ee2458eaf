"""The whole trial with damaged input: how much of everything, and its figures as tables."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from lianguan.engine.mapping.stream import Options
from tests.long import iso2709, material, tables, xml
from tests.long.iso2709 import JOINED, READ, REPAIRED, SET_ASIDE, Tally
from tests.long.tallies import together

ISO_FILES = {
    "MARC 21 (UTF-8, MARC-8)": 1000,
    "UNIMARC (UTF-8)": 1000,
    "CNMARC (GBK)": 1000,
    "CNMARC (UTF-8)": 200,
}
"""Files of 1,000 records for each reader."""
REAL_FILES = 50
XML_FILES = 340
"""Collections of 100 records for each dialect and reader, one record in five a mutant."""
TEXT_TABLES = 600
"""Tables of 100 rows, one in five a mutant."""
BOOKS = 20_000


def iso_tally(kind: str, files: range, size: int = 1000) -> Tally:
    return iso2709.try_files(material.made(kind, 3000), Options(), files, size)


def real_tally(name: str, files: range) -> Tally:
    pool = list(dict.fromkeys(material.real_records()[name]))[:5000]
    return iso2709.try_files(pool, Options(), files)


def xml_tally(kind: str, files: range) -> Tally:
    dialect = kind.split(" in ", maxsplit=1)[0].replace(" ", "").lower()
    return xml.try_files(xml.made(kind, 500), Options(format=dialect), files)


def text_tally(seeds: range) -> tables.TableTally:
    tally = tables.TableTally()
    tables.try_text(tally, seeds)
    return tally


def book_tally(seeds: range) -> tables.TableTally:
    tally = tables.TableTally()
    tables.try_books(tally, seeds)
    return tally


TEXT, WORKBOOKS = "tables of text", "workbooks"


def _line(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def summary(tallies: dict[str, Tally]) -> Iterable[str]:
    """A line for each kind of material."""
    yield _line("material", "files", "records", "damaged", "sound, all as they were", "lost", "readers differ", "s plain", "s compiled", "longest wait, s")  # fmt: skip
    yield _line("---", *["---:"] * 9)
    for name, t in tallies.items():
        kept = t.sound - len(t.lost_neighbours)
        plain, compiled = (f"{t.seconds[how]:.0f}" for how in ("plain", "compiled"))
        yield _line(name, f"{t.files:,}", f"{t.records:,}", f"{t.records - t.sound:,}", f"{kept:,}", len(t.lost_neighbours), len(t.disagreements), plain, compiled, f"{t.longest:.2f}")  # fmt: skip


def shares(by_rule: dict[str, Counter[str]], columns: tuple[str, ...]) -> Iterable[str]:
    """A line for each kind of damage: how many, and the share of each outcome in percent."""
    yield _line("damage", "how often", *(f"{column}, %" for column in columns))
    yield _line("---", *["---:"] * (1 + len(columns)))
    for rule, counts in sorted(by_rule.items()):
        total = counts.total()
        parts = (f"{100 * counts[column] / total:.1f}" for column in columns)
        yield _line(rule.replace("_", " "), f"{total:,}", *parts)


def counted(counts: Counter[str]) -> Iterable[str]:
    yield _line("code", "how often")
    yield _line("---", "---:")
    for code, count in counts.most_common():
        yield _line(f"`{code}`", f"{count:,}")


OUTCOMES = (READ, REPAIRED, SET_ASIDE, JOINED)


def of_marc(title: str, tallies: dict[str, Tally]) -> Iterable[str]:
    total = together(tallies.values())
    yield from (f"## {title}", "", *summary(tallies), "", *shares(total.by_rule, OUTCOMES))
    yield from ("", "Rules and reasons that came up:", "", *counted(total.findings), "")


def of_tables(title: str, tally: tables.TableTally) -> Iterable[str]:
    columns = tuple(sorted({became for counts in tally.by_rule.values() for became in counts}))
    yield from (f"## {title}", "")
    yield (
        f"{tally.mutants:,} mutants in {tally.seconds:.0f} s, {len(tally.failures)} failures; the "
        f"longest took {tally.longest:.2f} s"
        + (f"; {tally.memory} MB at most." if tally.memory else ".")
    )
    if tally.sound:
        lost = len(tally.lost_neighbours)
        yield f"Of {tally.sound:,} rows that nobody touched {lost} did not come out as they were."
    yield from ("", *shares(tally.by_rule, columns), "", *counted(tally.codes), "")


Work = tuple[Callable[..., Any], tuple[Any, ...]]


def all_work() -> dict[str, list[Work]]:
    """Everything in pieces, by its name in the tables."""
    work: dict[str, list[Work]] = {}
    for kind, files in ISO_FILES.items():
        work[kind] = [(iso_tally, (kind, piece)) for piece in _pieces(files, 50)]
    for name in material.real_records():
        work[name] = [(real_tally, (name, piece)) for piece in _pieces(REAL_FILES, 25)]
    for kind in xml.KINDS:
        work[kind] = [(xml_tally, (kind, piece)) for piece in _pieces(XML_FILES, 85)]
    work[TEXT] = [(text_tally, (piece,)) for piece in _pieces(TEXT_TABLES, 300)]
    work[WORKBOOKS] = [(book_tally, (piece,)) for piece in _pieces(BOOKS, 2000)]
    return work


def _pieces(count: int, size: int) -> list[range]:
    return [range(low, min(low + size, count)) for low in range(0, count, size)]


def all_figures(say: Callable[[str], None]) -> list[str]:
    """Everything once, on every core; `say` hears how far it is. A piece that failed is in
    the tables like any other: what was lost, where readers differ, what broke off."""
    with ProcessPoolExecutor() as workers:
        promised = {
            name: [workers.submit(function, *told) for function, told in pieces]
            for name, pieces in all_work().items()
        }
        found = {}
        for name, promises in promised.items():
            found[name] = together([promise.result() for promise in promises])
            say(name)
    text, books = found.pop(TEXT), found.pop(WORKBOOKS)
    in_xml = {kind: found.pop(kind) for kind in xml.KINDS}
    return [
        *of_marc("ISO 2709", found),
        *of_marc("MARCXML", in_xml),
        *of_tables("Tables of text", text),
        *of_tables("Workbooks", books),
    ]


BEGINNING = "<!-- figures: python -m tests.long.full docs/bad-input.md -->"


def main(path: Path) -> None:
    """Write the figures into the document, below its mark."""
    head = path.read_text("utf-8").partition(BEGINNING)[0]
    figures = all_figures(print)
    lines = [BEGINNING, "", f"Measured on {date.today().isoformat()}.", "", *figures]
    path.write_text(head + "\n".join(lines).rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
