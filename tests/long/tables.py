"""Tables of text with one row in five damaged, and damaged workbooks: what becomes of them."""

import faulthandler
import io
import os
import pickle
import random
import resource
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import xlsxwriter

from lianguan.engine.mapping.opened import open_file
from lianguan.engine.read import workbook
from lianguan.engine.read.files import _in_memory
from lianguan.engine.read.findings import Refused
from lianguan.engine.read.repair import Lost
from lianguan.engine.record import Record
from tests.long import table_damage
from tests.long.material import CHINESE, HOUSES, PEOPLE, TIBETAN

HEADING = ["条码号", "题名", "责任者", "出版社", "出版年", "ISBN", "附注"]


@dataclass
class TableTally:
    """What became of damaged rows or workbooks."""

    mutants: int = 0
    sound: int = 0
    lost_neighbours: list[str] = field(default_factory=list)
    by_rule: dict[str, Counter[str]] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)
    """Refusals and reasons that came up."""
    failures: list[str] = field(default_factory=list)
    """Anything that is neither a record nor a refusal nor a row set aside; must stay empty."""
    seconds: float = 0.0
    longest: float = 0.0
    memory: int = 0
    """The most that the reading of one workbook took, in MB."""

    def note(self, rule: str, became: str) -> None:
        self.mutants += 1
        self.by_rule.setdefault(rule, Counter())[became] += 1


def row_of(chance: random.Random, i: int) -> list[str]:
    title = f"{chance.choice([*CHINESE, *TIBETAN])} {i}"
    note = chance.choice(["", "", "第一行", "a, b, c", "一\n二", 'so "called"', "5 disc"])
    return [
        f"300{i:05}", title, chance.choice(PEOPLE), chance.choice(HOUSES), str(chance.randrange(1950, 2024)),
        f"978-7-02-{chance.randrange(1_000_000):06}-{i % 10}", note,
    ]  # fmt: skip


def written(cells: list[str], separator: str, always_quoted: bool) -> str:
    def cell(text: str) -> str:
        special = always_quoted or any(c in text for c in f'{separator}"\n')
        return '"' + text.replace('"', '""') + '"' if special else text

    return separator.join(map(cell, cells))


@dataclass(frozen=True, slots=True)
class Dialect:
    separator: str
    always_quoted: bool
    encoding: str


DIALECTS = tuple(
    Dialect(separator, quoted, encoding)
    for separator in (",", "\t")
    for quoted in (False, True)
    for encoding in ("utf-8", "utf-8-sig", "gb18030")
)


def try_text(tally: TableTally, seeds: range, rows: int = 100) -> None:
    """Damage one row in five of a table for each seed, and read it."""
    for seed in seeds:
        chance = random.Random(seed)
        dialect = DIALECTS[seed % len(DIALECTS)]
        made = [row_of(chance, i) for i in range(rows)]
        lines = [
            written(row, dialect.separator, dialect.always_quoted).encode(
                dialect.encoding.removesuffix("-sig")
            )
            for row in made
        ]
        rules = [
            None if chance.randrange(5) else chance.choice(table_damage.ROW_RULES) for _ in lines
        ]
        after = [
            rule(line, chance) if rule else line for rule, line in zip(rules, lines, strict=True)
        ]
        head = written(HEADING, dialect.separator, dialect.always_quoted).encode(dialect.encoding)
        _read_text(tally, head + b"\n" + b"\n".join(after) + b"\n", made, rules, f"seed {seed}")


def _read_text(
    tally: TableTally,
    data: bytes,
    made: list[list[str]],
    rules: list[table_damage.Rule | None],
    where: str,
) -> None:
    titles, seconds = _titles_of(tally, data, where)
    tally.seconds += seconds
    tally.longest = max(tally.longest, seconds)
    for row, rule in zip(made, rules, strict=True):
        if rule:
            tally.note(rule.__name__, "read" if row[1] in titles else "set aside or changed")
            continue
        tally.sound += 1
        if row[1] not in titles:
            tally.lost_neighbours.append(f"{where}: {row[1]}")


