"""Numbers of parts and editions, however they are written: 上 · 第一卷 · vol. 1 · Ⅰ · ༡."""

import re
import unicodedata

from lianguan.engine.text.fold import fold

LAST = "last"
"""下 is 2 of two or 3 of three: only that it is the last is known."""

POSITIONS = {"上": "1", "中": "2", "下": LAST, "前": "1", "后": LAST, "续": "continued"}
HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")
}
HAN_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "廿": 20, "卅": 30}
TIBETAN_DIGITS = str.maketrans("༠༡༢༣༤༥༦༧༨༩", "0123456789")
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}

HAN_NUMBER = re.compile("[零一二三四五六七八九〇壹贰叁肆伍陆柒捌玖十拾百佰千廿卅]+")
UNIT = re.compile(
    r"[第之]|[卷册部编篇集辑函分期号年]|volumes?|vols?|vol|parts?|pts?|books?|bks?|bd|band|tomes?|tome"
    r"|numbers?|nos?|no|series|ser|section|sect|v|t|n|chapter|issue|teil|deel|libro"
)
ORDINAL = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "1st": 1, "2nd": 2,
    "3rd": 3, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "zweite": 2, "dritte": 3, "deuxieme": 2, "troisieme": 3,
    "ula": 1, "thaniyah": 2, "thalithah": 3, "rabiah": 4, "khamisah": 5, "sadisah": 6,
    "الاولي": 1, "الثانيه": 2, "الثالثه": 3, "الرابعه": 4, "الخامسه": 5, "السادسه": 6,
}  # fmt: skip


def han_number(text: str) -> int | None:
    """The number that Chinese numerals write: 二十三, 贰叁, 二〇二三."""
    if not HAN_NUMBER.fullmatch(text):
        return None
    if not any(c in HAN_UNITS for c in text):
        return int("".join(str(HAN_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in HAN_DIGITS:
            digit = HAN_DIGITS[c]
        elif HAN_UNITS[c] in (20, 30):
            total += HAN_UNITS[c]
        else:
            total += max(digit, 1) * HAN_UNITS[c]
            digit = 0
    return total + digit


def roman_number(text: str) -> int | None:
    """The number that Roman numerals write, in the usual way only; None for other words."""
    if not text or any(c not in ROMAN for c in text):
        return None
    values = [ROMAN[c] for c in text]
    total = sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
    return total if _as_roman(total) == text else None


def _as_roman(number: int) -> str:
    signs = "m cm d cd c xc l xl x ix v iv i".split()
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    out = ""
    for sign, value in zip(signs, values, strict=True):
        count, number = divmod(number, value)
        out += sign * count
    return out


WHOLE_SET = re.compile(
    r"(?:套装)?[全共](\d{1,3}|[一二三四五六七八九十百]{1,4})[册卷部函集本]|上(中?)下[册卷部集编]?"
)


def set_size(text: str) -> int:
    """How many volumes there are where the whole set is named, not one of them: 全三册, 上下册;
    else 0."""
    match = WHOLE_SET.fullmatch(fold(text))
    if not match:
        return 0
    if match[1]:
        return int(match[1]) if match[1].isdigit() else han_number(match[1]) or 0
    return 3 if match[2] else 2


def part_number(text: str) -> str:
    """A part's number in one form: "1", "last", "2019:3" for several, else the folded text
    without words such as "part"; "" where there is none or it is the whole set."""
    if set_size(text):
        return ""
    said = fold(unicodedata.normalize("NFKC", text).translate(TIBETAN_DIGITS))
    tokens = re.findall(r"\d+|[a-z]+\d*|[^\W\da-z]+", said)
    numbers = [number for token in tokens for number in _numbers(token)]
    if not numbers and tokens and (roman := _roman_part(tokens[-1])):
        numbers = [str(roman)]
    if numbers:
        return ":".join(numbers)
    return " ".join(token for token in said.split() if not UNIT.fullmatch(token)) or said


def _roman_part(token: str) -> int | None:
    """A Roman number; a C, D, L or M that stands alone is more likely a letter."""
    return None if token in ("c", "d", "l", "m") else roman_number(token)


def _numbers(token: str) -> list[str]:
    if token.isdigit():
        return [str(int(token))]
    if token in ORDINAL:
        return [str(ORDINAL[token])]
    if not token.isascii():
        pieces = filter(None, UNIT.split(token))
        return [found for piece in pieces if (found := _han(piece))]
    number = None if UNIT.fullmatch(token) else _roman_part(token)
    if number is None and (match := re.fullmatch(r"[a-z]+(\d+)", token)):
        number = int(match[1])
    return [] if number is None else [str(number)]


def _han(piece: str) -> str:
    """A position or a number in Chinese, or ""."""
    number = han_number(piece)
    return POSITIONS.get(piece, "") if number is None else str(number)


def same_part(a: str, b: str) -> bool:
    """Two part numbers can be one: equal, or one is the last and the other is not the first."""
    return a == b or (LAST in (a, b) and a != "1" and b != "1")


EDITION = re.compile(
    r"第?([一二三四五六七八九十\d]+)次?版|(\d+)(?:st|nd|rd|d|th)\b"
    r"|(\d+)\s*(?:e ed|a ed|ed|aufl|e izd|izd|wyd|版)|(?:tabah|tabat|chap i|الطبعه|izd|wyd) (\d+)"
)
FACSIMILE = re.compile(r"影印|facsim|reprint ed|photoreprint")
REVISED = re.compile(
    r"修订|增订|改版|新版|增补|订正|rev|enl|expanded|updated|new|corr|augm|amended|nouv|neu|ampl"
)
FIRST = "1"
"""The first edition: many records of one name none."""
FIRST_EDITION = re.compile(r"(?:第?[一1]?次?版|初版|1st ed.*|first ed.*|1 ed.*)")
PRINTING = re.compile(
    r"第?[一二三四五六七八九十百\d]+次?(?:印刷|[印刷])|\d+(?:st|nd|rd|d|th) (?:pr|print|impr)\w*"
)


def edition_number(text: str) -> str:
    """An edition in one form: "" where none is named, its number, "facsimile", or "revised"
    (which may be any but the first); else the folded words. A printing is no edition."""
    said = " ".join(PRINTING.sub(" ", fold(text)).split())
    if not said or said == "版":
        return ""
    if FIRST_EDITION.fullmatch(said):
        return FIRST
    if FACSIMILE.search(said):
        return "facsimile"
    word = next((str(ORDINAL[w]) for w in said.split() if w in ORDINAL), "")
    match = EDITION.search(said)
    if match:
        found = next(group for group in match.groups() if group)
        number = han_number(found) or (int(found) if found.isdigit() else None)
        word = str(number) if number else word
    if word == FIRST:
        return "revised" if REVISED.search(said) else FIRST
    return word or ("revised" if REVISED.search(said) else said)
