"""What is found in the catalogue, printed for people or as JSON for programs."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from lianguan.engine.match.explain import Explanation
from lianguan.engine.read.files import check_files
from lianguan.engine.read.findings import Refused
from lianguan.engine.search.index import Found
from lianguan.engine.sentences import sentence
from lianguan.engine.union.beside import reasons
from lianguan.engine.union.catalogue import EntryView, Source, UnionCatalogue
from lianguan.engine.union.pairs import match_files
from lianguan.engine.union.sent import SentField
from lianguan.engine.union.sources import Sources
from lianguan.engine.union.survey import Case, Survey, Whereabouts, survey, whereabouts
from lianguan.engine.union.ties import ties
from lianguan.site.examining import examine_all
from lianguan.site.language import language, say
from lianguan.site.refusals import told
from lianguan.site.wording import wording

console = Console()


@contextlib.contextmanager
def catalogue(root: Path, *, own: str = "", as_json: bool = False) -> Iterator[UnionCatalogue]:
    """The catalogue, as everybody or one member sees it, with refusals told."""
    with told(as_json=as_json), UnionCatalogue(root, own=own) as opened:
        yield opened


def _json(said: object) -> None:
    print(json.dumps(said, ensure_ascii=False))  # noqa: T201


FACETS = {
    "library": say("馆", "library"),
    "language": say("语种", "language"),
    "format": say("类型", "format"),
    "class": say("分类", "class"),
    "year": say("年", "year"),
}


def found(result: Found, chosen: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        facets = {name: dict(values) for name, values in result.facets.items()}
        hits = [hit._asdict() for hit in result.hits]
        _json({"total": result.total, "hits": hits, "facets": facets})
        return
    if not result.total:
        console.print(say("没有找到。去掉一些词试试。", "Nothing found. Try fewer words."))
        if chosen:
            limits = " ".join(f"--{name} {value}" for name, value in chosen.items())
            console.print(say(f"或去掉限定：{limits}", f"Or without {limits}."), markup=False)
        return
    table = Table(title=f"{result.total:,}", title_justify="left")
    for heading in (
        say("条目", "entry"),
        say("题名", "title"),
        say("责任者", "agents"),
        say("年", "year"),
        say("馆", "libraries"),
    ):
        table.add_column(heading, overflow="fold")
    for hit in result.hits:
        agents = "；".join(hit.agents[:3])
        table.add_row(hit.entry, hit.title, agents, hit.year, " ".join(hit.libraries))
    console.print(table)
    for name, values in result.facets.items():
        console.print(f"  {FACETS[name]}: " + " · ".join(f"{v} {n:,}" for v, n in values[:8]))


def entry(opened: UnionCatalogue, address: str, *, as_json: bool) -> None:
    view = opened.entry(_canonical(opened, address))
    if view is None:
        raise Refused("address_unknown", address)
    if as_json:
        _json(asked_for(view))
        return
    _shown(view)
    for source in view.sources:
        _source(source)


def _canonical(opened: UnionCatalogue, said: str) -> str:
    """The address of an entry by any of its addresses, or by LIBRARY:NUMBER. Raises Refused."""
    canonical = opened.canonical(opened.address_of(said) if ":" in said else said)
    if canonical is None:
        raise Refused("address_unknown", said)
    return canonical


def asked_for(view: EntryView) -> dict[str, object]:
    """An entry as JSON: each value with whose it is, each record as it was sent."""
    shown = {name: _named(value) for name, value in view.shown.everything().items()}
    return {
        "entry": view.address,
        "work": view.work,
        "libraries": view.shown.libraries,
        "shown": shown,
        "records": [_named(source) for source in view.sources],
        "same_work": view.same_work,
    }


def _named(value: Any) -> Any:
    """A value of an entry with the names of its parts."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _named(part) for name, part in value._asdict().items()}
    return [_named(part) for part in value] if isinstance(value, tuple) else value


def _shown(view: EntryView) -> None:
    shown = view.shown
    console.print(f"[bold]{shown.title.value}[/bold] {shown.parts.value} {shown.subtitle.value}")
    for values in (shown.agents, (shown.edition,), (shown.place, shown.publisher, shown.year)):
        said = " · ".join(v.value for v in values if v.value)
        if said:
            console.print("  " + said)
    console.print("  ISBN " + " ".join(v.value for v in shown.isbns)) if shown.isbns else None
    for held in shown.holdings:
        holding = held.holding
        where = (held.by, holding.location, holding.call_number, " ".join(holding.barcodes))
        what = (holding.years, holding.volumes)
        console.print("  " + " · ".join(filter(None, (*where, *what))), markup=False)
    for other in view.same_work:
        console.print(say("  同一作品：", "  same work: ") + other)


def _source(source: Source) -> None:
    repairs = "；".join(sentence(code, language()) for code in source.rules)
    heading = f"{source.library}:{source.number} · {source.container} {source.encoding}"
    console.rule(heading, align="left")
    if repairs:
        console.print(f"[yellow]{repairs}[/yellow]")
    if source.hidden:
        console.print(
            say("该馆不公开的字段：", "fields that this library does not show: ")
            + f"{source.hidden}"
        )
    if source.sent.leader:
        console.print(f"LDR {source.sent.leader}", markup=False, highlight=False)
    for field in source.sent.fields:
        console.print(line_of(field), markup=False, highlight=False)


