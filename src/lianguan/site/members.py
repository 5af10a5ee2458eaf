"""What a member decides and what it gets back, at the command line."""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lianguan.engine.match.explain import Explanation
from lianguan.engine.read.encodings import UTF8
from lianguan.engine.read.findings import Refused
from lianguan.engine.sentences import sentence
from lianguan.engine.union.differences import Difference, differences
from lianguan.engine.union.duplicates import DuplicateGroup, OfOwn, duplicates
from lianguan.engine.union.enriching import Enriched, EnrichedExport
from lianguan.engine.union.export import safe, whole
from lianguan.engine.union.granting import TermsOrder, change_terms, terms_of
from lianguan.engine.union.sources import Sources
from lianguan.engine.union.terms import Terms
from lianguan.site import printing
from lianguan.site.exporting import FORMATS, known
from lianguan.site.language import language, say
from lianguan.site.loading import progress
from lianguan.site.refusals import told

console = Console()

MOST_SHOWN = 20
DUPLICATE_COLUMNS = (
    "group", "entry", "number", "title", "publisher", "year", "call_numbers", "rule", "why",
)  # fmt: skip


def terms(
    root: Path, library: str, said: dict[str, str], hide: str | None, *, as_json: bool
) -> None:
    with told(as_json=as_json):
        order = TermsOrder(**{way: _yes(word) for way, word in said.items()}, hide=hide)
        if order.changes_nothing:
            now = terms_of(root, library)
        else:
            with progress() as listen:
                now = change_terms(root, library, order, told=listen)
    if as_json:
        print(json.dumps({"library": library, **asdict(now)}, ensure_ascii=False))  # noqa: T201
        return
    _print(library, now)
    if not Sources(root / "sources").imports(library):
        console.print(say("这个馆还没有送来过文件。", "This library has not sent anything yet."))


MOST_NAMED = 5


def enriched(root: Path, out: Path, asked: tuple[str, str, str], *, as_json: bool) -> None:
    """`asked` is the library, the format and the encoding."""
    library, format_, encoding = asked
    with printing.catalogue(root, as_json=as_json) as catalogue:
        if format_ not in FORMATS:
            raise Refused("format_unknown", f"{format_}: {' '.join(FORMATS)}")
        if encoding not in ("", UTF8):
            raise Refused("encoding_unknown", f"{encoding}: {UTF8}")
        known(catalogue, library)
        made = EnrichedExport(
            catalogue.connection, catalogue.packing, catalogue.sources, library, encoding
        )
        done: Enriched = getattr(made, format_)(out)
    if as_json:
        print(json.dumps(asdict(done), ensure_ascii=False))  # noqa: T201
        return
    console.print(f"{done.written:,} → {out}", markup=False)
    console.print(say("其中有增补的：", "of these with additions: ") + f"{done.enriched:,}")
    _print_counts(done.added)
    if done.too_long:
        named = " ".join(done.too_long[:MOST_NAMED])
        console.print(
            say(
                "加上增补后 ISO 2709 放不下，未加（可用 marcxml）：",
                "with additions too long for ISO 2709, so without them (use marcxml): ",
            )
            + f"{len(done.too_long):,}  {named}",
            markup=False,
        )


def duplicate_records(root: Path, library: str, out: Path | None, *, as_json: bool) -> None:
    with printing.catalogue(root, own=library, as_json=as_json) as catalogue:
        known(catalogue, library)
        groups = list(duplicates(catalogue, library))
    rows = [
        (at, group.entry, *_cells(one))
        for at, group in enumerate(groups, 1)
        for one in group.records
    ]
    if out:
        _table_to(out, DUPLICATE_COLUMNS, rows)
    if as_json:
        print(json.dumps([_group(group) for group in groups], ensure_ascii=False))  # noqa: T201
        return
    console.print(say("疑似重复：", "possible duplicates: ") + f"{len(groups):,}")
    if out:
        console.print(f"{len(rows):,} → {out}", markup=False)
        return
    for group in groups[:MOST_SHOWN]:
        console.print(f"\n{group.entry}", markup=False)
        for one in group.records:
            said = (one.number, one.title, one.publisher, one.year, *one.call_numbers)
            console.print("  " + " · ".join(filter(None, said)), markup=False)
            if one.why:
                console.print("      " + _in_words(one.why), markup=False)
    _more(len(groups))


