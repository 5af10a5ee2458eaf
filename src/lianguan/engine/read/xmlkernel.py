"""The compiled pass over a MARCXML file: the twin of `kernel.py` for XML.

Reads the plain form that systems write: records of a leader, control fields and data fields,
with or without a prefix, inside any envelope (collection, SRU, OAI-PMH). A record with
anything else in it (comments, CDATA, other elements or attributes, text that XML forbids) is
left to `marcxml.py`. Entities are never resolved here, so there is nothing to explode.
"""

from functools import cache
from typing import Any

import numpy as np

from lianguan.engine.read import kernel, xmltags
from lianguan.engine.read.compiled import compile_all
from lianguan.engine.read.framing import MEND, SOUND, SUBFIELD, number
from lianguan.engine.read.kernel import (
    ALTERNATE,
    CODE,
    END,
    FINDING,
    FLAGS,
    LEADER_SLOT,
    LINKED_SLOT,
    NO_SUBFIELDS,
    NOT_UTF8,
    START,
    look,
    note_slice,
)
from lianguan.engine.read.xmltags import (
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
    copy_text,
    is_blank,
    name_at,
    next_tag,
    seek,
    tag_at,
    usual_subfield,
)

NOT_PLAIN = -2
CODE_ATTRIBUTE = xmltags.CODE
LEADER_SIZE = 24


def subfield_tag(buf, p, n):
    """(code, body, empty) of the start tag of the plain subfield whose `<` is at `p`; code -1
    where it is not plain."""
    code = usual_subfield(buf, p, n)
    if code >= 0:
        return code, p + 19, False
    name, body, empty = tag_at(buf, p, n)
    if name != SUBFIELD_ or body == 0:
        return -1, 0, False
    name, at = name_at(buf, p, n)
    seen, start, stop, ind1, ind2 = attributes(buf, at, body)
    if seen != CODE_ATTRIBUTE or stop - start != 1:
        return -1, 0, False
    return np.int64(buf[start]), body, empty


def subfield_at(buf, p, n, texts, t):
    """(code, end, next) of the plain subfield whose `<` is at `p`, copied to `texts` from `t`
    to `end` as ISO 2709 has it: mark, code, value; code -1 where it is not plain."""
    code, body, empty = subfield_tag(buf, p, n)
    if code < 0:
        return -1, t, 0
    texts[t] = SUBFIELD
    texts[t + 1] = code
    if empty:
        return code, t + 2, body
    end, t = copy_text(buf, body, n, texts, t + 2)
    name, after, empty = tag_at(buf, end, n)
    return (code if name == SUBFIELD_ + CLOSING else -1), t, after


def linked_tag(buf, p, n, texts, t):
    """The tag that a field 880 is linked to by its first subfield $6, which begins at `p`;
    NOT_PLAIN for that of a control field. What is written from `t` on may be written over."""
    code, end, after = subfield_at(buf, next_tag(buf, p, n), n, texts, t)
    tag = number(texts, t + 2, 3) if code == 54 and end - t >= 5 else -1
    return tag if tag < 0 or tag > 9 else NOT_PLAIN


def field_head(buf, p, body, n):
    """(tag, ind1, ind2) of the data field whose `<` is at `p`; tag -1: no number; NOT_PLAIN
    where its attributes are not those that it should have."""
    name, at = name_at(buf, p, n)
    seen, start, stop, ind1, ind2 = attributes(buf, at, body)
    if seen != TAG | IND1 | IND2:
        return NOT_PLAIN, ind1, ind2
    tag = number(buf, start, 3) if stop - start == 3 else -1
    return (tag if tag < 0 or tag > 9 else NOT_PLAIN), ind1, ind2


def read_subfields(buf, at, n, plan, hits, k, record, wanted, texts, t):
    """Copy the subfields from `at` on and write their hits: (the tag after them, k, t); wanted:
    (want, stop, bits)."""
    want, stop, bits = wanted
    while at < n:
        code, end, after = subfield_at(buf, at, n, texts, t)
        if code < 0:
            break
        for w in range(want, stop):
            if plan[w, CODE] == code:
                k = note_slice(plan, hits, k, w | bits, record, (t + 2, end))
        t = end
        at = next_tag(buf, after, n)
    return at, k, t


def read_data(buf, p, n, first, plan, hits, k, record, texts, t):
    """Copy the data field whose `<` is at `p` and write its hits: (next, k, t), next 0 if it is
    not plain: one with blanks in it and no subfield may have lost them."""
    name, body, empty = tag_at(buf, p, n)
    tag, ind1, ind2 = field_head(buf, p, body, n)
    bits = 0
    if tag == 880 and first[LINKED_SLOT]:
        tag = linked_tag(buf, body, n, texts, t)
        bits = ALTERNATE
    if tag == NOT_PLAIN:
        return 0, k, t
    want = first[tag] if tag >= 0 else 0
    stop = first[tag + 1] if tag >= 0 else 0
    start = t
    texts[t] = ind1
    texts[t + 1] = ind2
    t += 2
    after = body
    if not empty:
        at = next_tag(buf, body, n)
        at, k, t = read_subfields(buf, at, n, plan, hits, k, record, (want, stop, bits), texts, t)
        name, after, empty = tag_at(buf, at, n)
        blanks_alone = t == start + 2 and at > body
        if name != DATA + CLOSING or blanks_alone:
            return 0, k, t
    if want == stop:
        return after, k, start
    while want < stop and plan[want, CODE] == 0:
        k = note_slice(plan, hits, k, want | bits, record, (start, t))
        want += 1
    return after, k, t


