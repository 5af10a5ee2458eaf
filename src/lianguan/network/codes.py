"""Codes guessed from names, for people to confirm: 海北州图书馆 → HB, its branches HB-01 …"""

import re
from collections.abc import Collection

from pypinyin import Style, lazy_pinyin

from lianguan.network.kinds import BODY, LIBRARY, SIGNS

GENERIC = re.compile(
    r"(?:(?:藏|回|蒙古|土|撒拉|哈萨克|维吾尔|苗|侗|彝|壮|傣|羌|满|朝鲜)族)*自治[州县区旗]"
    r"|公共|少年|儿童|[省市县州区盟旗]"
)
"""What many names share says nothing of one."""
PIECES = re.compile("[A-Za-z]+|[^\x00-\x7f]+")
INITIALS = 4
LONGEST_ABOVE = 56
"""Of a code before the number of what is under it."""
FALLBACK = {LIBRARY: "L", BODY: "B"}
MARKED = {BODY: "J"}
"""A bureau (局) beside the library of the same town."""


def guessed(name: str, kind: str, over: str, taken: Collection[str]) -> str:
    """A code that nobody has. Libraries and bodies by the initials of their names; others by the
    code of what they belong to and a number. `taken` in small letters."""
    if kind in FALLBACK:
        own = _initials(name) or FALLBACK[kind]
        return _free(own + MARKED.get(kind, ""), taken)
    number, over = 1, over if 0 < len(over) < LONGEST_ABOVE else "P"
    while (code := f"{over}-{number:02}").casefold() in taken:
        number += 1
    return code


def _free(code: str, taken: Collection[str]) -> str:
    number, tried = 1, code
    while tried.casefold() in taken:
        number += 1
        tried = f"{code}{number}"
    return tried


def _initials(name: str) -> str:
    for sign in SIGNS:
        for word in sign.words:
            name = re.sub(re.escape(word) + "$", "", name, flags=re.IGNORECASE)
    short = GENERIC.sub("", name) or name
    letters = [letter for piece in PIECES.findall(short) for letter in _letters(piece)]
    return "".join(letters).upper()[:INITIALS]


def _letters(piece: str) -> list[str]:
    """Of a word in Latin letters the first; of Chinese that of each syllable; else nothing."""
    if piece.isascii():
        return [piece[0]]
    return [one[:1] for one in lazy_pinyin(piece, style=Style.FIRST_LETTER, errors="ignore") if one]
