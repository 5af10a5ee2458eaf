"""What a member says may be done with its records, and which of their fields stay with it."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from lianguan.engine.mapping.detect import TABLES
from lianguan.engine.mapping.holdings import (
    CNMARC_905,
    CNMARC_906,
    CNMARC_SERIAL,
    FRENCH_930,
    FRENCH_995,
    ITEM_876,
    KOHA_952,
    MARC_852,
    Columns,
)
from lianguan.engine.read.findings import Refused


@dataclass(frozen=True, slots=True)
class Terms:
    """The present terms of a member; they hold for every record that it ever sent."""

    shown: bool = True
    """Its records count on the pages, in search and in `show`."""
    exported: bool = True
    """Its records go to others; what it fetches itself always has everything."""
    harvested: bool = True
    """Its records may be fetched by programs of others (OAI-PMH), once that can be done."""
    hidden: tuple[str, ...] = ()
    """Fields that nobody else sees: "price", "supplier", "010$d", "905", a heading of a table."""


WAYS = ("shown", "exported", "harvested")

UNIMARC_PRICES = ("010$d", "011$d", "345$d", "906$d")
PLACES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "price": {
        "marc21": ("020$c", "022$c", "024$c", "037$c", "365", "366", "952$g"),
        "unimarc": UNIMARC_PRICES,
        "cnmarc": UNIMARC_PRICES,
    },
    "supplier": {
        "marc21": ("037$b", "541"),
        "unimarc": ("345",),
        "cnmarc": ("345",),
    },
}
"""What has a word of its own: where it stands in each dialect. Prices stand, besides, where the
member's profile puts them."""

MAY_BE_HIDDEN = frozenset({"subjects", "classes", "notes", "links", "online", "holdings"})
"""Slots without which an entry is still known for what it is. What names the thing is what a
union is made of; a member that keeps it to itself does not let its records be shown."""

COPIES: Mapping[str, Columns] = {
    "852": MARC_852,
    "876": ITEM_876,
    "877": ITEM_876,
    "878": ITEM_876,
    "905": CNMARC_905,
    "906": CNMARC_906,
    "907": CNMARC_SERIAL,
    "920": CNMARC_SERIAL,
    "930": FRENCH_930,
    "952": KOHA_952,
    "995": FRENCH_995,
}
"""Fields of holdings, and what their subfields are read as."""

WRITTEN = re.compile(r"(\d{3})(?:\$([a-z0-9A-Z]+))?")


def hidden_in(said: str) -> tuple[str, ...]:
    """The fields that somebody names, parted by commas: "905$be" are 905$b and 905$e."""
    found: list[str] = []
    for word in re.split(r"[,，、;；]", said):
        match = WRITTEN.fullmatch(word.strip())
        if match and match[2]:
            found += [f"{match[1]}${code}" for code in match[2]]
        elif word.strip():
            found.append(word.strip())
    return tuple(dict.fromkeys(found))


def check_hidden(
    names: Collection[str], dialects: Collection[str], headings: Mapping[str, str]
) -> None:
    """Refuse a name that hides nothing, and a field that says what the thing is. `dialects` are
    those of the member's records, `headings` those of its tables with what they were read as."""
    known = TABLES.keys() & set(dialects) or TABLES.keys()
    for name in names:
        match = WRITTEN.fullmatch(name)
        if match:
            if not all(_may_hide(match[1], match[2] or "", one) for one in known):
                raise Refused("hidden_needed", name)
        elif name not in PLACES and not _may_hide_column(name, headings):
            raise Refused("hidden_unknown", name)


def _may_hide(tag: str, code: str, dialect: str) -> bool:
    if any(f"{tag}${code}" in places.get(dialect, ()) for places in PLACES.values()):
        return True
    if tag < "010":
        return False
    slots = set(_slots_of(int(tag), dialect))
    if not code:
        return slots <= MAY_BE_HIDDEN
    return not slots or (slots == {"holdings"} and tag in COPIES)


def _slots_of(tag: int, dialect: str) -> Iterator[str]:
    """The slots of a record that a field is read into."""
    for row in TABLES[dialect].rows:
        one = row
        while one:
            if any(want.tag == tag for want in one.wants):
                yield one.slot
            one = one.otherwise  # type: ignore[assignment]  # None at the end


OF_HOLDINGS: Mapping[str, str] = {
    "location": "location",
    "call_number": "call_number",
    "class": "call_number",
    "author_number": "call_number",
    "barcode": "barcodes",
    "copies": "copies",
    "volumes": "volumes",
    "volume": "volumes",
    "issue": "volumes",
    "missing": "volumes",
    "volumes_held": "volumes",
    "years": "years",
    "years_held": "years",
    "price": "price",
    "note": "note",
}
"""What a subfield or a column is read as → the part of a holding that it goes into."""

IN_TABLES = frozenset("location call_number barcode copies volumes_held years_held price".split())


def _may_hide_column(heading: str, headings: Mapping[str, str]) -> bool:
    """A column of the member's tables that was read as nothing, or as part of a holding."""
    return bool(headings) and headings.get(heading, "price") in IN_TABLES


def by_tag(names: Collection[str]) -> dict[str, str]:
    """Tag → the codes of its hidden subfields; "" where all of it is hidden."""
    whole = {name for name in names if re.fullmatch(r"\d{3}", name)}
    parts = sorted(name for name in names if "$" in name and name[:3] not in whole)
    found = dict.fromkeys(sorted(whole), "")
    for tag, some in groupby(parts, lambda name: name[:3]):
        found[tag] = "".join(name[4:] for name in some)
    return found
