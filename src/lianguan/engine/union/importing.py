"""A member's files in: read for what they are, kept, loaded, reported."""

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path

from lianguan.engine.mapping.opened import open_file
from lianguan.engine.read.encodings import encoding_named
from lianguan.engine.read.files import SourceFile, check_files, source_files
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.build import Decisions, check_space, ready_builder
from lianguan.engine.union.database import building
from lianguan.engine.union.delivery import Told, nobody
from lianguan.engine.union.loading import Loaded
from lianguan.engine.union.sources import FULL, UPSERT, Import, Profile, Sources

FORMATS = (
    "iso2709", "marcxml", "json", "lines", "csv", "tsv", "table", "excel", "marc21", "unimarc",
    "cnmarc",
)  # fmt: skip
KEY = re.compile(r"001|003/001|hash|\d{3}\$\w")


@dataclass(frozen=True, slots=True)
class Order:
    """What a person says of a delivery; what is empty is as the member's profile has it."""

    library: str
    name: str = ""
    format: str = ""
    encoding: str = ""
    columns: str = ""
    key: str = ""
    is_full: bool = False
    may_delete: bool = False
    """Yes to a full delivery that deletes much."""
    is_rehearsal: bool = False


def import_files(
    root: Path,
    paths: list[Path],
    order: Order,
    decisions: Decisions | None = None,
    told: Told = nobody,
) -> Loaded:
    """Load files as one delivery of one member. Raises Refused, and then nothing has changed."""
    check(order)
    check_files(paths)
    with building(root, f"import {order.library}"):
        builder = ready_builder(root, decisions, told)
        sources = builder.sources
        files = [file for path in paths for file in source_files(path)]
        kept = sources.profile(order.library)
        is_new_key = order.key not in ("", kept.key)
        if is_new_key and not order.is_full and sources.imports(order.library):
            raise Refused("key_changes", f"{kept.key} → {order.key}")
        profile = fitting(files, kept, order)
        kind = FULL if order.is_full else UPSERT
        if order.is_rehearsal:
            sources.folder(order.library)
            one = Import("0-rehearsal", order.library, kind, "", (), profile)
            return builder.rehearse(one, files, told)
        check_space(root, sum(path.stat().st_size for path in paths))
        told("receive", 0, 0)
        one = sources.receive(
            order.library, paths, kind, profile, may_delete=order.may_delete or not order.is_full
        )
        try:
            loaded = builder.load(one, told, may_delete=one.may_delete)
        except Refused:
            sources.discard(one)
            raise
        except Exception:
            sources.put_aside(one)
            raise
        _keep_profile(sources, one, loaded)
        return loaded


def check(order: Order) -> None:
    """Raises Refused for what nobody can mean."""
    if order.format and order.format not in FORMATS:
        raise Refused("format_unknown", f"{order.format}: {' '.join(FORMATS)}")
    if order.encoding and not encoding_named(order.encoding):
        raise Refused("encoding_unknown", order.encoding)
    if order.key and not KEY.fullmatch(order.key):
        raise Refused("key_unknown", order.key)


def fitting(files: list[SourceFile], kept: Profile, order: Order) -> Profile:
    """The profile to read files by: what is said now, over what was said before. Columns said
    before count only if these files have them."""
    said = {
        name: value
        for name in ("name", "format", "encoding", "columns", "key")
        if (value := getattr(order, name))
    }
    profile = dataclasses.replace(kept, **said)
    refusal = _refusal(files, profile)
    if refusal and refusal.code == "columns_unknown_heading" and not order.columns:
        profile = dataclasses.replace(profile, columns="")
        refusal = _refusal(files, profile)
    if refusal:
        raise refusal
    return profile


def _refusal(files: list[SourceFile], profile: Profile) -> Refused | None:
    """Why none of the files can be read; None if one of them can."""
    refusal = None
    for file in files:
        try:
            if next(open_file(file, profile.options()).reads, None):
                return None
            raise Refused("no_records" if file.head(1) else "file_empty", file.name)
        except Refused as refused:
            refusal = refusal or refused
    return refusal or Refused("archive_empty")


def _keep_profile(sources: Sources, one: Import, loaded: Loaded) -> None:
    """Remember how the member's files were read. What was said of format and encoding is true
    of these files only: a member may change its system, and then nobody would notice."""
    recognised = {
        heading: attribute
        for shape in loaded.shapes
        for columns in shape.columns.values()
        for heading, attribute in columns.items()
    }
    profile = dataclasses.replace(
        one.profile,
        recognised=one.profile.recognised | recognised,
        format="",
        encoding="",
        terms=sources.profile(one.library).terms,
    )
    sources.keep_profile(one.library, profile)
