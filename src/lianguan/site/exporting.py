"""Exports at the command line."""

import json
from pathlib import Path

from rich.console import Console

from lianguan.engine.read.findings import Refused
from lianguan.engine.union import export
from lianguan.engine.union.access import Access
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.export import RecordExport
from lianguan.site import printing
from lianguan.site.language import say

console = Console()

FORMATS = ("iso2709", "marcxml", "csv")


def clusters(root: Path, out: Path) -> None:
    with printing.catalogue(root) as catalogue, export.whole(out) as staged:
        access = Access(catalogue.sources.profiles(), "exported")
        with staged.open("w", encoding="utf-8") as file:
            count = export.clusters(catalogue.connection, access, file)
    console.print(f"{count:,} → {out}")


def keys(root: Path, out: Path, library: str) -> None:
    with printing.catalogue(root) as catalogue:
        known(catalogue, library)
        exports = RecordExport(catalogue.connection, catalogue.packing, catalogue.sources, library)
        done = exports.keys(out)
    console.print(f"{done.written:,} → {out}", markup=False)


def records(root: Path, out: Path, format_: str, library: str, *, as_json: bool) -> None:
    with printing.catalogue(root, as_json=as_json) as catalogue:
        if format_ not in FORMATS:
            raise Refused("format_unknown", f"{format_}: {' '.join(FORMATS)}")
        known(catalogue, library)
        exports = RecordExport(catalogue.connection, catalogue.packing, catalogue.sources, library)
        done = getattr(exports, format_)(out)
    if as_json:
        print(json.dumps(done._asdict()))  # noqa: T201
        return
    console.print(f"{done.written:,} → {out}")
    if done.as_sent:
        console.print(say("其中一字节不改：", "of these byte for byte: ") + f"{done.as_sent:,}")
    if done.left_out:
        console.print(
            say("太长，ISO 2709 放不下（可用 marcxml）：", "too long for ISO 2709 (use marcxml): ")
            + f"{done.left_out:,}"
        )


def sources(root: Path, out: Path, library: str) -> None:
    with printing.catalogue(root) as catalogue:
        known(catalogue, library)
        count = export.copy_sources(catalogue.sources, library, out)
    console.print(f"{count:,} → {out}")


def known(catalogue: UnionCatalogue, library: str) -> None:
    """Refuse a library that is not there, before a file of that name is written over."""
    if library and library not in catalogue.sources.libraries():
        raise Refused("library_unknown", library)
