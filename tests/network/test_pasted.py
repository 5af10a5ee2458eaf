"""Lists as people paste them: understood where that can be, and never a line lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianguan.network import codes
from lianguan.network.kinds import HUB, IN_A_LIST, UNDER
from lianguan.network.pasted import CODE, LONGEST, Listed, Standing, read_list

TOP = Standing("HUB", "济南—海北联馆", HUB)


def read(text: str, *standing: Standing, under: Standing = TOP, **said: object) -> list[Listed]:
    return read_list(text, under, standing, **said)  # type: ignore[arg-type]


def tree(text: str, *standing: Standing) -> dict[str, str]:
    """Name → code of what it belongs to."""
    listed = read(text, *standing)
    assert not any(one.errors for one in listed), listed
    return {one.name: one.parent for one in listed}


def wrong(text: str, *standing: Standing) -> dict[int, tuple[str, ...]]:
    return {one.line: one.errors for one in read(text, *standing) if one.errors}


@pytest.mark.parametrize("indent", ["  ", "\t", "　", "    ", "\u00a0\u00a0"])
def test_what_is_indented_belongs_to_the_line_above(indent: str) -> None:
    text = f"海北州图书馆\n{indent}门源县图书馆\n{indent * 2}浩门镇文化站\n{indent}祁连县图书馆\n济南市图书馆"
    assert tree(text) == {
        "海北州图书馆": "HUB", "门源县图书馆": "HB", "浩门镇文化站": "MY", "祁连县图书馆": "HB",
        "济南市图书馆": "HUB",
    }  # fmt: skip


def test_what_belongs_to_what_may_stand_in_a_column_before_or_after_it() -> None:
    text = "浩门镇文化站\t门源县图书馆\n门源县图书馆\t海北州图书馆\n海北州图书馆"
    assert tree(text) == {"海北州图书馆": "HUB", "门源县图书馆": "HB", "浩门镇文化站": "MY"}
    assert [one.name for one in read(text)] == ["海北州图书馆", "门源县图书馆", "浩门镇文化站"]


def test_what_is_there_already_may_be_named_too() -> None:
    there = Standing("HBZ", "海北州图书馆", "library")
    assert tree("门源县图书馆，海北州图书馆", there) == {"门源县图书馆": "HBZ"}


def test_columns_are_known_by_how_they_look() -> None:
    (one,) = read("海北州图书馆\tHaibei Prefecture Library\tམཚོ་བྱང་དཔེ་མཛོད་ཁང་།\tCN-632200")
    assert (one.name_en, one.name_bo, one.code) == (
        "Haibei Prefecture Library",
        "མཚོ་བྱང་དཔེ་མཛོད་ཁང་།",
        "CN-632200",
    )


@pytest.mark.parametrize(("name", "kind"), [
    ("济南市图书馆", "library"), ("历下区图书馆总馆", "library"), ("历下分馆", "branch"),
    ("海北州图书馆西海镇分馆", "branch"), ("浩门镇综合文化站", "station"), ("头塘村牧家书屋", "room"),
    ("泉城书房·大明湖", "room"), ("海北州文化和旅游局", "body"), ("青海省文化和旅游厅", "body"),
    ("县图书馆阅览室", "room"), ("Jinan Library", "library"), ("某某", ""),
])  # fmt: skip
def test_the_name_says_what_kind_of_place_it_is(name: str, kind: str) -> None:
    (one,) = read(name)
    assert one.kind == kind


@pytest.mark.parametrize(("name", "code"), [
    ("济南市图书馆", "JN"), ("海北藏族自治州图书馆", "HB"), ("门源回族自治县图书馆", "MY"),
    ("祁连县图书馆", "QL"), ("海晏县图书馆", "HY"), ("重庆图书馆", "CQ"), ("Jinan City Library", "JC"),
    ("海北州文化和旅游局", "HBWHJ"), ("图书馆", "L"),
])  # fmt: skip
def test_codes_are_guessed_from_names(name: str, code: str) -> None:
    (one,) = read(name)
    assert one.code == code


def test_places_under_a_library_have_its_code_and_a_number() -> None:
    there = Standing("JN-01", "旧分馆", "branch")
    listed = read("济南市图书馆\n  甲分馆\n  乙分馆\n", there)
    assert [one.code for one in listed] == ["JN", "JN-02", "JN-03"]


def test_a_library_whose_records_are_there_has_the_code_that_they_have() -> None:
    listed = read("济南市图书馆\n  甲分馆", known={"济南市图书馆": "CN-JN"})
    assert [one.code for one in listed] == ["CN-JN", "CN-JN-01"]


def test_what_a_person_chose_goes_before_what_was_guessed() -> None:
    listed = read("济南市图书馆\n  甲\n", chosen={1: ("body", "X1"), 2: ("nonsense", "")})
    assert (listed[0].kind, listed[0].code) == ("body", "X1")
    assert listed[1].errors == ("kind_unknown",)


def test_marks_of_a_list_and_empty_lines_are_not_part_of_names() -> None:
    text = "\ufeff• 济南市图书馆\r\n\r\n   - 历下分馆\r\n"
    assert [(one.line, one.name) for one in read(text)] == [(1, "济南市图书馆"), (3, "历下分馆")]


@pytest.mark.parametrize(("text", "errors"), [
    ("甲图书馆\n甲图书馆", {2: ("name_twice",)}),
    ("甲图书馆\tA-1\n乙图书馆\tA-1", {2: ("code_taken",)}),
    ("甲图书馆\tHUB", {}),
    ("甲图书馆\t没有的馆", {1: ("parent_unknown",)}),
    ("甲图书馆\n  书屋\n乙图书馆\n  书屋\n丙书房\t书屋", {5: ("parent_ambiguous", "kind_misplaced")}),
    ("甲图书馆\t乙图书馆\n乙图书馆\t甲图书馆", {1: ("parent_circular",), 2: ("parent_circular",)}),
    ("甲图书馆\t甲图书馆", {1: ("parent_circular",)}),
    ("某某", {1: ("kind_unknown",)}),
    ("甲书屋", {1: ("kind_misplaced",)}),
    ("\t\t甲图书馆\tA-1\tB-2", {1: ("cell_twice",)}),
    ("甲" * 101 + "图书馆", {1: ("name_too_long",)}),
    ("甲\x07图书馆", {1: ("name_unprintable",)}),
])  # fmt: skip
def test_a_line_with_a_mistake_says_which(text: str, errors: dict[int, tuple[str, ...]]) -> None:
    assert wrong(text) == errors


def test_a_code_that_is_there_is_taken_however_it_is_written() -> None:
    there = Standing("jn", "旧馆", "library")
    assert wrong("甲图书馆\tJN", there) == {1: ("code_taken",)}
    assert read("济南市图书馆", there)[0].code == "JN2"


def test_levels_without_end_are_told_and_not_fatal() -> None:
    listed = read("\n".join(" " * depth + f"{depth}分馆" for depth in range(900)))
    assert len(listed) == 900
    assert {"too_deep"} <= {error for one in listed for error in one.errors}


def test_of_a_list_that_is_too_long_every_line_beyond_says_so_and_none_is_lost() -> None:
    listed = read("\n".join(f"{number}号图书馆" for number in range(LONGEST + 5)))
    assert len(listed) == LONGEST + 5
    assert [one.line for one in listed if "list_too_long" in one.errors] == list(
        range(LONGEST + 1, LONGEST + 6)
    )


NAMES = st.text("甲乙丙丁州县图书馆分书屋文化站局ABab12 ·་ཀ", min_size=0, max_size=9)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["", " ", "  ", "\t", "　", "\t\t"]),
        NAMES,
        st.sampled_from(["", "\t", ",", "，", "\t\t"]),
        NAMES,
    ).map("".join),
    max_size=25,
)


@given(LINES)
def test_no_line_is_lost_and_what_has_no_mistake_can_be_added(lines: list[str]) -> None:
    text = "\n".join(lines)
    listed = read(text)
    written = {number for number, line in enumerate(text.splitlines(), 1) if line.strip()}
    assert sorted(one.line for one in listed) == sorted(written)
    good = {"HUB": HUB}
    for one in listed:
        if one.errors:
            continue
        assert CODE.fullmatch(one.code)
        assert one.kind in IN_A_LIST
        if one.parent in good:
            assert good[one.parent] in UNDER[one.kind]
            assert one.code not in good
            good[one.code] = one.kind


@given(st.text(max_size=200))
def test_nothing_that_is_pasted_breaks_it(text: str) -> None:
    for one in read(text):
        assert one.name or "name_missing" in one.errors


@given(LINES)
def test_read_again_with_its_own_codes_it_says_the_same(lines: list[str]) -> None:
    first = read("\n".join(lines))
    chosen = {one.line: (one.kind, one.code) for one in first}
    again = read("\n".join(lines), chosen=chosen)
    assert [one for one in again if not one.errors] == [
        one for one in first if not one.errors and one in again
    ]
    if not any(one.errors for one in first):
        assert again == first


@given(NAMES, st.sampled_from(IN_A_LIST), st.text("ABC-09", max_size=62).map("A".__add__))
def test_a_guessed_code_is_always_a_code_that_nobody_has(name: str, kind: str, over: str) -> None:
    taken = {codes.guessed(name, kind, over, ()).casefold()}
    other = codes.guessed(name, kind, over, taken)
    assert other.casefold() not in taken
    assert CODE.fullmatch(other)
