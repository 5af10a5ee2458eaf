"""The compiled pass over a MARCXML file: the twin of `kernel.py` for XML.

Reads the plain form that systems write: records of a leader, control fields and data fields,
with or without a prefix, inside any envelope (collection, SRU, OAI-PMH). A record with
anything else in it (comments, CDATA, other elements or attributes, text that XML forbids) is
left to `marcxml.py`. Entities are never resolved here, so there is nothing to explode.
"""

from functools import cache
from typing import Any

from lianguan.engine.read import kernel, xmltags
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
    NOT_UTF8,
    START,
    look,
    note_slice,
)
from lianguan.engine.read.xmltags import (
    AMPERSAND,
    CLOSING,
    CONTROL,
    DATA,
    IND1,
    IND2,
    LEADER_,
    LONGEST_ELEMENT,
    LT,
    RECORD_,
    SUBFIELD_,
    TAG,
    UNDECIDED,
    after_comment,
    after_end_tag,
    attributes,
    is_blank,
    name_at,
    next_tag,
    seek,
    tag_at,
    text_end,
)

NOT_PLAIN = -2
CODE_ATTRIBUTE = xmltags.CODE
LEADER_SIZE = 24


def field_tag(buf, p, body, n, attributes_wanted):
    """The number of the field whose `<` is at `p`; -1 for one that is no number, NOT_PLAIN
    where its attributes are not those that it should have."""
    name, at = name_at(buf, p, n)
    seen, start, stop = attributes(buf, at, body)
    if seen != attributes_wanted:
        return NOT_PLAIN
    return number(buf, start, 3) if stop - start == 3 else -1


def subfield_at(buf, p, n):
    """(code, start, end, next) of the plain subfield whose `<` is at `p`; code -1 where it is
    not plain."""
    name, body, empty = tag_at(buf, p, n)
    if name != SUBFIELD_ or body == 0:
        return -1, 0, 0, 0
    name, at = name_at(buf, p, n)
    seen, start, stop = attributes(buf, at, body)
    if seen != CODE_ATTRIBUTE or stop - start != 1:
        return -1, 0, 0, 0
    code = buf[start]
    if empty:
        return code, body, body, body
    end = text_end(buf, body, n)
    name, after, empty = tag_at(buf, end, n)
    if name != SUBFIELD_ + CLOSING:
        return -1, 0, 0, 0
    return code, body, end, after


def linked_tag(buf, p, n):
    """The tag that a field 880 is linked to by its first subfield $6, which begins at `p`;
    NOT_PLAIN for that of a control field."""
    code, start, end, after = subfield_at(buf, next_tag(buf, p, n), n)
    tag = number(buf, start, 3) if code == 54 and end - start >= 3 else -1
    return tag if tag < 0 or tag > 9 else NOT_PLAIN


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
    tag = field_tag(buf, p, body, n, TAG | IND1 | IND2)
    if tag == 880 and linked:
        return linked_tag(buf, body, n), ALTERNATE
    return (tag if tag < 0 or tag > 9 else NOT_PLAIN), 0


def read_data(buf, p, n, first, plan, hits, k, record):
    """Write the hits of the data field whose `<` is at `p`: (next, k), next 0 if not plain."""
    name, body, empty = tag_at(buf, p, n)
    tag, bits = tag_and_bits(buf, p, body, n, first[LINKED_SLOT])
    if tag == NOT_PLAIN:
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


def text_at(buf, p, n):
    """(start, end, next) of the text alone in the element whose `<` is at `p`, a text without
    references, since positions count in it; next 0 where it is not plain."""
    name, body, empty = tag_at(buf, p, n)
    if empty:
        return body, body, body
    end = text_end(buf, body, n)
    closing, after, empty = tag_at(buf, end, n)
    if closing != name + CLOSING or seek(buf, body, end, AMPERSAND) < end:
        return 0, 0, 0
    return body, end, after


def note_text(first, plan, hits, k, record, tag, span):
    """Write the hits of a text, of a control field or the leader."""
    for want in range(first[tag], first[tag + 1]):
        if plan[want, CODE] == 0:
            k = note_slice(plan, hits, k, want, record, span)
    return k


def read_control(buf, p, n, first, plan, hits, k, record):
    """Write the hits of the control field whose `<` is at `p`: (next, k), next 0 if it is not
    plain."""
    name, body, empty = tag_at(buf, p, n)
    tag = field_tag(buf, p, body, n, TAG)
    start, end, after = text_at(buf, p, n)
    if tag == NOT_PLAIN or tag > 9:
        return 0, k
    if tag >= 0:
        k = note_text(first, plan, hits, k, record, tag, (start, end))
    return after, k


