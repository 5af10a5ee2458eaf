"""A member's files in: read for what they are, kept, loaded, reported."""

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path

from lianguan.engine.read.encodings import encoding_named
from lianguan.engine.read.files import SourceFile, check_files, source_files
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.build import Builder
from lianguan.engine.union.database import building
from lianguan.engine.union.delivery import Told, nobody
from lianguan.engine.union.loading import Loaded
from lianguan.engine.union.prepare import opening_of
from lianguan.engine.union.rebuilding import ready_builder
from lianguan.engine.union.room import check_room, for_import
from lianguan.engine.union.sources import (
    ASIDE,
    DELETES,
    FULL,
    UPSERT,
    Event,
    Import,
    Profile,
    Sources,
    import_in,
)

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
    """Yes to a delivery that deletes much."""
    is_rehearsal: bool = False
    is_deletes: bool = False
    """The files say what the member has deleted."""

    @property
    def kind(self) -> str:
        if self.is_deletes:
            return DELETES
        return FULL if self.is_full else UPSERT


def import_files(root: Path, paths: list[Path], order: Order, told: Told = nobody) -> Loaded:
    """Load files as one delivery of one member. Raises Refused, and then nothing has changed."""
    check(order)
    check_files(paths)
    with building(root, f"import {order.library}"):
        builder = ready_builder(root, told)
        if order.is_rehearsal:
            return _rehearse(builder, paths, order, told)
        told("receive", 0, 0)
        one = _receive(builder.sources, paths, order)
        builder.catch_up(told, before=one.number)
        try:
            return builder.load(one, told, may_delete=one.may_delete)
        except Refused:
            builder.sources.discard(one)
            raise
        except Exception as error:
            if builder.is_its_own_fault(Event(one.id, one), error):
                builder.sources.put_aside(one, repr(error))
            raise


def receive_files(root: Path, paths: list[Path], order: Order, origin: str = "") -> Import:
    """Keep files as one delivery of one member, for whoever builds next to load. They are safe
    when this returns. What has come of an origin once is not received again; two must not ask
    for one at the same time. Raises Refused, and then nothing was kept."""
    check(order)
    sources = Sources(root / "sources")
    if origin and (made := _made_of(sources.folder(order.library), origin)):
        return made
    check_files(paths)
    return _receive(sources, paths, order, origin)


def _made_of(folder: Path, origin: str) -> Import | None:
    """The delivery of a member that was made of an origin, whatever became of it."""
    folders = (*folder.glob("[0-9]*-*"), *folder.glob(f"{ASIDE}[0-9]*-*"))
    found = map(import_in, folders)
    return next((one for one in found if one and one.origin == origin), None)


def _receive(sources: Sources, paths: list[Path], order: Order, origin: str = "") -> Import:
    profile, kind = _understood(sources, paths, order)
    check_room(sources.root.parent, for_import(sum(path.stat().st_size for path in paths)))
    may_delete = order.may_delete or order.kind == UPSERT
    return sources.receive(
        order.library, paths, kind, profile, may_delete=may_delete, origin=origin
    )


def _rehearse(builder: Builder, paths: list[Path], order: Order, told: Told) -> Loaded:
    profile, kind = _understood(builder.sources, paths, order)
    builder.sources.folder(order.library)
    files = [file for path in paths for file in source_files(path)]
    one = Import("0-rehearsal", order.library, kind, "", (), profile)
    return builder.rehearse(one, files, told)


def _understood(sources: Sources, paths: list[Path], order: Order) -> tuple[Profile, str]:
    """How files are to be read, and what kind of delivery they are. Raises Refused."""
    kept = sources.said_last(order.library)
    is_new_key = order.key not in ("", kept.key)
    if is_new_key and not order.is_full and sources.imports(order.library):
        raise Refused("key_changes", f"{kept.key} → {order.key}")
    files = [file for path in paths for file in source_files(path)]
    return fitting(files, kept, order), order.kind


def check(order: Order) -> None:
    """Raises Refused for what nobody can mean."""
    if order.format and order.format not in FORMATS:
        raise Refused("format_unknown", f"{order.format}: {' '.join(FORMATS)}")
    if order.encoding and not encoding_named(order.encoding):
        raise Refused("encoding_unknown", order.encoding)
    if order.key and not KEY.fullmatch(order.key):
        raise Refused("key_unknown", order.key)
    if order.is_full and order.is_deletes:
        raise Refused("full_or_deletes", order.library)


def fitting(files: list[SourceFile], kept: Profile, order: Order) -> Profile:
    """The profile to read files by: what is said now, over what was said before. Columns said
    before count only if these files have them."""
    said = {
        name: value
        for name in ("name", "format", "encoding", "columns", "key")
        if (value := getattr(order, name))
    }
    profile = dataclasses.replace(kept, **said)
    refusal = _refusal(files, profile, order.kind)
    if refusal and refusal.code == "columns_unknown_heading" and not order.columns:
        profile = dataclasses.replace(profile, columns="")
        refusal = _refusal(files, profile, order.kind)
    if refusal:
        raise refusal
    return profile


def _refusal(files: list[SourceFile], profile: Profile, kind: str) -> Refused | None:
    """Why none of the files can be read; None if one of them can."""
    refusal = None
    for file in files:
        try:
            if next(opening_of(kind)(file, profile.options()).reads, None):
                return None
            raise Refused("no_records" if file.head(1) else "file_empty", file.name)
        except Refused as refused:
            refusal = refusal or refused
    return refusal or Refused("archive_empty")
