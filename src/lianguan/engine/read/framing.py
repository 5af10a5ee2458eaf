"""Where a record of an ISO 2709 file ends, and how its fields are laid out.

The functions here run twice: as plain Python over `bytes`, for one record or
where Numba is missing, and compiled over a NumPy array for whole files
(`compiled.py`). They therefore use nothing but integers and indexing.

The rule behind all of them: *a sound record is never swallowed by a damaged
neighbour.* A record is sound when its directory, its lengths and its end marks
tell the same story, which does not happen by chance.
"""

from typing import Any

FIELD_END = 0x1E
RECORD_END = 0x1D
SUBFIELD = 0x1F
LEADER = 24

SHORTEST = 26
"""Leader, one end mark for an empty directory, one for the record."""

LONGEST_FRAME = 1 << 20
"""Where nothing ends a damaged record, it is cut here and reading goes on."""

LONGEST_RECORD = 99_999
"""What a length of five digits can say."""

LOOKAHEAD = LONGEST_FRAME + 100_000
"""Bytes after a record's start that decide where it ends; see `survey`."""

# What `survey` found. Each but SOUND, MEND and CUT is a repair with a name (rules.py).
SOUND = 0
LENGTH_WRONG = 1
FIELD_END_DAMAGED = 2
RECORD_END_DAMAGED = 3
DIRECTORY_WRONG = 4
MEND = 5
"""Plain Python must look at it: `repair.py`."""


def number(buf, start, digits):
    """The decimal number in `digits` bytes at `start`, or -1."""
    value = 0
    for i in range(start, start + digits):
        c = buf[i]
        if c < 48 or c > 57:
            return -1
        value = value * 10 + (c - 48)
    return value


def directory_size(buf, n, start):
    """Bytes of leader and directory by the base address, or 0 where that is not credible."""
    if start + SHORTEST > n:
        return 0
    base = number(buf, start + 12, 5)
    if base < LEADER + 1 or start + base > n or (base - LEADER - 1) % 12 != 0:
        return 0
    if buf[start + base - 1] != FIELD_END:
        return 0
    return base


def directory_says(buf, n, start, base):
    """(length, damaged): the record's length if its entries follow each other without a gap,
    else 0; and how many of its fields do not end with a field end."""
    at = 0
    damaged = 0
    for entry in range(start + LEADER, start + base - 1, 12):
        length = number(buf, entry + 3, 4)
        if length < 1 or number(buf, entry + 7, 5) != at:
            return 0, 0
        at += length
        if start + base + at > n:
            return 0, 0
        if buf[start + base + at - 1] != FIELD_END:
            damaged += 1
    return base + at + 1, damaged


def sound_at(buf, n, start):
    """The length of the sound record that begins at `start`, or 0."""
    stated = -1
    if start + SHORTEST <= n:
        stated = number(buf, start, 5)
    if stated < SHORTEST or start + stated > n or buf[start + stated - 1] != RECORD_END:
        return 0
    base = directory_size(buf, n, start)
    if base == 0:
        return 0
    length, damaged = directory_says(buf, n, start, base)
    return stated if length == stated and damaged == 0 else 0


def hidden_record(buf, n, start, end):
    """Where the first sound record inside [start + 1, end) begins, or `end`. It begins with five
    digits, so that a byte that is none rules out the five places up to it."""
    i = start + 1
    while i < end and i + 4 < n:
        if buf[i + 4] < 48 or buf[i + 4] > 57:
            i += 5
        elif 48 <= buf[i] <= 57 and sound_at(buf, n, i) > 0:
            return i
        else:
            i += 1
    return end


def damaged_end(buf, n, start):
    """Where the damaged record at `start` ends: where the next sound record begins, else
    where its stated length ends, else after the next record end.

    A sound record hidden in it ends at the first record end or after it, so it begins at most
    LONGEST_RECORD before: elsewhere there is nothing to look for, however much noise there is.
    """
    limit = min(n, start + LONGEST_FRAME)
    stop = limit
    for i in range(start, limit):
        if buf[i] == RECORD_END:
            stop = i + 1
            break
    stated = -1
    if start + SHORTEST <= n:
        stated = number(buf, start, 5)
    if stated >= SHORTEST and start + stated <= limit and buf[start + stated - 1] == RECORD_END:
        stop = start + stated
    return hidden_record(buf, n, max(start, stop - LONGEST_RECORD - 1), stop)


def field_ends(buf, start, end):
    """How many field ends stand in [start, end)."""
    count = 0
    for i in range(start, end):
        if buf[i] == FIELD_END:
            count += 1
    return count


def without_end(buf, n, end):
    """(end, finding) of a record whose fields are whole but which no record end closes: it was
    dropped (the next record begins one byte early) or overwritten."""
    if sound_at(buf, n, end - 1) > 0:
        return end - 1, RECORD_END_DAMAGED
    if sound_at(buf, n, end) > 0:
        return end, RECORD_END_DAMAGED
    return 0, MEND


def in_order(buf, start, base):
    """The entries that can be read point further and further: their order is that of the data."""
    last = -1
    for entry in range(start + LEADER, start + base - 1, 12):
        at = number(buf, entry + 7, 5)
        if 0 <= at <= last:
            return False
        if at > last:
            last = at
    return True


def by_directory(buf, n, start, base):
    """(end, finding) where the directory can be believed; (0, MEND) where it cannot."""
    length, damaged = directory_says(buf, n, start, base)
    if length == 0:
        return 0, MEND
    end = start + length
    if end > n:
        return (n, RECORD_END_DAMAGED) if damaged == 0 else (0, MEND)
    stated = number(buf, start, 5)
    if buf[end - 1] != RECORD_END:
        return without_end(buf, n, end) if damaged == 0 else (0, MEND)
    if damaged == 0:
        return end, SOUND if stated == length else LENGTH_WRONG
    return (end, FIELD_END_DAMAGED) if stated == length else (0, MEND)


def without_hidden(buf: Any, n: int, start: int, end: int, ends: int) -> tuple[int, bool]:
    """(end, cut) of a record that its directory vouches for and that holds `ends` field ends,
    the one behind the directory among them.

    More of them than the directory has entries may be text. It may also be that a record was
    cut and its neighbour ends just where its own end was: then it ends where that begins.
    """
    base = number(buf, start + 12, 5)
    if ends <= (base - LEADER - 1) // 12 + 1:
        return end, False
    hidden = hidden_record(buf, n, start, end)
    return hidden, hidden < end


def survey(buf: Any, n: int, start: int) -> tuple[int, int]:
    """(end, finding) of the record that begins at `start`; `n` is where the bytes end.

    Depends on at most LOOKAHEAD bytes from `start`, so that a file read in blocks gives
    what it gives in one piece.
    """
    base = directory_size(buf, n, start)
    if base > 0:
        end, finding = by_directory(buf, n, start, base)
        if finding != MEND:
            return end, finding
    end = damaged_end(buf, n, start)
    if base > 0 and start + base < end and buf[end - 1] == RECORD_END:
        entries = (base - LEADER - 1) // 12
        pieces = field_ends(buf, start + base, end)
        if entries > 0 and pieces == entries and in_order(buf, start, base):
            return end, DIRECTORY_WRONG
    return end, MEND
