"""What two people who mean the same write differently is folded into one."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianguan.engine.text.fold import fold, variants

ALIKE = [
    ("a_traditional_title_is_its_simplified_one", "靑海湖誌", "青海湖志"),
    ("a_phrase_decides_what_one_sign_becomes", "乾隆皇帝與乾燥", "乾隆皇帝与干燥"),
    ("a_variant_form_is_the_usual_one", "昇峯畧", "升峰略"),
    ("a_radical_is_the_character_it_looks_like", "⼈民⽂學", "人民文学"),
    ("full_width_letters_and_figures_are_half_width", "ＡＢＣ１２３", "abc123"),
    ("book_title_marks_say_nothing", "《红楼梦》", "红楼梦"),
    ("any_middle_dot_parts_a_foreign_name_alike", "马克·吐温", "马克．吐温"),
    ("no_space_stands_beside_a_chinese_character", "海北年鉴 2019", "海北年鉴2019"),
    ("letter_case_is_nothing", "Web 2.0", "WEB 2.0"),
    ("accents_are_left_out", "Émile Brontë", "emile bronte"),
    ("letters_without_an_accent_to_take_off_are_spelt_out", "Łódź Straße Ærø", "lodz strasse aero"),
    ("signs_of_transcription_are_left_out", "ʻAbd al-Raḥmān", "abd al rahman"),
    ("an_apostrophe_parts_no_word", "O’Brien", "O'Brien"),
    ("tibetan_without_its_last_shad", "བོད་ཀྱི་ལོ་རྒྱུས།", "བོད་ཀྱི་ལོ་རྒྱུས"),
    ("tibetan_with_two_tshegs_and_stray_spaces", " བོད་་ཀྱི་ ལོ་རྒྱུས་ ༎", "བོད་ཀྱི་ལོ་རྒྱུས"),
    ("the_tsheg_that_forbids_a_line_break", "བོད༌ཀྱི", "བོད་ཀྱི"),
    ("a_head_mark_before_a_tibetan_title", "༄༅། །བོད་ཡིག", "བོད་ཡིག"),
    ("om_written_as_one_sign", "ༀ་མ་ཎི", "ཨོཾ་མ་ཎི"),
    ("ra_in_its_fixed_form", "ཪྐང", "རྐང"),
    ("arabic_with_its_vowels", "كِتَابٌ", "كتاب"),
    ("arabic_alef_with_and_without_hamza", "الأغاني", "الاغاني"),
    ("arabic_stretched_by_tatweel", "كتـــاب", "كتاب"),
    ("arabic_teh_marbuta_and_dotless_yeh", "المكتبة الكبرى", "المكتبه الكبري"),
    ("hebrew_with_its_points", "שָׁלוֹם", "שלום"),
    ("a_hebrew_maqaf_parts_words", "תל־אביב", "תל אביב"),
]

APART = [
    ("two_years_of_a_yearbook", "海北年鉴2019", "海北年鉴2020"),
    ("two_syllables_and_one", "བོད་ཡིག", "བོདཡིག"),
    ("two_words_and_one", "red room", "redroom"),
    ("a_number_in_words_and_in_figures", "三国演义", "3国演义"),
]

TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF),
        st.characters(min_codepoint=0x0F00, max_codepoint=0x0FFF),
        st.characters(min_codepoint=0x0590, max_codepoint=0x06FF),
        st.characters(min_codepoint=0x0300, max_codepoint=0x036F),
    ),
    max_size=14,
)


@pytest.mark.parametrize(("a", "b"), [row[1:] for row in ALIKE], ids=[row[0] for row in ALIKE])
def test_folded_alike(a: str, b: str) -> None:
    assert fold(a) == fold(b) != ""


@pytest.mark.parametrize(("a", "b"), [row[1:] for row in APART], ids=[row[0] for row in APART])
def test_folded_apart(a: str, b: str) -> None:
    assert fold(a) != fold(b)


@settings(max_examples=500)
@given(TEXTS)
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(max_examples=300)
@given(TEXTS)
def test_a_folded_text_has_single_spaces_only_and_none_at_its_ends(text: str) -> None:
    assert fold(text) == " ".join(fold(text).split())


@given(TEXTS)
def test_how_a_system_composes_its_letters_makes_no_difference(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_no_variant_form_leads_to_another_variant_form() -> None:
    assert not {ord(usual) for usual in variants().values()} & variants().keys()
