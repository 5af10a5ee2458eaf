"""The pieces of XML that the compiled pass over MARCXML knows: names, tags, attributes, text.

Plain functions over bytes and integers, as `framing.py`. They accept the plain form only, and
each says so when it meets anything else: what they accept means to every XML parser what it
means to them. The rest is left to `marcxml.py`, so nothing has to be understood twice.
"""

# Names of elements, by their local part; 0 is any other.
OTHER, RECORD_, LEADER_, CONTROL, DATA, SUBFIELD_ = 0, 1, 2, 3, 4, 5
CLOSING = 16
"""Added to the name of an end tag."""

# Attributes of those elements; each is a bit, so that one that comes twice is seen.
TAG, CODE, IND1, IND2 = 1, 2, 4, 8

LONGEST_PREFIX, LONGEST_TAG = 64, 4096
"""Bytes beyond which nothing is taken for a prefix or a tag, however long nothing ends it."""

LONGEST_ELEMENT = 2 << 20
"""A record of more bytes than these is cut here and reading goes on."""

LONGEST_COMMENT = 1 << 18
"""What begins like a comment and does not end within so many bytes is none."""
UNDECIDED = -1

LT, GT, SLASH, COLON, EQUALS, QUOTE, APOSTROPHE, AMPERSAND = 60, 62, 47, 58, 61, 34, 39, 38
EXCLAMATION, HYPHEN, NUMBER_SIGN, SEMICOLON, BRACKET, SMALL_X = 33, 45, 35, 59, 93, 120

RECORD_NAME = (114, 101, 99, 111, 114, 100)
LEADER_NAME = (108, 101, 97, 100, 101, 114)
SUBFIELD_NAME = (115, 117, 98, 102, 105, 101, 108, 100)
SUBFIELD_TAG = (LT, *SUBFIELD_NAME, 32, 99, 111, 100, 101, EQUALS, QUOTE)
DATA_NAME = (100, 97, 116, 97, 102, 105, 101, 108, 100)
CONTROL_NAME = (99, 111, 110, 116, 114, 111, 108, 102, 105, 101, 108, 100)


def seek(buf, p, n, byte):
    """The next place from `p` where `byte` stands, or n."""
    while p < n and buf[p] != byte:
        p += 1
    return p


def is_blank(c):
    return c == 32 or c == 10 or c == 13 or c == 9


def is_letter(c):
    """Part of a name: letters, digits, hyphen, full stop, underscore."""
    return 97 <= c <= 122 or 65 <= c <= 90 or 48 <= c <= 57 or c == 45 or c == 46 or c == 95


def spells(buf, p, name):
    """The bytes at `p` are those of the name."""
    for i in range(len(name)):
        if buf[p + i] != name[i]:
            return False
    return True


def name_of(buf, p, end):
    """Which element the local name in [p, end) is."""
    size = end - p
    if size == 8:
        return SUBFIELD_ if spells(buf, p, SUBFIELD_NAME) else OTHER
    if size == 9:
        return DATA if spells(buf, p, DATA_NAME) else OTHER
    if size == 12:
        return CONTROL if spells(buf, p, CONTROL_NAME) else OTHER
    if size == 6 and spells(buf, p, RECORD_NAME):
        return RECORD_
    return LEADER_ if size == 6 and spells(buf, p, LEADER_NAME) else OTHER


def word_end(buf, p, n):
    """Where the letters that begin at `p` end."""
    while p < n and is_letter(buf[p]):
        p += 1
    return p


def usual_name(buf, p):
    """(name, end) of the element whose name without a prefix begins at `p`, else OTHER: what
    `name_at` finds out by looking at every letter."""
    c = buf[p]
    if c == 115 and spells(buf, p, SUBFIELD_NAME):
        return SUBFIELD_, p + 8
    if c == 100 and spells(buf, p, DATA_NAME):
        return DATA, p + 9
    if c == 99 and spells(buf, p, CONTROL_NAME):
        return CONTROL, p + 12
    return OTHER, p


def name_at(buf, p, n):
    """(name, end): the element whose tag begins with the `<` at `p`, and the place after its
    name; OTHER for names with no blank, slash or `>` behind them."""
    at = p + 1
    closing = 0
    if at < n and buf[at] == SLASH:
        closing = CLOSING
        at += 1
    if at + 16 < n:
        name, stop = usual_name(buf, at)
        if name and (is_blank(buf[stop]) or buf[stop] == GT or buf[stop] == SLASH):
            return name + closing, stop
    stop = word_end(buf, at, min(n, at + LONGEST_PREFIX))
    if stop < n and buf[stop] == COLON and stop > at:
        at = stop + 1
        stop = word_end(buf, at, min(n, at + LONGEST_PREFIX))
    if stop >= n or not (is_blank(buf[stop]) or buf[stop] == GT or buf[stop] == SLASH):
        return OTHER, stop
    name = name_of(buf, at, stop)
    return (name + closing if name else OTHER), stop