def _cells(one: OfOwn) -> tuple[str, ...]:
    said = (one.number, one.title, one.publisher, one.year, " ".join(one.call_numbers))
    return *said, *((one.why.rule, _in_words(one.why)) if one.why else ("", ""))


def _in_words(why: Explanation) -> str:
    """The levels of a pair, and where the two alone are not found to be one, that they are not."""
    said = [
        " ".join(sentence(code, language()) for code in (f"field_{name}", f"level_{level}"))
        for name, level, left, right, _ in why.levels
        if left or right
    ]
    return sentence(f"decision_{why.decision}", language()) + ": " + ", ".join(said)


def _group(group: DuplicateGroup) -> dict[str, Any]:
    said = asdict(group)
    for one, record in zip(said["records"], group.records, strict=True):
        if record.why:
            one["why"]["levels"] = [level._asdict() for level in record.why.levels]
    return said


def differing_records(root: Path, library: str, out: Path | None, *, as_json: bool) -> None:
    with printing.catalogue(root, own=library, as_json=as_json) as catalogue:
        known(catalogue, library)
        found = differences(catalogue, library)
    counts = Counter(one.slot for one in found)
    if out:
        rows = [(*one[:-1], " ".join(one.by)) for one in found]
        _table_to(out, Difference._fields, rows)
    if as_json:
        said = {"counts": counts, "differences": [one._asdict() for one in found]}
        print(json.dumps(said, ensure_ascii=False))  # noqa: T201
        return
    if not found:
        console.print(say("没有发现不同之处。", "No differences found."))
    _print_counts(counts)
    if out:
        console.print(f"{len(found):,} → {out}", markup=False)
    elif found:
        _print_differences(found)


def _print_counts(counts: Counter[str]) -> None:
    for slot, count in counts.most_common():
        console.print(f"  {count:>7,}  {sentence(f'slot_{slot}', language())}")


def _print_differences(found: list[Difference]) -> None:
    table = Table()
    for heading in (
        say("记录", "record"),
        say("项目", "slot"),
        say("本馆", "own"),
        say("多数馆", "most others"),
        say("哪些馆", "who"),
    ):
        table.add_column(heading, overflow="fold")
    for one in found[:MOST_SHOWN]:
        slot = sentence(f"slot_{one.slot}", language())
        table.add_row(*map(escape, (one.number, slot, one.own, one.others, " ".join(one.by))))
    console.print(table)
    _more(len(found))


def _more(count: int) -> None:
    if count > MOST_SHOWN:
        said = say("只列出前 {} 项；全部用 --out 写入文件。", "The first {}; --out writes all.")
        console.print(said.format(MOST_SHOWN))


def _table_to(path: Path, headings: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    with whole(path) as staged, staged.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows([safe(str(cell)) for cell in row] for row in rows)


def _yes(word: str) -> bool | None:
    if word not in ("", "yes", "no"):
        raise Refused("yes_or_no", word)
    return word == "yes" if word else None


def _print(library: str, now: Terms) -> None:
    words = {True: say("是", "yes"), False: say("否", "no")}
    console.print(f"[bold]{library}[/bold]")
    for name, value in (
        (say("网页上显示", "shown on pages"), words[now.shown]),
        (say("供其他馆导出", "exported to others"), words[now.exported]),
        (say("供外部收割", "harvested by others"), words[now.harvested]),
        (say("隐去的字段", "fields hidden"), " ".join(now.hidden) or say("无", "none")),
    ):
        console.print(f"  {name}: {value}", markup=False)
