"""The names of records and entries, which must never change: a member's own number, and the
address under which anybody finds what it describes."""

import base64
import hashlib
from collections import Counter

from lianguan.engine.record import Record

ADDRESS_LENGTH = 13


def address_of(library: str, number: str) -> str:
    """The 13 characters of base32 under which a record's entry is found for good."""
    digest = hashlib.sha256(f"{library}\0{number}".encode()).digest()
    return base64.b32encode(digest)[:ADDRESS_LENGTH].decode().lower()


def record_key(library: str, number: str) -> str:
    return f"{library}:{number}"


def parted(key: str) -> tuple[str, str]:
    """(library, number) of a record key."""
    library, _, number = key.partition(":")
    return library, number


class Numbers:
    """The numbers of one delivery: what the profile says, and each of them only once.

    A second record under a number that was already used gets "~2" behind it, so that both
    are kept; a record without a number is called by a hash of its bytes.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.used: Counter[str] = Counter()

    def number_of(self, record: Record, raw: bytes) -> tuple[str, bool]:
        """The record's number, and whether it came a second time."""
        number = self._said(record) or "h" + hashlib.sha256(raw).hexdigest()[:16]
        self.used[number] += 1
        times = self.used[number]
        return (f"{number}~{times}", True) if times > 1 else (number, False)

    def _said(self, record: Record) -> str:
        if self.key == "hash":
            return ""
        if self.key == "003/001" and record.agency and record.number:
            return f"{record.agency}/{record.number}"
        return record.number