def tag_at(buf, p, n):
    """(name, end, empty) of the tag whose `<` is at `p`: which element, the place after its
    `>`, and whether it closes itself; OTHER and 0 where it does not end before another `<`
    or is too long, or is an end tag with more than a name in it."""
    name, at = name_at(buf, p, n)
    limit = min(n, p + LONGEST_TAG)
    end = at
    if name >= CLOSING:
        while end < limit and is_blank(buf[end]):
            end += 1
    while end < limit and buf[end] != GT:
        if name >= CLOSING or buf[end] == LT:
            return OTHER, 0, False
        end += 1
    if end >= limit:
        return OTHER, 0, False
    return name, end + 1, buf[end - 1] == SLASH


def after_end_tag(buf, p, n):
    """The place after an end tag whose name ends at `p`: behind its `>` if nothing but blanks
    stands before that, else `p`."""
    at = p
    while at < n and is_blank(buf[at]):
        at += 1
    return at + 1 if at < n and buf[at] == GT else p


def attribute_bit(buf, p, end):
    """Which attribute the name in [p, end) is; 0 for any other."""
    if end - p == 3 and buf[p] == 116 and buf[p + 1] == 97 and buf[p + 2] == 103:
        return TAG
    if end - p != 4:
        return 0
    if buf[p] == 99 and buf[p + 1] == 111 and buf[p + 2] == 100 and buf[p + 3] == 101:
        return CODE
    if buf[p] == 105 and buf[p + 1] == 110 and buf[p + 2] == 100:
        return IND1 if buf[p + 3] == 49 else (IND2 if buf[p + 3] == 50 else 0)
    return 0


def value_at(buf, p, end):
    """(start, end) of the attribute's value that follows an equals sign at or after `p`, of
    printable ASCII without an ampersand; (0, 0) for anything else."""
    while p < end and is_blank(buf[p]):
        p += 1
    if p >= end or buf[p] != EQUALS:
        return 0, 0
    p += 1
    while p < end and is_blank(buf[p]):
        p += 1
    if p >= end or (buf[p] != QUOTE and buf[p] != APOSTROPHE):
        return 0, 0
    i = p + 1
    while i < end and buf[i] != buf[p]:
        if buf[i] < 32 or buf[i] > 126 or buf[i] == AMPERSAND:
            return 0, 0
        i += 1
    return (p + 1, i) if i < end else (0, 0)


def attributes(buf, p, end):
    """(seen, start, stop, ind1, ind2) of the start tag in [p, end), p behind its name: which
    attributes it has, the value of its tag or code, and its indicators. Nothing is seen where
    it has others, the same one twice, or an indicator of more or less than one sign."""
    seen = 0
    start = stop = 0
    ind1 = ind2 = 32
    while True:
        before = p
        while p < end and is_blank(buf[p]):
            p += 1
        if buf[p] == GT or (buf[p] == SLASH and buf[p + 1] == GT):
            return seen, start, stop, ind1, ind2
        name = p
        while p < end and is_letter(buf[p]):
            p += 1
        bit = attribute_bit(buf, name, p)
        low, high = value_at(buf, p, end)
        if name == before or bit == 0 or seen & bit or low == 0 or (bit > CODE and high - low != 1):
            return 0, 0, 0, 32, 32
        seen |= bit
        if bit <= CODE:
            start = low
            stop = high
        elif bit == IND1:
            ind1 = buf[low]
        else:
            ind2 = buf[low]
        p = high + 1


def usual_subfield(buf, p, n):
    """The code of the subfield whose `<` is at `p` if it is written `<subfield code="x">`, as
    nearly all are; else -1."""
    if p + 19 > n or not spells(buf, p, SUBFIELD_TAG) or buf[p + 17] != QUOTE:
        return -1
    code = buf[p + 16]
    plain = 32 <= code <= 126 and code != AMPERSAND and code != QUOTE and code != LT
    return code if plain and buf[p + 18] == GT else -1


def hexadecimal(c):
    """What a byte is worth as a hexadecimal digit, or -1."""
    if 48 <= c <= 57:
        return c - 48
    low = c | 32
    return low - 87 if 97 <= low <= 102 else -1


