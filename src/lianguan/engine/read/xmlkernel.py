"""The compiled pass over a MARCXML file: the twin of `kernel.py` for XML.

Reads the plain form that systems write: records of leader, control fields and data fields,
with or without a prefix, inside any envelope (collection, SRU, OAI-PMH). A record with
anything else in it (comments, CDATA, other elements, tags out of order) is left to
`marcxml.py`. Entities are never resolved here, so there is nothing to explode.
"""

from functools import cache
from typing import Any

from lianguan.engine.read import kernel
from lianguan.engine.read.compiled import compile_all
from lianguan.engine.read.framing import MEND, SOUND, number
from lianguan.engine.read.kernel import (
    ALTERNATE,
    CODE,
    END,
    FINDING,
    FLAGS,
    HIGH_END,
    LEADER_SLOT,
    LINKED_SLOT,
    NO_SUBFIELDS,
    START,
    look,
    note_slice,
)

# Names of elements, by their local part; 0 is any other.
OTHER, RECORD_, LEADER_, CONTROL, DATA, SUBFIELD_ = 0, 1, 2, 3, 4, 5
CLOSING = 16
"""Added to the name of an end tag."""

LONGEST_COMMENT = 1 << 18
"""What begins like a comment and does not end within so many bytes is none."""
UNDECIDED = -1

LONGEST_NAME, LONGEST_TAG = 64, 4096
"""Bytes beyond which nothing is taken for a name or a tag, however long nothing ends it."""

LT, GT, SLASH, COLON, EQUALS, QUOTE, APOSTROPHE, AMPERSAND = 60, 62, 47, 58, 61, 34, 39, 38
EXCLAMATION, HYPHEN = 33, 45


def seek(buf, p, n, byte):
    """The next place from `p` where `byte` stands, or n."""
    while p < n and buf[p] != byte:
        p += 1
    return p


def is_blank(c):
    return c == 32 or c == 10 or c == 13 or c == 9


def name_end(buf, p, n):
    """Where the name that begins at `p` ends."""
    while p < n and not is_blank(buf[p]) and buf[p] != GT and buf[p] != SLASH:
        p += 1
    return p


def local_start(buf, p, end):
    """Where the local part of the name in [p, end) begins."""
    for i in range(p, end):
        if buf[i] == COLON:
            return i + 1
    return p


def after_comment(buf, p, n, last, clear):
    """(place, clear): the place after the comment that begins at `p`; `p` where none does;
    UNDECIDED where more bytes must tell (never if these are the `last`). No comment ends
    before `clear`, so that nothing is looked at twice."""
    if p + 4 > n:
        return (p if last else UNDECIDED), clear
    if buf[p + 1] != EXCLAMATION or buf[p + 2] != HYPHEN or buf[p + 3] != HYPHEN:
        return p, clear
    limit = min(n, p + LONGEST_COMMENT)
    i = max(p + 6, clear)
    while i < limit and (buf[i] != GT or buf[i - 1] != HYPHEN or buf[i - 2] != HYPHEN):
        i += 1
    if i < limit:
        return i + 1, i
    return (p if last or limit < n else UNDECIDED), i


def name_of(buf, p, end):
    """Which element the local name in [p, end) is, by its length and two of its letters."""
    size = end - p
    c = buf[p] if size > 0 else 0
    if size == 6 and c == 114 and buf[p + 5] == 100 and buf[p + 3] == 111:
        return RECORD_
    if size == 6 and c == 108 and buf[p + 5] == 114:
        return LEADER_
    if size == 12 and c == 99 and buf[p + 7] == 102:
        return CONTROL
    if size == 9 and c == 100 and buf[p + 4] == 102:
        return DATA
    if size == 8 and c == 115 and buf[p + 3] == 102:
        return SUBFIELD_
    return OTHER


def tag_at(buf, p, n):
    """(name, end, empty) of the tag whose `<` is at `p`: which element, the place after its
    `>` (0 where that is too far away), and whether it closes itself."""
    at = p + 1
    closing = 0
    if at < n and buf[at] == SLASH:
        closing = CLOSING
        at += 1
    stop = name_end(buf, at, min(n, at + LONGEST_NAME))
    limit = min(n, p + LONGEST_TAG)
    end = seek(buf, stop, limit, GT)
    if end >= limit:
        return OTHER, 0, False
    return name_of(buf, local_start(buf, at, stop), stop) + closing, end + 1, buf[end - 1] == SLASH