def text_at(buf, p, n, texts, t):
    """(end, next): the text alone in the element whose `<` is at `p`, copied to `texts` from
    `t` to `end`; next 0 where it is not plain."""
    name, body, empty = tag_at(buf, p, n)
    if empty:
        return t, body
    end, t = copy_text(buf, body, n, texts, t)
    closing, after, empty = tag_at(buf, end, n)
    return t, (after if closing == name + CLOSING else 0)


def note_text(first, plan, hits, k, record, tag, span):
    """Write the hits of a text, of a control field or the leader."""
    for want in range(first[tag], first[tag + 1]):
        if plan[want, CODE] == 0:
            k = note_slice(plan, hits, k, want, record, span)
    return k


def read_control(buf, p, n, first, plan, hits, k, record, texts, t):
    """Copy the control field whose `<` is at `p` and write its hits: (next, k, t), next 0 if it
    is not plain."""
    name, body, empty = tag_at(buf, p, n)
    name, at = name_at(buf, p, n)
    seen, start, stop, ind1, ind2 = attributes(buf, at, body)
    tag = number(buf, start, 3) if stop - start == 3 else -1
    end, after = text_at(buf, p, n, texts, t)
    if seen != TAG or tag > 9:
        return 0, k, t
    if tag >= 0:
        k = note_text(first, plan, hits, k, record, tag, (t, end))
    return after, k, end


def read_leader(buf, p, n, first, plan, hits, k, record, texts, t):
    """As `read_control`, for the leader: 24 characters of ASCII in an element without
    attributes."""
    name, body, empty = tag_at(buf, p, n)
    name, at = name_at(buf, p, n)
    end, after = text_at(buf, p, n, texts, t)
    if after == 0 or after_end_tag(buf, at, n) != body or end - t != LEADER_SIZE:
        return 0, k, t
    for i in range(t, end):
        if texts[i] < 32 or texts[i] > 126:
            return 0, k, t
    return after, note_text(first, plan, hits, k, record, LEADER_SLOT, (t, end)), end


def first_tag(buf, start, n):
    """The first tag in the record whose `<` is at `start`, if it is plain and that a leader's;
    else n."""
    name, at, empty = tag_at(buf, start, n)
    if at == 0 or empty:
        return n
    at = next_tag(buf, at, n)
    name, end = name_at(buf, at, n)
    return at if name == LEADER_ else n


def read_record(buf, start, n, first, plan, hits, k, record, texts, t):
    """Copy the fields of the record that begins at `start` and write their hits: (end, k, t),
    end 0 if it is not plain."""
    at = first_tag(buf, start, n)
    if at < n:
        at, k, t = read_leader(buf, at, n, first, plan, hits, k, record, texts, t)
    while 0 < at < n:
        at = next_tag(buf, at, n)
        name, after, empty = tag_at(buf, at, n)
        if name == RECORD_ + CLOSING:
            return after, k, t
        if name == DATA:
            at, k, t = read_data(buf, at, n, first, plan, hits, k, record, texts, t)
        elif name == CONTROL:
            at, k, t = read_control(buf, at, n, first, plan, hits, k, record, texts, t)
        else:
            at = 0
    return 0, k, t


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


def scan_xml(words, buf, n, begin, first, plan, frames, hits, texts):
    """As `kernel.scan`, for XML: (where it stopped, frames written, hits written). The fields
    are copied to `texts` as ISO 2709 has them, and places of hits are those there.

    A field takes 40 bytes and a subfield 33 at least, so the hits of a block are always fewer
    than a quarter of its bytes, and the texts shorter, which is the room they have.
    """
    last = begin >= 0
    p = begin if last else -begin - 1
    count = 0
    k = 0
    t = 0
    while count < len(frames):
        start, field = find_record(buf, p, n, last)
        if start == n:
            p = n if last else (field if field < n else max(p, n - 1000))
            break
        end, more, to = read_record(buf, start, n, first, plan, hits, k, count, texts, t)
        flags, ends = look(words, buf, start, end)
        is_plain = 0 < end <= start + LONGEST_ELEMENT and not flags & NOT_UTF8
        if not is_plain:
            end = record_end(buf, start, n, last)
        if end == 0:
            p = start
            break
        if is_plain:
            k = more
            t = to
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
        xmltags.usual_name,
        name_at,
        tag_at,
        after_end_tag,
        usual_subfield,
        xmltags.attribute_bit,
        xmltags.value_at,
        attributes,
        xmltags.hexadecimal,
        xmltags.numbered,
        xmltags.reference,
        xmltags.put_character,
        xmltags.plain_end,
        xmltags.is_allowed,
        copy_text,
        next_tag,
        xmltags.begins_comment,
        after_comment,
        subfield_tag,
        subfield_at,
        linked_tag,
        field_head,
        read_subfields,
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
