"""The compiled pass over an ISO 2709 file: bytes in, places of the wanted values out.

No Python object is made for a record. `scan` walks the frames of a block, and for each
wanted field or subfield notes (want, record, start, length). Written as plain functions
over integers and arrays, compiled on first use (`compiled.py`).
"""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from lianguan.engine.read import framing
from lianguan.engine.read.compiled import compile_all
from lianguan.engine.read.framing import (
    DIRECTORY_WRONG,
    FIELD_END,
    LEADER,
    LOOKAHEAD,
    MEND,
    SUBFIELD,
    number,
    survey,
    without_hidden,
)

Numbers = npt.NDArray[Any]

LEADER_SLOT = 1000
"""The leader is wanted as if it were a field with this tag."""

ALTERNATE = 1 << 14
"""Set in a hit's want when the value stands in a field 880 linked to the wanted tag."""

# What `look` finds in the fields of a record; not in leader and directory, whose bytes are
# no text and say nothing of its encoding.
HIGH = 1
NOT_UTF8 = 2
LONG_SEQUENCE = 4
ESCAPE = 8
NO_SUBFIELDS = 16

ONES = np.uint64(0x0101010101010101)
HIGHS = np.uint64(0x8080808080808080)
BLANKS = np.uint64(0x2020202020202020)
ESCAPES = np.uint64(0x1B1B1B1B1B1B1B1B)
SUBFIELDS = np.uint64(0x1F1F1F1F1F1F1F1F)
FIELD_ENDS = np.uint64(0x1E1E1E1E1E1E1E1E)
LOWS = np.uint64(0x7F7F7F7F7F7F7F7F)
ALL_C0 = np.uint64(0xC0C0C0C0C0C0C0C0)
ALL_E0 = np.uint64(0xE0E0E0E0E0E0E0E0)
ALL_ED = np.uint64(0xEDEDEDEDEDEDEDED)
EVEN = np.uint64(0xFEFEFEFEFEFEFEFE)
NOTHING = np.uint64(0)
ONE = np.uint64(1)
TWO = np.uint64(2)
THREE = np.uint64(3)
SEVEN = np.uint64(7)
FIFTY_SIX = np.uint64(56)
EIGHT = np.uint64(8)
SIXTEEN = np.uint64(16)
FORTY_EIGHT = np.uint64(48)


# Columns of the arrays that `scan` fills; int32, so a block is shorter than 2 GiB.
START, END, FINDING, FLAGS = 0, 1, 2, 3
"""A line for each record found, sound or not."""

WANT, RECORD, AT, LENGTH = 0, 1, 2, 3
"""A line for each wanted value: which want, in which record, where."""

CODE, LOW, HIGH_END = 0, 1, 2
"""A line for each want, sorted by tag: subfield code (0: the whole field), and the slice of
the field or subfield (end 0: all of it)."""

LINKED_SLOT = 1002
"""`first[t] … first[t + 1] - 1` are the wants of tag t; here stands whether fields 880 count
as the field that their $6 names."""


def utf8_from(buf, start, end):
    """Length of the UTF-8 sequence at `start`, 0 if it is not one (RFC 3629)."""
    c = buf[start]
    if c < 0xC2 or c > 0xF4:
        return 1 if c < 0x80 else 0
    size = 2 if c < 0xE0 else (3 if c < 0xF0 else 4)
    if start + size > end:
        return 0
    for i in range(start + 1, start + size):
        if buf[i] & 0xC0 != 0x80:
            return 0
    d = buf[start + 1]
    odd = (c == 0xE0 and d < 0xA0) or (c == 0xED and d > 0x9F)
    if odd or (c == 0xF0 and d < 0x90) or (c == 0xF4 and d > 0x8F):
        return 0
    return size


def word(words, i, start, end):
    """Eight bytes as one number, blanks in place of those outside [start, end)."""
    w = words[i]
    if i == start >> 3:
        outside = (np.uint64(1) << (EIGHT * np.uint64(start & 7))) - np.uint64(1)
        w = (w & ~outside) | (BLANKS & outside)
    if i == end >> 3:
        inside = (np.uint64(1) << (EIGHT * np.uint64(end & 7))) - np.uint64(1)
        w = (w & inside) | (BLANKS & ~inside)
    return w


