"""What a member decides and what it gets back, at the command line."""

import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from lianguan.engine.read.encodings import UTF8
from lianguan.engine.read.findings import Refused
from lianguan.engine.sentences import sentence
from lianguan.engine.union.enriching import Enriched, EnrichedExport
from lianguan.engine.union.granting import TermsOrder, change_terms, terms_of
from lianguan.engine.union.sources import Sources
from lianguan.engine.union.terms import Terms
from lianguan.site import printing
from lianguan.site.exporting import FORMATS, known
from lianguan.site.language import language, say
from lianguan.site.loading import progress
from lianguan.site.refusals import told

console = Console()


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
    for slot, count in done.added.most_common():
        console.print(f"  {count:>7,}  {sentence(f'slot_{slot}', language())}")
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
