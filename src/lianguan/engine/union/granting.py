"""A member's terms changed, and the catalogue brought to them."""

import dataclasses
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from lianguan.engine.read.findings import Refused
from lianguan.engine.union import database, numbering
from lianguan.engine.union.database import Connection, building
from lianguan.engine.union.delivery import Told, nobody
from lianguan.engine.union.entries import note_library
from lianguan.engine.union.generations import current, packing_of
from lianguan.engine.union.rebuilding import ready_builder
from lianguan.engine.union.sources import Sources
from lianguan.engine.union.terms import Terms, check_hidden, hidden_in
from lianguan.engine.union.written import Packing


@dataclass(frozen=True, slots=True)
class TermsOrder:
    """What a person says of a member's terms; None is as it was."""

    shown: bool | None = None
    exported: bool | None = None
    harvested: bool | None = None
    hide: str | None = None
    """All fields that are to be hidden from now on, parted by commas; "" for none."""

    @property
    def changes_nothing(self) -> bool:
        return self == TermsOrder()

    def applied(self, terms: Terms) -> Terms:
        said: dict[str, bool | tuple[str, ...]] = {
            name: value
            for name in ("shown", "exported", "harvested")
            if (value := getattr(self, name)) is not None
        }
        if self.hide is not None:
            said["hidden"] = hidden_in(self.hide)
        return dataclasses.replace(terms, **said)  # type: ignore[arg-type]  # each of its own kind


def terms_of(root: Path, library: str) -> Terms:
    """The present terms of a member. Raises Refused("library_unknown")."""
    sources = Sources(root / "sources")
    if not sources.folder(library).is_dir():
        raise Refused("library_unknown", library)
    return sources.profile(library).terms


def change_terms(
    root: Path,
    library: str,
    order: TermsOrder,
    told: Told = nobody,
) -> Terms:
    """Change a member's terms; everybody sees them at once, and the search when this returns. A
    member may say them before it sends anything. Raises Refused, and then nothing has changed."""
    Sources(root / "sources").folder(library)
    with building(root, f"terms {library}"):
        if current(root) is None:
            return _kept(Sources(root / "sources"), library, order, ())
        builder = ready_builder(root, told)
        with closing(database.connect(builder.folder / "catalogue.sqlite", writing=True)) as there:
            dialects = _dialects(there, library)
            before = builder.sources.profile(library).terms
            after = _checked(builder.sources, library, order, dialects)
            if (before.shown, before.hidden) != (after.shown, after.hidden):
                # Noted before it is true, and a number taken that makes whoever builds look:
                # whatever happens next, the search comes to agree.
                with builder.sources.next_event():
                    pass
                with database.transaction(there):
                    note_library(there, library)
            _kept(builder.sources, library, order, dialects)
            builder.index(there, packing_of(there) or Packing(), told)
    return after


def _checked(sources: Sources, library: str, order: TermsOrder, dialects: Collection[str]) -> Terms:
    profile = sources.profile(library)
    terms = order.applied(profile.terms)
    if order.hide:
        check_hidden(terms.hidden, dialects, profile.recognised)
    return terms


def _kept(sources: Sources, library: str, order: TermsOrder, dialects: Collection[str]) -> Terms:
    terms = _checked(sources, library, order, dialects)
    with numbering.no_number(sources.root):  # nor is the member called otherwise
        profile = sources.profile(library)
        sources.keep_profile(library, dataclasses.replace(profile, terms=terms))
    return terms


def _dialects(connection: Connection, library: str) -> Collection[str]:
    """The dialects of a member's records."""
    rows = connection.execute(
        "SELECT dialect FROM readings WHERE id IN (SELECT DISTINCT reading FROM records"
        " JOIN libraries ON libraries.id = library WHERE code = ?)",
        (library,),
    )
    return {row[0] for row in rows}
