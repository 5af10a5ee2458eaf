"""The encoding of a record is decided by its bytes; doubt sets it aside."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymarc.marc8 import MARC8ToUnicode
from pymarc.marc8_mapping import CODESETS

from lianguan.engine.read import marc8
from lianguan.engine.read.decoding import Decoder
from lianguan.engine.read.encodings import Hints, encoding_of
from lianguan.engine.read.findings import Rule

MARC21 = Hints(marc21=True)
MARC21_UTF8 = Hints(utf8_claimed=True, marc21=True)
CHINESE = Hints()


@pytest.mark.parametrize(
    ("text", "written_in", "hints", "found"),
    [
        ("青海湖志 张三主编 青海人民出版社", "utf-8", CHINESE, "utf-8"),
        ("青海湖志 张三主编 青海人民出版社", "gb18030", CHINESE, "gb18030"),
        ("青海湖志 张三主编 青海人民出版社", "gb18030", MARC21, "gb18030"),
        ("紅樓夢圖詠 臺灣學生書局 線裝書", "gb18030", CHINESE, "gb18030"),
        ("མཚོ་བྱང་གི་ལོ་རྒྱུས། 海北史话", "gb18030", CHINESE, "gb18030"),
        ("མཚོ་བྱང་གི་ལོ་རྒྱུས།", "gb18030", CHINESE, "gb18030"),
        ("Été à la campagne", "utf-8", MARC21, "utf-8"),
        ("Été à la campagne, souvenirs d'une élève", "cp1252", CHINESE, "cp1252"),
        ("Основы гидравлического расчета инженерных сетей", "cp1251", MARC21, "cp1251"),
        ("plain", "ascii", MARC21, "utf-8"),
        ("©1983 Random House", "latin-1", MARC21, "cp1252"),
    ],
)
def test_encoding_by_evidence(text: str, written_in: str, hints: Hints, found: str) -> None:
    assert encoding_of(text.encode(written_in), hints) == found


def test_marc8_by_its_marks_and_escapes() -> None:
    assert encoding_of(b"pr\xe2ec\xe2ed\xe2e d'une \xe2etude fran\xf0caise", MARC21) == "marc8"
    assert encoding_of(b"H2\x1bb2\x1bsO", MARC21) == "marc8"
    assert encoding_of(b"H2\x1bb2\x1bsO", MARC21_UTF8) == "utf-8"
    assert encoding_of(b"livin\xe1-- I did", MARC21) == "marc8"


def test_two_readings_that_both_look_like_text_are_doubt() -> None:
    both = bytes([0xC3, 0xA9, 0xC4, 0xA1])
    assert both.decode("utf-8") == "éġ"
    assert both.decode("gb18030") == "茅摹"
    assert encoding_of(b"  \x1fa" + both, CHINESE) is None
    assert encoding_of(b"  \x1facaf" + both[:2], CHINESE) == "utf-8"
    assert encoding_of(b"  \x1fa" + both, MARC21) == "utf-8"


@pytest.mark.parametrize("hints", [MARC21, CHINESE])
def test_a_broken_byte_does_not_make_european_text_chinese(hints: Hints) -> None:
    whole = b"  \x1fa" + "Ångström, élève, événement, à l'été".encode()
    broken = whole.replace(b"l'", b"\xd6\xd0")
    assert encoding_of(whole, hints) == "utf-8"
    assert broken.decode("gb18030").startswith("  \x1fa脜ngstr枚m")
    assert encoding_of(broken, hints) == "utf-8"
    assert encoding_of("  \x1faÅngström's".encode() + b"\xd6\xd0", hints) != "gb18030"


def test_broken_tibetan_is_never_taken_for_chinese() -> None:
    whole = "མཚོ་སྔོན་གྱི་ལོ་རྒྱུས། བོད་ཀྱི་དམངས་གླུང་།".encode()
    for at in range(len(whole)):
        for more in (b"\xb0", b"\xd6\xd0", b"\x41"):
            broken = whole[:at] + more + whole[at + 1 :]
            broken = broken[: at // 2] + more + broken[at // 2 + 1 :]
            assert encoding_of(b"  \x1fa" + broken, CHINESE) in ("utf-8", None)


@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(content: bytes) -> None:
    for hints in (MARC21, MARC21_UTF8, CHINESE):
        found = encoding_of(content, hints)
        if found:
            Decoder(found)(content)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=12, max_size=60))
def test_chinese_text_in_utf8_is_never_taken_for_something_else(text: str) -> None:
    assert encoding_of(text.encode(), CHINESE) == "utf-8"


COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严龙飞"


@given(st.text(st.sampled_from(COMMON), min_size=3, max_size=40))
def test_common_chinese_text_in_gbk_is_never_read_as_anything_else(text: str) -> None:
    found = encoding_of(b"  \x1fa" + text.encode("gbk"), CHINESE)
    assert found in ("gb18030", None)


@pytest.mark.parametrize("name", sorted(CODESETS))
def test_every_marc8_code_is_read_as_the_reference_tables_say(name: int) -> None:
    size = 3 if name == 0x31 else 1
    escape = b"\x1b$1" if name == 0x31 else b"\x1b(" + bytes([name])
    differ = {0xEB, 0xEC, 0xFA, 0xFB}
    for code, (character, combines) in CODESETS[name].items():
        if code <= 0x20 or code in differ:
            continue
        raw = code.to_bytes(size, "big")
        text = raw + b"a" if combines else (escape if code < 0x80 or size == 3 else b"") + raw
        if 0x80 < code < 0xA1 or (size == 1 and code > 0x80 and name != 0x45):
            continue
        expected = "a" + chr(character) if combines and name == 0x45 else chr(character)
        if combines and name != 0x45:
            continue
        assert marc8.decode(text) == unicodedata.normalize("NFC", expected), hex(code)


@given(st.binary(max_size=60))
def test_marc8_never_fails(raw: bytes) -> None:
    marc8.decode(raw)


@given(st.text("abcdefgh AEIOU\xc6\xd8", max_size=30))
def test_marc8_agrees_with_pymarc_on_ansel(text: str) -> None:
    table = {chr(to): code for code, (to, mark) in CODESETS[0x45].items() if not mark}
    raw = bytes(table.get(c, ord(c)) for c in text)
    converter: Any = MARC8ToUnicode(quiet=True)
    assert marc8.decode(raw) == converter.translate(raw)


def test_marc8_marks_and_ligatures() -> None:
    assert marc8.decode(b"L\xebi\xecudov") == "Li͡udov"
    assert marc8.decode(b"fran\xf0cais") == "français"
    assert marc8.decode(b"\x1b(2Zefdb\x1b(B") == marc8.decode(
        b"\x1b)2\xdaefdb".replace(b"efdb", b"\xe5\xe6\xe4\xe2")
    )
    assert marc8.decode(b"\x1b$1!0!") != ""
    assert marc8.decode(b"livin\xe1-- I") == "livin\u00a0\u0300-- I"
    assert "\ufffd" in marc8.decode(b"a\xff")


@pytest.mark.parametrize(
    ("raw", "encoding", "text", "rule"),
    [
        ("{cr:NLC}题名".encode(), "utf-8", "题名", Rule.RULES_PREFIX),
        (b"Tom &amp; Jerry &#x4E2D;", "utf-8", "Tom & Jerry 中", Rule.CHARACTER_REFERENCES),
        (
            "das rÃ¶mische Privatrecht".encode(),
            "utf-8",
            "das römische Privatrecht",
            Rule.UTF8_TWICE,
        ),
        (b"10\x1bp2\x1bs m", "utf-8", "10² m", Rule.MARC8_ESCAPES_IN_UTF8),
        (b"\xfe\x59\xb6\xab", "gb18030", "龴东", Rule.GB_PRIVATE_USE),
        (b"a\xffb", "utf-8", "a\ufffdb", Rule.BYTES_REPLACED),
        (b"a\xffb", "marc8", "a\ufffdb", Rule.MARC8_UNKNOWN),
        ("æµ„åçŽ„è«–".encode(), "utf-8", "浄�玄論", Rule.UTF8_TWICE),
    ],
)
def test_repairs_of_text_are_named(raw: bytes, encoding: str, text: str, rule: Rule) -> None:
    decoder = Decoder(encoding)
    assert decoder(raw) == text
    assert decoder.rules == rule


@pytest.mark.parametrize(
    "text",
    ["R&D", "AT&T;", "Ångström", "café", "{crown}", "Ã", "ÂME", "Pospíšil", "KITÂB AL-IKTIFÂ’"],
)
def test_text_that_only_looks_damaged_is_left_alone(text: str) -> None:
    decoder = Decoder()
    assert decoder(text.encode()) == text
    assert not decoder.rules


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("\u200fعين التمر :\u200f", "عين التمر :"),
        ("نظم :\u202a\u202a", "نظم :"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("práticas em São\n                 Paulo", "práticas em São Paulo"),
    ],
)
def test_marks_for_screens_and_breaks_of_lines_are_no_part_of_the_text(raw: str, text: str) -> None:
    decoder = Decoder()
    assert (decoder(raw.encode()), decoder.rules) == (text, Rule(0))
