"""What can be wrong with a record: repairs, each with a name, and reasons to set it aside.

Both lists are closed. Their sentences stand in `engine/words.csv`.
"""

from dataclasses import dataclass
from enum import Enum, IntFlag, auto


class Rule(IntFlag):
    """A repair that was made. A record carries the set of those it needed."""

    LENGTH_WRONG = auto()
    FIELD_END_DAMAGED = auto()
    RECORD_END_DAMAGED = auto()
    DIRECTORY_WRONG = auto()
    BASE_ADDRESS_WRONG = auto()
    TAG_LOST = auto()
    DELIMITERS_SUBSTITUTED = auto()
    OPAC_TEXT = auto()
    LEADER_LIES = auto()
    UTF8_TWICE = auto()
    BYTES_REPLACED = auto()
    MARC8_ESCAPES_IN_UTF8 = auto()
    MARC8_UNKNOWN = auto()
    GB_PRIVATE_USE = auto()
    CHARACTER_REFERENCES = auto()
    RULES_PREFIX = auto()
    XML_MENDED = auto()
    ISBN_LEADING_ZEROS = auto()
    NUMBER_TWICE = auto()
    FIELD_NOT_UNDERSTOOD = auto()

    @property
    def codes(self) -> tuple[str, ...]:
        """The names of the rules in this set, as they stand in reports and in words.csv."""
        return tuple((rule.name or "").lower() for rule in self)


NO_RULE = Rule(0)


class Reason(Enum):
    """Why a piece of input could not become a record."""

    TOO_SHORT = "too_short"
    NOT_A_RECORD = "not_a_record"
    TRUNCATED = "truncated"
    DIRECTORY_LOST = "directory_lost"
    SUBFIELDS_LOST = "subfields_lost"
    ENCODING_IN_DOUBT = "encoding_in_doubt"
    XML_BROKEN = "xml_broken"
    XML_REFUSED = "xml_refused"
    NOT_BIBLIOGRAPHIC = "not_bibliographic"
    NOTHING_IN_IT = "nothing_in_it"
    ROW_BROKEN = "row_broken"
    RECORD_MISSING = "record_missing"
    NUMBER_UNKNOWN = "number_unknown"
    NO_NUMBER = "no_number"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A piece of a file that is not in the catalogue, and why. The bytes stay in the source."""

    file: str
    offset: int
    """Byte offset in the unpacked file; for a spreadsheet the row, counted from 1."""
    length: int
    reason: str
    """A Reason, or the code of the refusal of a whole file; a line of words.csv."""
    detail: str = ""


class Refused(Exception):
    """A whole file that will not be read. `code` is a line of words.csv, `detail` the place."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