def attribute(buf, p, end, first, last):
    """(start, end) of the value of the attribute whose name begins with byte `first` and ends
    with `last` (tag, code), inside the tag [p, end); (-1, -1) where there is none or where the
    attributes are not what XML allows."""
    found = -1
    stop = -1
    i = name_end(buf, p + 1, end)
    while True:
        before = i
        while i < end and is_blank(buf[i]):
            i += 1
        if i >= end or buf[i] == GT or (buf[i] == SLASH and buf[i + 1] == GT):
            return found, stop
        name = i
        while i < end and not is_blank(buf[i]) and buf[i] != EQUALS:
            i += 1
        ends = i - 1
        i = after_blanks_and(buf, i, end)
        if i == before or i >= end or (buf[i] != QUOTE and buf[i] != APOSTROPHE):
            return -1, -1
        close = seek(buf, i + 1, end, buf[i])
        if close >= end:
            return -1, -1
        if buf[name] == first and buf[ends] == last:
            found = i + 1
            stop = close
        i = close + 1


def after_blanks_and(buf, i, end):
    """The place after an equals sign with blanks around it, or `end`."""
    while i < end and is_blank(buf[i]):
        i += 1
    if i >= end or buf[i] != EQUALS:
        return end
    i += 1
    while i < end and is_blank(buf[i]):
        i += 1
    return i


NO_TAG = -2


def field_tag(buf, p, end):
    """The number in the tag attribute of the element tag [p, end); -1 for one that is no
    number, NO_TAG where there is none or the element tag is not plain."""
    start, stop = attribute(buf, p, end, 116, 103)
    if start < 0:
        return NO_TAG
    return number(buf, start, 3) if stop - start == 3 else -1


def subfield_at(buf, p, n):
    """(code, start, end, next) of the plain subfield whose `<` is at `p`; code -1 where it is
    not plain."""
    name, body, empty = tag_at(buf, p, n)
    if name != SUBFIELD_ or body == 0:
        return -1, 0, 0, 0
    start, stop = attribute(buf, p, body, 99, 101)
    if stop - start != 1:
        return -1, 0, 0, 0
    code = buf[start]
    if empty:
        return code, body, body, body
    end = seek(buf, body, n, LT)
    name, after, empty = tag_at(buf, end, n)
    if name != SUBFIELD_ + CLOSING:
        return -1, 0, 0, 0
    return code, body, end, after


def next_tag(buf, p, n):
    """The next `<` if only blanks stand before it, else n."""
    while p < n and is_blank(buf[p]):
        p += 1
    return p if p < n and buf[p] == LT else n


def linked_tag(buf, p, n):
    """The tag that a field 880 is linked to by its first subfield $6, which begins at `p`."""
    code, start, end, after = subfield_at(buf, next_tag(buf, p, n), n)
    return number(buf, start, 3) if code == 54 and end - start >= 3 else -1


def read_subfields(buf, at, n, plan, hits, k, record, wanted):
    """Write the hits of the subfields from `at` on: (the tag after them, k); wanted: (want,
    stop, bits)."""
    want, stop, bits = wanted
    while at < n:
        code, start, end, after = subfield_at(buf, at, n)
        if code < 0:
            break
        for w in range(want, stop):
            if plan[w, CODE] == code:
                if plan[w, HIGH_END] > 0 and seek(buf, start, end, AMPERSAND) < end:
                    return n, k
                k = note_slice(plan, hits, k, w | bits, record, (start, end))
        at = next_tag(buf, after, n)
    return at, k


def tag_and_bits(buf, p, body, n, linked):
    """(tag, bits) of the data field whose `<` is at `p`; tag -1: no number."""
    tag = field_tag(buf, p, body)
    if tag == 880 and linked:
        return linked_tag(buf, body, n), ALTERNATE
    return tag, 0


def read_data(buf, p, n, first, plan, hits, k, record):
    """Write the hits of the data field whose `<` is at `p`: (next, k), next 0 if not plain."""
    name, body, empty = tag_at(buf, p, n)
    tag, bits = tag_and_bits(buf, p, body, n, first[LINKED_SLOT])
    if tag == NO_TAG:
        return 0, k
    want = first[tag] if tag >= 0 else 0
    stop = first[tag + 1] if tag >= 0 else 0
    after = body
    if not empty:
        at = next_tag(buf, body, n)
        at, k = read_subfields(buf, at, n, plan, hits, k, record, (want, stop, bits))
        name, after, empty = tag_at(buf, at, n)
        if name != DATA + CLOSING:
            return 0, k
    while want < stop and plan[want, CODE] == 0:
        k = note_slice(plan, hits, k, want | bits, record, (p, after))
        want += 1
    return after, k


