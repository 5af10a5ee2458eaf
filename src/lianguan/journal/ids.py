"""Ids of rows and acts: made where the row is made, for identity and never for order."""

import os
import time
import uuid

RANDOM_A, RANDOM_B = 12, 62
"""Random bits of a version 7 UUID before and after its variant (RFC 9562, 5.7)."""


def new_id() -> uuid.UUID:
    """A UUID of version 7: milliseconds since 1970 in its first 48 bits, the rest random."""
    random = int.from_bytes(os.urandom(10), "big")
    a = random >> 68
    b = random & ((1 << RANDOM_B) - 1)
    milliseconds = time.time_ns() // 1_000_000
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | a << 64 | 0b10 << RANDOM_B | b)