def _titles_of(tally: TableTally, data: bytes, where: str) -> tuple[set[str], float]:
    begun = time.process_time()
    titles: set[str] = set()
    try:
        for read in open_file(_in_memory("table", data)).reads:
            if isinstance(read.what, Lost):
                tally.codes[read.what.reason.value] += 1
            else:
                titles |= {title.text for title in read.what.titles}
    except Refused as refused:
        tally.codes[refused.code] += 1
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        tally.failures.append(f"{where}: {error!r}")
    return titles, time.process_time() - begun


def books() -> list[bytes]:
    """Small workbooks of the kinds that members send."""
    return [_book(seed) for seed in range(6)]


def _book(seed: int) -> bytes:
    chance = random.Random(seed)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("图书")
    top = 0
    if seed % 2:
        sheet.merge_range("A1:E1", "门源县图书馆藏书目录（2023年）")
        top = 2
    sheet.write_row(top, 0, HEADING)
    for i in range(8):
        for column, cell in enumerate(row_of(chance, i)):
            sheet.write(top + 1 + i, column, int(cell) if cell.isdigit() and seed % 3 else cell)
    if seed % 3 == 0:
        sheet.merge_range(top + 10, 1, top + 12, 1, "祁连山丛书")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_number(top + 10, 4, 45000, day)
        second = book.add_worksheet("儿童")
        second.write_row("A1", ["书名", "作者"])
        second.write_row("A2", ["小王子", "(法)圣埃克苏佩里著"])
    book.close()
    return buffer.getvalue()


def try_books(tally: TableTally, seeds: range) -> None:
    """Damage a workbook for each seed, and read it in a child under the limits that the engine
    sets. A new interpreter for each would take longer than the reading."""
    made = books()
    for seed in seeds:
        chance = random.Random(seed)
        rule = chance.choice(table_damage.BOOK_RULES)
        became, seconds, memory = in_a_child(rule(chance.choice(made), chance))
        tally.note(rule.__name__, became.split(":")[0])
        tally.seconds += seconds
        tally.longest = max(tally.longest, seconds)
        tally.memory = max(tally.memory, memory)
        if became.startswith("refused"):
            tally.codes[became.removeprefix("refused: ")] += 1
        elif became != "read":
            tally.failures.append(f"seed {seed}: {became}")


def in_a_child(data: bytes) -> tuple[str, float, int]:
    """(what became of the workbook, seconds of the processor, MB). A child that breaks off is what the engine
    calls too large."""
    source, sink = os.pipe()
    child = os.fork()
    if not child:
        os.close(source)
        with os.fdopen(sink, "wb") as pipe:
            pickle.dump(_under_limits(data), pipe)
        os._exit(0)
    os.close(sink)
    with os.fdopen(source, "rb") as pipe:
        said = pipe.read()
    _, status, used = os.wait4(child, 0)
    became = "refused: workbook_too_large" if status else pickle.loads(said)  # noqa: S301 - our own
    return became, used.ru_utime + used.ru_stime, used.ru_maxrss >> 10


def _under_limits(data: bytes) -> str:
    def run(_: object, **given: object) -> SimpleNamespace:
        out = io.StringIO()
        code = workbook.write_rows(data, out)
        return SimpleNamespace(returncode=code, stdout=out.getvalue().encode())

    faulthandler.disable()  # a child that breaks off is expected, and need not tell where
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 2)
    limit = _mapped() + workbook.MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with patch("subprocess.run", run):
        return whole_way(data)


def _mapped() -> int:
    """Bytes of addresses that this process has already: all that the tests before it loaded."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()


def whole_way(data: bytes) -> str:
    """What the engine makes of a workbook."""
    try:
        reads = list(open_file(_in_memory("f.xlsx", data)).reads)
    except Refused as refused:
        return f"refused: {refused.code}"
    except BaseException as error:  # noqa: BLE001 - that is what is looked for
        return f"failed: {error!r}"
    return "read" if all(isinstance(read.what, Record | Lost) for read in reads) else "failed"