def numbered(buf, p, n):
    """(character, place after it) of the character's number that begins at `p`, behind `&#`;
    (0, n) where it is none or not surely that of a printable character."""
    base = 10
    if p < n and buf[p] == SMALL_X:
        base = 16
        p += 1
    value = 0
    digits = 0
    while p < n and digits < 6:
        digit = hexadecimal(buf[p])
        if digit < 0 or digit >= base:
            break
        value = value * base + digit
        digits += 1
        p += 1
    printable = 32 <= value < 127 or 160 <= value < 0xD800
    if p < n and buf[p] == SEMICOLON and digits > 0 and printable:
        return value, p + 1
    return 0, n


def reference(buf, p, n):
    """(character, place after it) of the reference whose ampersand is at `p`: &amp; &lt; &gt;
    &quot; &apos; or a number; (0, n) for any other."""
    if p + 6 > n:
        return 0, n
    a = buf[p + 1]
    b = buf[p + 2]
    c = buf[p + 3]
    if a == NUMBER_SIGN:
        return numbered(buf, p + 2, n)
    if c == SEMICOLON and b == 116 and (a == 108 or a == 103):
        return (LT if a == 108 else GT), p + 4
    d = buf[p + 4]
    if a == 97 and b == 109 and c == 112 and d == SEMICOLON:
        return AMPERSAND, p + 5
    if buf[p + 5] != SEMICOLON:
        return 0, n
    if a == 113 and b == 117 and c == 111 and d == 116:
        return QUOTE, p + 6
    if a == 97 and b == 112 and c == 111 and d == 115:
        return APOSTROPHE, p + 6
    return 0, n


def put_character(texts, t, value):
    """Write a character before U+D800 in UTF-8; the place after it."""
    if value < 0x80:
        texts[t] = value
        return t + 1
    if value < 0x800:
        texts[t] = 0xC0 | (value >> 6)
    else:
        texts[t] = 0xE0 | (value >> 12)
        t += 1
        texts[t] = 0x80 | ((value >> 6) & 0x3F)
    texts[t + 1] = 0x80 | (value & 0x3F)
    return t + 2


def plain_end(buf, p, n):
    """The first place from `p` at which a text has more to it than characters."""
    while p < n:
        c = buf[p]
        if c < 32 or c in (AMPERSAND, LT, GT, 0xEF):
            return p
        p += 1
    return n


def is_allowed(buf, p):
    """Whether the byte at `p` may stand in a text: `]]>`, U+FFFE, U+FFFF and control characters
    may not."""
    c = buf[p]
    if c == GT:
        return buf[p - 1] != BRACKET or buf[p - 2] != BRACKET
    if c == 0xEF:
        return buf[p + 1] != 0xBF or buf[p + 2] < 0xBE
    return c >= 32 or c == 10 or c == 9


def copy_text(buf, p, n, texts, t):
    """(end, place after it): copy the text from `p` to the `<` that ends it, references
    resolved. The end is n where something stands in it that XML does not allow or that is more
    than characters and references."""
    while True:
        stop = plain_end(buf, p, n)
        for i in range(stop - p):
            texts[t + i] = buf[p + i]
        t += stop - p
        p = stop
        if p >= n or buf[p] == LT:
            return p, t
        if buf[p] == AMPERSAND:
            value, p = reference(buf, p, n)
            t = put_character(texts, t, value)
        elif is_allowed(buf, p):
            texts[t] = buf[p]
            t += 1
            p += 1
        else:
            return n, t


def next_tag(buf, p, n):
    """The next `<` if only blanks stand before it, else n."""
    while p < n and is_blank(buf[p]):
        p += 1
    return p if p < n and buf[p] == LT else n


def begins_comment(buf, p):
    return (
        buf[p] == LT and buf[p + 1] == EXCLAMATION and buf[p + 2] == HYPHEN and buf[p + 3] == HYPHEN
    )


def after_comment(buf, p, n, last, clear):
    """(place, clear): the place after the comment that begins at `p`; `p` where none does, or
    where another begins before it ends; UNDECIDED where more bytes must tell (never if these
    are the `last`). No comment ends before `clear`, so that nothing is looked at twice."""
    if p + 4 > n:
        return (p if last else UNDECIDED), clear
    if not begins_comment(buf, p):
        return p, clear
    limit = min(n, p + LONGEST_COMMENT)
    i = max(p + 4, clear)
    while i < limit:
        if buf[i] == GT and i >= p + 6 and buf[i - 1] == HYPHEN and buf[i - 2] == HYPHEN:
            return i + 1, i
        if buf[i] == LT and i + 4 <= limit and begins_comment(buf, i):
            return p, i
        i += 1
    return (p if last or limit < n else UNDECIDED), i