def read_leader(buf, p, n, first, plan, hits, k, record):
    """As `read_control`, for the leader: 24 characters of ASCII in an element without
    attributes."""
    start, end, after = text_at(buf, p, n)
    name, at = name_at(buf, p, n)
    if after == 0 or after_end_tag(buf, at, n) != start or end - start != LEADER_SIZE:
        return 0, k
    for i in range(start, end):
        if buf[i] < 32 or buf[i] > 126:
            return 0, k
    return after, note_text(first, plan, hits, k, record, LEADER_SLOT, (start, end))


def first_tag(buf, start, n):
    """The first tag in the record whose `<` is at `start`, if it is plain and that a leader's;
    else n."""
    name, at, empty = tag_at(buf, start, n)
    if at == 0 or empty:
        return n
    at = next_tag(buf, at, n)
    name, end = name_at(buf, at, n)
    return at if name == LEADER_ else n


def read_record(buf, start, n, first, plan, hits, k, record):
    """Write the hits of the record that begins at `start`: (end, k), end 0 if it is not
    plain."""
    at = first_tag(buf, start, n)
    if at < n:
        at, k = read_leader(buf, at, n, first, plan, hits, k, record)
    while 0 < at < n:
        at = next_tag(buf, at, n)
        name, after, empty = tag_at(buf, at, n)
        if name == RECORD_ + CLOSING:
            return after, k
        if name == DATA:
            at, k = read_data(buf, at, n, first, plan, hits, k, record)
        elif name == CONTROL:
            at, k = read_control(buf, at, n, first, plan, hits, k, record)
        else:
            at = 0
    return 0, k


def record_end(buf, start, n, last):
    """Where a record that is not plain ends: after its end tag, before the next record, or
    where it is too long; 0 where more bytes must tell."""
    limit = start + LONGEST_ELEMENT
    p = start + 1
    clear = p
    while p < min(n, limit):
        p = seek(buf, p, n, LT)
        past, clear = after_comment(buf, p, n, last, clear)
        if past != p:
            p = n if past == UNDECIDED else past
            continue
        name, after = name_at(buf, p, n)
        if p < limit and name == RECORD_:
            return p
        if p < limit and name == RECORD_ + CLOSING:
            return end_of_record(buf, after, n, last)
        p += 1
    if limit <= n:
        return limit
    return n if last else 0


def end_of_record(buf, p, n, last):
    """The place after the record's end tag whose name ends at `p`; 0 where that lies beyond
    the bytes there are."""
    end = after_end_tag(buf, p, n)
    return 0 if end == p and not last and seek_other(buf, p, n) == n else end


def seek_other(buf, p, n):
    """The next place from `p` that is not blank, or n."""
    while p < n and is_blank(buf[p]):
        p += 1
    return p


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
        if start < n and p - start >= LONGEST_ELEMENT:
            start = n
        name, after = name_at(buf, p, n)
        if name == RECORD_:
            start = p
        elif name == RECORD_ + CLOSING:
            start = n
        elif start < n and name != 0 and name != SUBFIELD_ and name != SUBFIELD_ + CLOSING:
            return start, p
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
            p = n if last else (field if field < n else max(p, n - 1000))
            break
        end, after = read_record(buf, start, n, first, plan, hits, k, count)
        flags, ends = look(words, buf, start, end)
        is_plain = 0 < end <= start + LONGEST_ELEMENT and not flags & NOT_UTF8
        if not is_plain:
            end = record_end(buf, start, n, last)
        if end == 0:
            p = start
            break
        k = after if is_plain else k
        frames[count, START] = start
        frames[count, END] = end
        frames[count, FINDING] = SOUND if is_plain else MEND
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
        kernel.word,
        kernel.flags_of_words,
        kernel.high_flags,
        kernel.zeros,
        look,
        kernel.note,
        note_slice,
        seek,
        is_blank,
        xmltags.is_letter,
        xmltags.spells,
        xmltags.name_of,
        xmltags.word_end,
        name_at,
        tag_at,
        after_end_tag,
        xmltags.attribute_bit,
        xmltags.value_at,
        attributes,
        xmltags.hexadecimal,
        xmltags.after_number,
        xmltags.after_reference,
        text_end,
        next_tag,
        xmltags.begins_comment,
        after_comment,
        field_tag,
        subfield_at,
        linked_tag,
        read_subfields,
        tag_and_bits,
        read_data,
        text_at,
        note_text,
        read_control,
        read_leader,
        first_tag,
        read_record,
        seek_other,
        end_of_record,
        record_end,
        find_record,
        scan_xml,
    )