def line_of(field: SentField) -> str:
    """A field as cataloguers write it: 200 1# $a红楼梦$f曹雪芹著."""
    said = "".join(f"${code}{text}" if code else text for code, text in field.subfields)
    return f"{field.tag} {field.indicators.replace(' ', '#')} {said}".replace("  ", " ")


def explanation(opened: UnionCatalogue, left: str, right: str, *, as_json: bool) -> None:
    """Why two records are or are not one edition; without a second, why those of an entry are."""
    if right:
        said = opened.explain(left, right)
        _json(_said(said)) if as_json else _explained(said, left, right)
        return
    address = _canonical(opened, left)
    pairs = ties(opened, address)
    tied = list(zip(pairs, opened.explain_pairs(pairs), strict=True))
    if as_json:
        found = [{"left": a, "right": b, **_said(said)} for (a, b), said in tied]
        _json({"entry": address, "ties": found})
        return
    if not tied:
        console.print(say("这个条目只有一条记录。", "The entry has one record."))
    for (a, b), said in tied:
        _explained(said, a, b)


def _said(said: Explanation) -> dict[str, object]:
    levels = [level._asdict() for level in said.levels]
    return {**asdict(said), "levels": levels, "reasons": reasons(said)}


def _explained(said: Explanation, left: str, right: str) -> None:
    table = Table(title=sentence(f"decision_{said.decision}", language()), title_justify="left")
    why = [sentence(code, language()) for code in reasons(said)]
    for heading in ("", say("程度", "level"), say("分", "points"), left, right):
        table.add_column(heading, overflow="fold")
    for level in said.levels:
        codes = (f"field_{level.field}", f"level_{level.level}")
        name, how = (sentence(code, language()) for code in codes)
        if level.left or level.right:
            table.add_row(name, how, str(level.points or ""), level.left, level.right)
    table.add_row(say("合计", "together"), "", str(said.points))
    console.print(table)
    for reason in why:
        console.print(f"  {reason}")
    for veto in said.vetoes:
        console.print(f"  ✗ {sentence(veto, language())}")
    if said.together:
        console.print(say("  现在同在一个条目里。", "  They stand in one entry now."))


def matching(root: Path, *, as_json: bool) -> None:
    """What is worth a look in how records were put together."""
    with catalogue(root, as_json=as_json) as opened:
        found = survey(opened)
        cases = [case for one in found.concerns for case in one.cases]
        now = whereabouts(opened, {key for case in cases for key in case.records})
    if as_json:
        _json(_surveyed(found))
        return
    console.print(f"{found.doubts:>9,}  {wording('concern_queue', language())}")
    for one in found.concerns:
        console.print(f"{one.total:>9,}  {wording(f'concern_{one.code}', language())}")
        for case in one.cases:
            console.print("           " + _case(case, now), markup=False, soft_wrap=True)


def _surveyed(found: Survey) -> dict[str, object]:
    concerns = [
        {**one._asdict(), "cases": [case._asdict() for case in one.cases]} for one in found.concerns
    ]
    return {**found._asdict(), "concerns": concerns}


def _case(case: Case, now: Mapping[str, Whereabouts]) -> str:
    """What it is about, its first records with what they are called, and how many are more."""
    records = (f"{key} {now[key].title if key in now else ''}".strip() for key in case.records)
    more = case.size - len(case.records)
    said = (case.about, *records, f"+{more:,}" if more > 0 else "")
    return " · ".join(filter(None, said))


def matches(left: Path, right: Path, *, as_json: bool) -> None:
    with told(as_json=as_json):
        check_files((left, right))
        for one in match_files(left, right):
            verdict = one.verdict
            said = (one.left, one.right, verdict.decision, verdict.rule)
            if as_json:
                _json(dict(zip(("left", "right", "decision", "rule"), said, strict=True)))
            else:
                print("\t".join(said))  # noqa: T201


def imports(root: Path, *, as_json: bool) -> None:
    sources = Sources(root / "sources")
    listed = list(sources.every())
    if as_json:
        _json([asdict(one) for one in listed])
        return
    table = Table()
    headings = (
        say("导入号", "import"),
        say("馆", "library"),
        say("方式", "kind"),
        say("文件", "files"),
        say("撤回", "withdrawn"),
    )
    for heading in headings:
        table.add_column(heading, overflow="fold", no_wrap=heading == headings[0])
    for one in listed:
        names = " ".join(file.name for file in one.files)
        table.add_row(one.id, one.library, one.kind, names, one.withdrawn)
    console.print(table)


def examination(root: Path, *, as_json: bool) -> None:
    with told(as_json=as_json):
        checks = examine_all(root)
    if as_json:
        _json([check._asdict() for check in checks])
    else:
        for check in checks:
            mark = "[green]✓[/green]" if check.is_well else "[red]✗[/red]"
            console.print(f"{mark} {wording(check.code, language())}  {check.detail}")
    if not all(check.is_well for check in checks):
        raise SystemExit(1)
