"""The names of records and entries, which must never change: a member's own number, and the
address under which anybody finds what it describes."""

import hashlib

from lianguan.engine.record import Record

ONE = "abcdefghijklmnopqrstuvwxyz234567"
TWO = [a + b for a in ONE for b in ONE]
"""The letters of base32 (RFC 4648), for five bits and for ten."""


def address_of(library: str, number: str) -> str:
    """The 13 characters of base32 under which a record's entry is found for good."""
    digest = hashlib.sha256(f"{library}\0{number}".encode()).digest()
    bits = int.from_bytes(digest[:9], "big") >> 7
    return "".join([TWO[bits >> at & 1023] for at in range(55, -1, -10)]) + ONE[bits & 31]


def record_key(library: str, number: str) -> str:
    return f"{library}:{number}"


def parted(key: str) -> tuple[str, str]:
    """(library, number) of a record key."""
    library, _, number = key.partition(":")
    return library, number


def said_number(record: Record, key: str, raw: bytes) -> str:
    """What a record is called: by what the member's profile says (`key`), else by a hash of its
    bytes."""
    number = "" if key == "hash" else str(record.number)
    if key == "003/001" and record.agency and number:
        return f"{record.agency}/{number}"
    return number or "h" + hashlib.sha256(raw).hexdigest()[:16]


TWIN = "~"
"""What stands between a number and how often it came."""


class Numbers:
    """The numbers of one delivery, each of them only once: a second record under a number that
    was already used gets "~2" behind it, so that both are kept."""

    def __init__(self) -> None:
        self.used: dict[str, int] = {}
        """Number → how often it came."""
        self.twins: dict[str, list[str]] = {}
        """Number → what the second record under it was called, the third …"""

    def unique(self, number: str) -> tuple[str, bool]:
        """The number, and whether it came before."""
        if number not in self.used:
            self.used[number] = 1
            return number, False
        twin = number
        while twin in self.used:
            self.used[number] += 1
            twin = f"{number}{TWIN}{self.used[number]}"
        self.used[twin] = 1
        self.twins.setdefault(number, []).append(twin)
        return twin, True

    def forget(self, number: str) -> tuple[str, ...]:
        """What came under a number that is deleted here, to be counted from the beginning again
        should it come once more."""
        if number not in self.used:
            return ()
        came = (number, *self.twins.pop(number, ()))
        for one in came:
            self.used.pop(one, None)
        return came


def is_twin_of(number: str, twin: str) -> bool:
    """It is what another record under the number is called, if it is no number of its own."""
    return twin.startswith(number + TWIN) and twin[len(number) + len(TWIN) :].isdigit()
