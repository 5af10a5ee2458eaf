"""The words and signs in which libraries write what they have of a serial or newspaper."""

import re
import unicodedata
from typing import NamedTuple

from lianguan.engine.text.numerals import TIBETAN_DIGITS, han_number

YEAR = r"(?:1[5-9]|20)\d\d"
NUMBER = r"(\d{1,6})(?!\d)"
NUMBERS = rf"{NUMBER}(?:\s*[-/]\s*{NUMBER})?"
BARE = rf"(?:第\s*)?{NUMBER}(?:\s*[-/]\s*(?!{YEAR}(?!\d)){NUMBER}(?!\s*[年月日]))?"
NTH = r"(?:་?(?:པོ|པ))?"
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
SEASONS = {
    "spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 12),
    "春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (12, 12), "上半年": (1, 6), "下半年": (7, 12),
}  # fmt: skip
ERAS = {"民国": 1911, "宣统": 1908, "光绪": 1874}
"""The year before the first: newspapers of China begin under the last emperors."""
LISTS = "lists"
"""Of words that say what is missing: those behind which everything is, to the end."""

WORDS = (
    ("unread", r"\d{7,}"),
    ("nothing", r"(?:不|无|没有)缺[期卷]?"),
    ("in_part", r"(?:残缺|间有缺|间缺|有缺|部分缺|不全|不齐|零散|零星)期?"),
    ("in_part", r"(?:incomplete|scattered|broken|imperfect|inc)(?![a-z])\.?"),
    ("missing", rf"所?[缺欠][期卷藏少年]?(?P<{LISTS}>\s*:)?"),
    ("missing", rf"(?P<{LISTS}>lack(?:s|ing)?|wanting|wants|missing|lacunes?)(?![a-z])"),
    ("open", r"至今|迄今|起|以来|以后|(?:to (?:date|present)|present|onwards?)(?![a-z])|\+"),
    ("date", rf"({YEAR})年(\d\d?)月\d\d?日|({YEAR})-(\d\d)-\d\d(?!\d)"),
    ("date", rf"({YEAR})\.(\d\d?)\.\d\d?(?!\d)|({YEAR})/(\d\d?)/\d\d?(?!\d)"),
    (
        "era",
        rf"({'|'.join(ERAS)})\s*(\d\d?)\s*年?(?:\s*-\s*\1?\s*(\d\d?)(?!\d)\s*年?)?(?!\s*[期卷])",
    ),
    (
        "whole",
        rf"总\s*(?:第\s*)?{NUMBERS}\s*[期号]?|whole\s+(?:nos?|numbers?)(?![a-z])\.?\s*{NUMBERS}",
    ),
    ("whole", rf"སྤྱིའི་འདོན་ཐེངས་?\s*{NUMBERS}{NTH}"),
    ("volume", rf"(?:第\s*)?{NUMBERS}\s*卷|卷\s*{NUMBERS}|པོད་?\s*{NUMBERS}{NTH}"),
    ("volume", rf"(?:volumes?|vols?|v|tomes?|t|bd|band|jahrg|jg)(?![a-z])\.?\s*{NUMBERS}"),
    ("volume", r"(\d{1,6})\.\s*(?:bd|band|jahrg|jg)(?![a-z])\.?"),
    ("number", rf"(?:第\s*)?{NUMBERS}\s*[期号辑]|期\s*{NUMBERS}|འདོན་ཐེངས་?\s*{NUMBERS}{NTH}"),
    ("number", rf"(?:numbers?|nos?|nr|n°|issues?|iss|heft|fasc|#)(?![a-z])\.?\s*{NUMBERS}"),
    ("number", r"(\d{1,6})\.\s*(?:heft|hft)(?![a-z])\.?"),
    ("first", r"创刊号"),
    ("month", rf"{NUMBERS}\s*月份?(?:\s*\d\d?\s*日)?"),
    ("named_month", rf"(?:\d\d?\s+)?({'|'.join(MONTHS)})[a-z]*\.?(?:\s*\d\d?(?!\d))?"),
    ("season", rf"({'|'.join(SEASONS)})[季刊号]?"),
    ("quarter", rf"(?:第\s*)?{NUMBERS}\s*季度?"),
    ("year", rf"({YEAR})\s*年?\s*[-/]\s*({YEAR})(?!\d)\s*年?度?"),
    ("short_year", rf"({YEAR})\s*[-/]\s*(\d\d)(?!\d|\s*[月期卷])年?"),
    ("year", rf"({YEAR})(?!\d)\s*(?:年(?:度|卷(?!\s*\d))?|ལོའི་?|ལོ་?)?"),
    (
        "nothing",
        r"[半全]?年?(?:季度?|[一双]?月)?合订本?|全年|共?\s*\d+\s*[册本]|馆藏|现?存|[全齐有]",
    ),
    ("nothing", r"[在续现停]订|现刊|停刊|currently received(?![a-z])"),
    ("bare", BARE),
    ("to", r"[-至到]"),
    ("opens", r"[(\[]"),
    ("closes", r"[)\]]"),
    ("hard", r"[;。\n]"),
    ("equals", r"="),
    ("mark", r"[、/&和及,:.·་།\s]+"),
    ("unread", r"[^\W\d_\u3400-\u9fff]+|."),
)
"""What stands in statements, the first that fits counts; groups are the numbers that it gives."""
PATTERNS = tuple((kind, re.compile(pattern, re.DOTALL)) for kind, pattern in WORDS)

DASHES = str.maketrans(dict.fromkeys("–—―−〜∼~‐‑", "-"))
SIMPLER = str.maketrans(
    "國緒統總號輯冊訂館現續無沒殘間齊創後", "国绪统总号辑册订馆现续无没残间齐创后"
)
HAN_DIGITS = "[零〇一二三四五六七八九十百千廿卅]{1,8}"
HAN_BEFORE_UNIT = re.compile(
    rf"{HAN_DIGITS}(?=(?:\s*[、,和及至到-]\s*第?{HAN_DIGITS}){{0,12}}\s*(?:[年卷期号月日辑册]|季度))"
)
FIRST_OF_ERA = re.compile(rf"({'|'.join(ERAS)})元年")


def plain(text: str) -> str:
    """The text with one form of digits, dashes and letters."""
    said = unicodedata.normalize("NFKC", text).translate(TIBETAN_DIGITS).translate(DASHES)
    said = FIRST_OF_ERA.sub(r"\g<1>1年", said.translate(SIMPLER).lower())
    return HAN_BEFORE_UNIT.sub(lambda m: str(han_number(m[0])), said)


class Word(NamedTuple):
    """A word or sign of a statement, and the numbers in it."""

    kind: str
    text: str
    said: tuple[str, ...]


def words_in(text: str) -> list[Word]:
    """The words of a statement, in order; nothing is left out."""
    said, found, at = plain(text), [], 0
    while at < len(said):
        kind, match = next((k, m) for k, pattern in PATTERNS if (m := pattern.match(said, at)))
        found.append(Word(kind, match[0], tuple(filter(None, match.groups()))))
        at = match.end()
    return found