def flags_of_words(words, start, end):
    """What `high_flags` gives, eight bytes at a time, for text whose every sequence has the
    bytes after its first that it must have; 0 where bytes have to be looked at one by one:
    not UTF-8, or with first bytes that not everything may follow (E0, ED and from F0).

    A mask has the high bit of each byte that is something: `begin` a sequence, `long` one of
    three. Shifted by one and two bytes they say where there must be continuation bytes.
    """
    begin = NOTHING
    long = NOTHING
    any_long = NOTHING
    odd = NOTHING
    first = start >> 3
    last = end >> 3
    for i in range(first, last + 1):
        w = words[i] if first < i < last else word(words, i, start, end)
        if not (w | begin) & HIGHS:
            continue
        due = (begin >> FIFTY_SIX) | (long >> FORTY_EIGHT)
        begin = w & (w << ONE) & HIGHS
        long = begin & (w << TWO)
        due |= (begin << EIGHT) | (long << SIXTEEN)
        odd |= (w & ~(w << ONE) & HIGHS) ^ due
        odd |= long & (w << THREE)
        for x in ((w & EVEN) ^ ALL_C0, w ^ ALL_E0, w ^ ALL_ED):
            odd |= (x - ONES) & ~x
        any_long |= long
    if odd & HIGHS:
        return 0
    return HIGH | LONG_SEQUENCE if any_long else HIGH


def high_flags(words, buf, start, end):
    """HIGH, with NOT_UTF8 or LONG_SEQUENCE, of bytes that are not all ASCII."""
    flags = flags_of_words(words, start, end)
    if flags:
        return flags
    flags = HIGH
    i = start
    while i < end:
        if buf[i] < 0x80:
            i += 1
            while i & 7 == 0 and i < end and not words[i >> 3] & HIGHS:
                i += 8
            continue
        size = utf8_from(buf, i, end)
        if size == 0:
            return HIGH | NOT_UTF8
        if size > 2:
            flags |= LONG_SEQUENCE
        i += size
    return flags


def zeros(x):
    """The high bit of each byte of x that is zero, exactly (so that they can be counted)."""
    return ~(((x & LOWS) + LOWS) | x | LOWS)


def look(words, buf, start, end):
    """(flags, field ends) of the bytes from `start` to `end`, eight at a time.

    `(x - ONES) & ~x & HIGHS` is not zero when a byte of x is zero.
    """
    first = start >> 3
    last = end >> 3
    high = NOTHING
    escape = NOTHING
    subfield = NOTHING
    ends = NOTHING
    i = first
    while i <= last:
        w = words[i] if first < i < last else word(words, i, start, end)
        high |= w
        x = w ^ ESCAPES
        escape |= (x - ONES) & ~x
        x = w ^ SUBFIELDS
        subfield |= (x - ONES) & ~x
        ends += ((zeros(w ^ FIELD_ENDS) >> SEVEN) * ONES) >> FIFTY_SIX
        i += 1
    flags = 0
    if escape & HIGHS:
        flags |= ESCAPE
    if not subfield & HIGHS:
        flags |= NO_SUBFIELDS
    if high & HIGHS:
        flags |= high_flags(words, buf, start, end)
    return flags, np.int64(ends)


def note(hits, k, want, record, start, length):
    """Write hit k; the next k."""
    hits[k, WANT] = want
    hits[k, RECORD] = record
    hits[k, AT] = start
    hits[k, LENGTH] = length
    return k + 1


def note_slice(plan, hits, k, want, record, span):
    """Write hit k for the wanted slice; nothing where the value is shorter."""
    start, end = span
    line = want & (ALTERNATE - 1)
    if plan[line, HIGH_END] > 0:
        end = min(end, start + plan[line, HIGH_END])
    start += plan[line, LOW]
    return note(hits, k, want, record, start, end - start) if start < end else k


def note_subfields(buf, plan, hits, k, record, wanted):
    """Write a hit for each subfield that is asked for; wanted: (want, stop, bits, start, end)."""
    begin, stop, bits, i, end = wanted
    while i < end and buf[i] != SUBFIELD:
        i += 1
    while i + 1 < end:
        code = buf[i + 1]
        value = i + 2
        i += 1 if code == SUBFIELD else 2
        while i < end and buf[i] != SUBFIELD:
            i += 1
        for want in range(begin, stop):
            if plan[want, CODE] == code:
                k = note_slice(plan, hits, k, want | bits, record, (value, i))
    return k


