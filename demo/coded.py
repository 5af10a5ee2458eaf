"""Coded fields that both CNMARC members write: 100, 101, 102 and the numbers in 010."""

import re

from stdnum import isbn

from demo.facts import Fact

YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
AUDIENCE = {"juvenile": "a  ", "adult": "m  ", "": "em "}
SCRIPT = {"chi": "ea", "tib": "zz"}
ORIGINAL = {"美": "eng", "英": "eng", "法": "fre", "日": "jpn"}
REGIONS = {
    "北京": "110000", "济南": "370100", "西宁": "630100", "上海": "310000", "南京": "320100",
    "兰州": "620100", "昆明": "530100", "太原": "140100", "武汉": "420100", "西安": "610100",
    "桂林": "450300", "大连": "210200", "海北": "632200", "西海镇": "632200", "刚察": "632224",
    "臺北": "710000", "高雄": "710000",
}  # fmt: skip


def first_year(fact: Fact) -> str:
    match = YEAR.search(fact.year)
    return match[0] if match else ""


def dates(fact: Fact) -> str:
    """Type of date and two dates (100$a/8-16)."""
    first = first_year(fact) or "    "
    if fact.kind == "serial":
        last = (
            fact.year[-4:] if fact.year.endswith(tuple("0123456789")) and "-" in fact.year else ""
        )
        return f"b{first}{last}" if last else f"a{first}9999"
    return f"d{first}    " if first.strip() else "u        "


def general(fact: Fact, entered: str, charset: str) -> str:
    """The 36 characters of 100$a."""
    audience = AUDIENCE[fact.audience]
    script = SCRIPT.get(fact.language, "ba")
    return f"{entered}{dates(fact)}{audience}y0chiy{charset:<8}{script}"


def languages(fact: Fact) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Indicators and subfields of 101."""
    origin = next((ORIGINAL[a.origin] for a in fact.people if a.origin in ORIGINAL), "")
    is_translation = bool(origin) and any("译" in a.role or "譯" in a.role for a in fact.people)
    said = (("a", fact.language), ("c", origin if is_translation else ""))
    return ("1 " if is_translation else "0 "), said


def region(fact: Fact) -> str:
    """102$b; none for books from abroad."""
    return REGIONS.get(fact.place, "")


def hyphenated(number: str) -> str:
    """An ISBN-13 with its hyphens."""
    return str(isbn.format(number, convert=True)) if number else ""


def ten_digits(number: str) -> str:
    """The same ISBN as it was before 2007, without hyphens."""
    compact = str(isbn.compact(number))
    return str(isbn.to_isbn10(compact)) if len(compact) == 13 else compact


def thirteen_digits(number: str) -> str:
    return str(isbn.to_isbn13(number)).replace("-", "") if number else ""