def read_text(buf, p, n, first, plan, hits, k, record):
    """Write the hits of the leader or control field whose `<` is at `p`: (next, k), next 0 if
    it is not plain; with a reference in it, its positions are not those of its characters."""
    name, body, empty = tag_at(buf, p, n)
    if empty:
        return body, k
    end = seek(buf, body, n, LT)
    tag = LEADER_SLOT if name == LEADER_ else field_tag(buf, p, body)
    closing, after, empty = tag_at(buf, end, n)
    if closing != name + CLOSING or tag == NO_TAG or seek(buf, body, end, AMPERSAND) < end:
        return 0, k
    if tag >= 0:
        for want in range(first[tag], first[tag + 1]):
            if plan[want, CODE] == 0:
                k = note_slice(plan, hits, k, want, record, (body, end))
    return after, k


def record_end(buf, p, n, last):
    """Where a record that is not plain ends: after its end tag, or before the next record."""
    clear = p
    while p < n:
        p = seek(buf, p, n, LT)
        past, clear = after_comment(buf, p, n, last, clear)
        if past != p:
            p = n if past == UNDECIDED else past
            continue
        name, after, empty = tag_at(buf, p, n)
        if name == RECORD_ + CLOSING:
            return after
        if name == RECORD_:
            return p
        p += 1
    return 0


def read_record(buf, p, n, last, first, plan, hits, k, record):
    """Write the hits of the record whose first field tag is at `p`: (end, k, finding); end 0
    where it lies beyond n."""
    k0 = k
    at = p
    while at < n:
        name, after, empty = tag_at(buf, at, n)
        if name == RECORD_ + CLOSING:
            return after, k, SOUND
        if name == DATA:
            at, k = read_data(buf, at, n, first, plan, hits, k, record)
        elif name in (CONTROL, LEADER_):
            at, k = read_text(buf, at, n, first, plan, hits, k, record)
        else:
            at = 0
        if at == 0:
            break
        at = next_tag(buf, at, n)
    return record_end(buf, p, n, last), k0, MEND


def find_record(buf, p, n, last):
    """(start, first field) of the next MARC record from `p`: the innermost record element
    that stands before a leader or field, outside comments. Start is n where there is none;
    then the other says from where to look again with more bytes, n if from anywhere."""
    start = n
    clear = p
    while p < n:
        p = seek(buf, p, n, LT)
        past, clear = after_comment(buf, p, n, last, clear)
        if past == UNDECIDED:
            return n, min(start, p)
        if past > p:
            p = past
            continue
        name, after, empty = tag_at(buf, p, n)
        if name == RECORD_:
            start = p
        elif start < n and LEADER_ <= name <= DATA:
            return start, p
        elif name == RECORD_ + CLOSING:
            start = n
        p += 1
    return n, start


def scan_xml(words, buf, n, begin, first, plan, frames, hits):
    """As `kernel.scan`, for XML: (where it stopped, frames written, hits written).

    A field takes 40 bytes and a subfield 33 at least, so the hits of a block are always fewer
    than a quarter of its bytes, which is the room they have.
    """
    last = begin >= 0
    p = begin if last else -begin - 1
    count = 0
    k = 0
    while count < len(frames):
        start, field = find_record(buf, p, n, last)
        if start == n:
            if last:
                p = n
            elif field < n:
                p = field
            else:
                p = max(p, n - 1000)
            break
        end, after, finding = read_record(buf, field, n, last, first, plan, hits, k, count)
        if end == 0:
            p = start
            if not last:
                break
            end = n
        k = after
        frames[count, START] = start
        frames[count, END] = end
        frames[count, FINDING] = finding
        flags, ends = look(words, buf, start, end)
        frames[count, FLAGS] = flags & ~NO_SUBFIELDS
        count += 1
        p = end
    return p, count, k


@cache
def compiled() -> dict[str, Any]:
    """The compiled twins; `scan_xml` is the one to call."""
    return compile_all(
        number,
        kernel.utf8_from,
        kernel.high_flags,
        kernel.word,
        kernel.zeros,
        look,
        kernel.note,
        note_slice,
        seek,
        is_blank,
        name_end,
        after_comment,
        local_start,
        name_of,
        tag_at,
        after_blanks_and,
        attribute,
        field_tag,
        subfield_at,
        next_tag,
        linked_tag,
        read_subfields,
        tag_and_bits,
        read_data,
        read_text,
        record_end,
        read_record,
        find_record,
        scan_xml,
    )