def tag_of(buf, entry, start, end, linked):
    """(tag, bits) of the field whose directory entry is at `entry`; tag -1: no number."""
    tag = number(buf, entry, 3)
    if tag != 880 or not linked:
        return tag, 0
    if start + 7 <= end and buf[start + 2] == SUBFIELD and buf[start + 3] == 54:
        return number(buf, start + 4, 3), ALTERNATE
    return -1, 0


def pick_field(buf, first, plan, hits, k, record, field):
    """Write the hits of one field (directory entry, start, end)."""
    entry, start, end = field
    tag, bits = tag_of(buf, entry, start, end, first[LINKED_SLOT])
    if tag < 0:
        return k
    want = first[tag]
    stop = first[tag + 1]
    while want < stop and plan[want, CODE] == 0:
        k = note_slice(plan, hits, k, want | bits, record, (start, end))
        want += 1
    if want < stop:
        k = note_subfields(buf, plan, hits, k, record, (want, stop, bits, start, end))
    return k


def pick_record(buf, first, plan, hits, k, record, frame):
    """Write the hits of the record in frame (start, finding)."""
    start, finding = frame
    for want in range(first[LEADER_SLOT], first[LEADER_SLOT + 1]):
        k = note_slice(plan, hits, k, want, record, (start, start + LEADER))
    base = number(buf, start + 12, 5)
    at = start + base
    for entry in range(start + LEADER, start + base - 1, 12):
        if finding == DIRECTORY_WRONG:
            stop = at
            while buf[stop] != FIELD_END:
                stop += 1
        else:
            stop = at + number(buf, entry + 3, 4) - 1
        k = pick_field(buf, first, plan, hits, k, record, (entry, at, stop))
        at = stop + 1
    return k


def skip_between(buf, n, p):
    """The next byte from `p` that is not one of those between records."""
    while p < n and (buf[p] == 10 or buf[p] == 13 or buf[p] == 0 or buf[p] == 26):
        p += 1
    return p


def scan(words, buf, n, begin, first, plan, frames, hits, texts):
    """Walk the records of buf[begin:n]: (where it stopped, frames written, hits written). The
    places of hits are those of `texts`, which is `buf` here; a scan of another format copies
    its texts there.

    It stops at the end, at the first record too near `n` to be decided if `begin` < 0
    (more bytes will come; reading begins at -begin - 1), or where the arrays are full.
    """
    p = begin
    known = n
    if begin < 0:
        p = -begin - 1
        known = n - LOOKAHEAD + 1
    count = 0
    k = 0
    while True:
        p = skip_between(buf, n, p)
        if p >= known or count == len(frames):
            break
        end, finding = survey(buf, n, p)
        fields = p if finding == MEND else p + number(buf, p + 12, 5) - 1
        flags, ends = look(words, buf, fields, end)
        if finding != MEND:
            end, cut = without_hidden(buf, n, p, end, ends)
            finding = MEND if cut else finding
        if k + (end - p) > len(hits):
            break
        frames[count, START] = p
        frames[count, END] = end
        frames[count, FINDING] = finding
        frames[count, FLAGS] = flags
        if finding != MEND and not flags & NO_SUBFIELDS:
            k = pick_record(buf, first, plan, hits, k, count, (p, finding))
        count += 1
        p = end
    return p, count, k


@cache
def compiled() -> dict[str, Any]:
    """The compiled twins; `scan` is the one to call."""
    return compile_all(
        framing.number,
        framing.directory_size,
        framing.directory_says,
        framing.sound_at,
        framing.hidden_record,
        framing.damaged_end,
        framing.field_ends,
        framing.in_order,
        framing.without_end,
        framing.by_directory,
        framing.without_hidden,
        framing.survey,
        utf8_from,
        word,
        flags_of_words,
        high_flags,
        zeros,
        look,
        note,
        note_slice,
        note_subfields,
        tag_of,
        pick_field,
        pick_record,
        skip_between,
        scan,
    )
