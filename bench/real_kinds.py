"""Why a peer and we read a record differently: every kind of difference, its test, who is right."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from bench.peers import PeerRecord, pymarc_told
from bench.real_aspects import Aspect, Texts, bare
from lianguan.engine.mapping.stream import Read
from lianguan.engine.read.encodings import UTF8
from lianguan.engine.read.findings import Rule
from lianguan.engine.record import Record


@dataclass(frozen=True, slots=True)
class Difference:
    """One aspect of one record on which a peer and we do not agree."""

    file: str
    peer: str
    aspect: Aspect
    ours: Texts
    theirs: Texts
    read: Read
    record: PeerRecord

    @property
    def kind(self) -> "Kind":
        return next(kind for kind in KINDS if kind.holds(self))


Test = Callable[[Difference], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of difference; the first whose test holds gives a difference its name."""

    name: str
    right: str
    """ours, theirs, both, or neither."""
    why: str
    holds: Test


def _alike(fold: Callable[[str], str]) -> Test:
    """Equal once both sides are folded."""

    def holds(one: Difference) -> bool:
        return sorted(map(fold, one.ours)) == sorted(map(fold, one.theirs))

    return holds


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _without_ligatures(text: str) -> str:
    return re.sub("[\u0360\u0361\ufe20-\ufe23]", "", unicodedata.normalize("NFD", text))


def _without_controls(text: str) -> str:
    kept = "".join(" " if c == "\n" else c for c in _nfc(text) if c == "\n" or _shown(c))
    return bare(" ".join(kept.split()))


def _shown(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf")


def _repaired(*rules: Rule) -> Test:
    """The record was repaired in one of these ways."""

    def holds(one: Difference) -> bool:
        return any(rule in one.read.rules for rule in rules)

    return holds


def _told_the_encoding(one: Difference) -> bool:
    """pymarc reads as we do once it is told the encoding that we found."""
    is_utf8 = one.read.encoding == UTF8
    record = pymarc_told(one.read.raw, is_utf8, "" if is_utf8 else one.read.encoding)
    if record is None or not isinstance(one.read.what, Record):
        return False
    ours, theirs = one.aspect.sides(one.read.what, record)
    return sorted(map(_without_controls, ours)) == sorted(map(_without_controls, theirs))


def _line_by_line(one: Difference) -> bool:
    """Equal once the peer's row is taken for UTF-8, whatever the rest of its file is in."""
    if one.peer != "csv":
        return False
    try:
        fields = [replace(f, data=f.data.encode("cp1252").decode()) for f in one.record.fields]
    except UnicodeError:
        return False
    if not isinstance(one.read.what, Record):
        return False
    ours, theirs = one.aspect.sides(one.read.what, PeerRecord("", tuple(fields)))
    return ours == theirs


def _isbd_in_a(one: Difference) -> bool:
    """Theirs is ours and what follows a colon or an equals sign."""
    if one.aspect.name != "title" or len(one.ours) != len(one.theirs):
        return False
    pairs = zip(map(_without_ligatures, one.ours), map(_without_ligatures, one.theirs), strict=True)
    return all(a == b or re.match(r"[\s.,/]*[:=]", b[len(a) :]) for a, b in pairs)


def _unknown_digits(one: Difference) -> bool:
    if one.aspect.name != "year" or not one.theirs:
        return False
    said = one.theirs[0]
    return not said.isdigit() and one.ours in ([], [re.sub(r"\D", "0", said)])


def _to_come(one: Difference) -> bool:
    return one.aspect.name == "year" and not one.ours and one.theirs[0] > "2100"


def _zeros_lost(one: Difference) -> bool:
    return one.aspect.name == "ISBN" and Rule.ISBN_LEADING_ZEROS in one.read.rules


def _no_number(one: Difference) -> bool:
    return one.aspect.name == "record number" and not one.theirs


def _other_prefix(one: Difference) -> bool:
    return one.aspect.name == "OCLC number" and not one.ours


AND_OTHERS = frozenset(
    "等 等等 等人 册 编 奉敕 奉勅 等奉勅 et al and others by"
    " edited written translated illustrated".split()
)


def _and_others(one: Difference) -> bool:
    return one.peer == "csv" and not one.ours and AND_OTHERS.issuperset(one.theirs)


def _other_form(one: Difference) -> bool:
    """What is left of the cell stands in brackets behind a name."""
    cell = " ".join(one.aspect.theirs(one.record))
    inside = " ".join(re.findall(r"[(（\[〔【]([^)）\]〕】]*)[)）\]〕】]?", cell))
    left = [word for word in one.theirs if word not in AND_OTHERS]
    return one.aspect.name == "names" and not one.ours and all(w in inside for w in left)


KINDS = (
    Kind("Unicode form", "both", "The same characters, composed (ours, pymarc) or marks apart.",
         _alike(_nfc)),
    Kind("ligature marks", "both", "MARC-8 has a ligature in two halves; we make it one mark over "
         "two letters (U+0361), the peers two half marks (U+FE20, U+FE21).",
         _alike(_without_ligatures)),
    Kind("controls and line breaks", "ours", "Control characters, marks for the direction of "
         "writing and line breaks of the XML or JSON; we leave them out of texts.",
         _alike(_without_controls)),
    Kind("damaged directory", "ours", "The directory or base address is wrong and the peer cuts "
         "fields where it says; we mended it from the field ends.",
         _repaired(Rule.DIRECTORY_WRONG, Rule.BASE_ADDRESS_WRONG, Rule.FIELD_END_DAMAGED)),
    Kind("encoding not as claimed", "ours", "The leader claims another encoding than the bytes "
         "are in; told the one that we found, pymarc reads as we do.", _told_the_encoding),
    Kind("mended text", "ours", "MARC-8 escapes, HTML references or UTF-8 turned into UTF-8 "
         "twice, which the member's export left in and we undo.",
         _repaired(Rule.UTF8_TWICE, Rule.CHARACTER_REFERENCES, Rule.MARC8_ESCAPES_IN_UTF8)),
    Kind("unknown MARC-8 codes", "ours", "Codes that are in no table of MARC-8: we show U+FFFD, "
         "the peers leave them out or stop there.", _repaired(Rule.MARC8_UNKNOWN)),
    Kind("two encodings in a file", "ours", "Some rows are in UTF-8, others in Windows-1252; we "
         "decide row by row, csv is told one for all.", _line_by_line),
    Kind("ISBD signs in $a", "ours", "Title, subtitle and parallel title stand in one subfield "
         "with the signs of ISBD between them; we part them.", _isbd_in_a),
    Kind("unknown digits of a year", "ours", "19uu: we give the first year that it can be, marked "
         "questionable.", _unknown_digits),
    Kind("year to come", "ours", "Later than 2100: no year of publication.", _to_come),
    Kind("leading zeros lost", "ours", "A spreadsheet took the zeros off an ISBN-10; we put them "
         "back where the check digit then is right.", _zeros_lost),
    Kind("no number", "both", "The row has no number; we give it one made of what it says.",
         _no_number),
    Kind("unusual prefix", "both", "(OCoLC) with letters that OCLC does not use: another system's "
         "number to us.", _other_prefix),
    Kind("and others", "both", "等, et al., 奉敕 (by order of the throne) and such are no name.",
         _and_others),
    Kind("other form in brackets", "both", "The name in another script or form, in brackets "
         "behind the name; not kept apart yet.", _other_form),
    Kind("unexplained", "neither", "", lambda one: True),
)  # fmt: skip
