"""What libraries write of the years and numbers they have, read and put in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianguan.engine.record import Holding
from lianguan.engine.text.issue_runs import OPEN, Point, Run
from lianguan.engine.text.issue_words import plain, words_in
from lianguan.engine.text.issues import Issues, issues_in, issues_of
from lianguan.engine.text.years_held import SharedYears, Span, years_held, years_shared


def told(runs: tuple[Run, ...]) -> list[str]:
    """Runs as tests name them: y2003.n1→y2003.n12, …for what goes on, ~ for what has gaps."""
    return [_told(run) for run in runs]


def _told(run: Run) -> str:
    ends = [_point(run.first)] + ([_point(run.last)] if run.last != run.first else [])
    return "→".join(ends) + ("…" if run.is_open else "") + ("~" if run.in_part else "")


def _point(point: Point) -> str:
    return ".".join(f"{name[0]}{value}" for name, value in point._asdict().items() if value)


HELD = {
    "2001-2005": "y2001→y2005",
    "2003年第1-12期": "y2003.n1→y2003.n12",
    "第3卷第2期": "v3.n2",
    "总第120期": "w120",
    "2019年第3期（总第45期）": "y2019.n3.w45",
    "1990年第1卷第1期（总第5期）-1992年第3卷第6期（总第22期）": "y1990.v1.n1.w5→y1992.v3.n6.w22",
    "1985,no.1-6,8-12": "y1985.n1→y1985.n6 y1985.n8→y1985.n12",
    "2003年第5、7期": "y2003.n5 y2003.n7",
    "一九八五年第一、二期": "y1985.n1 y1985.n2",
    "2003（1—12）": "y2003.n1→y2003.n12",
    "2003 1-12": "y2003.n1→y2003.n12",
    "1985.1-1986.6": "y1985.n1→y1986.n6",
    "1985年第1期～第6期": "y1985.n1→y1985.n6",
    "1985年第1期至1987年第12期": "y1985.n1→y1987.n12",
    "1990，1992、1995-1997": "y1990 y1992 y1995→y1997",
    "1985年合订本，1986年1-6期合订": "y1985 y1986.n1→y1986.n6",
    "1990年1月-1991年12月": "y1990.m1→y1991.m12",
    "2010年上半年": "y2010.m1→y2010.m6",
    "1988年第1-2季度": "y1988.m1→y1988.m6",
    "1985年3月1日-12月31日": "y1985.m3→y1985.m12",
    "1949-10-01": "y1949.m10",
    "1987年创刊号": "y1987.n1",
    "民国25年": "y1936",
    "民國二十五年1-6月；民國26年": "y1936.m1→y1936.m6 y1937",
    "民国25-27年": "y1936→y1938",
    "宣统元年": "y1909",
    "༢༠༠༣ལོའི་འདོན་ཐེངས་༡-༤པོ།": "y2003.n1→y2003.n4",
    "v.1-12 (1990-2001)": "y1990.v1→y2001.v12",
    "v.1(1990)-v.12(2001)": "y1990.v1→y2001.v12",
    "v.1:no.1-v.3:no.12 (1990:Jan.-1992:Dec.)": "y1990.v1.n1.m1→y1992.v3.n12.m12",
    "v.36:no.1 (2014:May), v.36:no.2 (2014:Nov.)": "y2014.v36.n1.m5 y2014.v36.n2.m11",
    "v.63 (1961:Jan.-June)": "y1961.v63.m1→y1961.v63.m6",
    "No. 3488 (Jan. 2, 1969)-no. 4000 (Nov. 22, 1979)": "y1969.n3488.m1→y1979.n4000.m11",
    "(Sept. 2007, Aug.-Nov. 2008)": "y2007.m9 y2008.m8→y2008.m11",
    "Vol. 1, no. 1 (spring 1978)-v. 17, no. 6 (Jan./Feb. 1996)": "y1978.v1.n1.m3→y1996.v17.n6",
    "v.1:no.5=no.41": "v1.n5.w41",
    "no.3/4": "n3→n4",
    "1998-99": "y1998→y1999",
    "1949/50-1953/54": "y1949→y1954",
    "vol. 1 no.2 (1962) ; vol. 1 no.4 (1966) ; vol. 3 no.1,3 (1969)": "y1962.v1.n2 y1966.v1.n4 y1969.v3.n1 y1969.v3.n3",
    "v.1-2 (1990), v.14:no.1-4 (2003:Jan.-Apr.); v.15 (2004)": "y1990.v1→y1990.v2 y2003.v14.n1.m1→y2003.v14.n4.m4 y2004.v15",
    "v.1 (1990); v.2; v.3 (1992)": "y1990.v1 v2 y1992.v3",
    "1. Bd. (1785)-3. Bd. (1791)": "y1785.v1→y1791.v3",
}  # fmt: skip


@pytest.mark.parametrize(("written", "held"), HELD.items())
def test_the_forms_in_which_libraries_write_what_they_have(written: str, held: str) -> None:
    said = issues_in(written)
    assert (" ".join(told(said.held)), said.missing, said.unread) == (held, (), ())


OPEN_ENDED = {
    "2001-": "y2001…",
    "2001年第1期-": "y2001.n1…",
    "v.13-(2002-)": "y2002.v13…",
    "v.13- (2002- )": "y2002.v13…",
    "1955至今": "y1955…",
    "2004年第1期起": "y2004.n1…",
    "v.1(1990)-v.12(2001), v.14(2003)-": "y1990.v1→y2001.v12 y2003.v14…",
    "1962年第1期（创刊号）-1966年第6期；1978年-": "y1962.n1→y1966.n6 y1978…",
}


@pytest.mark.parametrize(("written", "held"), OPEN_ENDED.items())
def test_what_is_still_coming_has_an_open_end(written: str, held: str) -> None:
    assert " ".join(told(issues_in(written).held)) == held


MISSING = {
    "2003年第1-12期；半年合订本；缺第5期": ("y2003.n1→y2003.n12", "y2003.n5"),
    "2001年第1-12期(缺第5期)，2002年": ("y2001.n1→y2001.n12 y2002", "y2001.n5"),
    "1990-1995（缺1992）": ("y1990→y1995", "y1992"),
    "1999-2003（2001缺）": ("y1999→y2003", "y2001"),
    "1990年缺第3期，1991年缺": ("y1990", "y1990.n3 y1991"),
    "2000- ; lacunes : vol. 3 (2002)": ("y2000…", "y2002.v3"),
    "2003年缺第5期；2004年全": ("y2003 y2004", "y2003.n5"),
    "缺：1990年第3期；1991年第5期": ("", "y1990.n3 y1991.n5"),
    "LACKS: no. 25-26,29; no. 56": ("", "n25→n26 n29 n56"),
    "vol. 1 (1961) -vol. 270 (2016) [Lacunes]": ("y1961.v1→y2016.v270~", ""),
    "1990—1999年，间有缺期": ("y1990→y1999~", ""),
    "1985-1990；不全": ("y1985→y1990~", ""),
    "2001-2005，无缺": ("y2001→y2005", ""),
}


@pytest.mark.parametrize(("written", "said"), MISSING.items())
def test_what_is_missing_is_told_from_what_is_there(written: str, said: tuple[str, str]) -> None:
    found = issues_in(written)
    assert (" ".join(told(found.held)), " ".join(told(found.missing))) == said
    assert not found.unread


UNREAD = {
    "2003-04": ("y2003", ("2003-04",)),
    "1990年起复刊，末卷不详": ("y1990…", ("复刊", "末卷不详")),
    "1-12": ("", ("1-12",)),
    "上册": ("", ("上册",)),
    "new ser., v. 247, pt. 2": ("v247", ("new", "ser", "pt", "2")),
    "1 (1990) - 5 (1994)": ("y1990 y1994", ("1", "5")),
    "32101095319420": ("", ("32101095319420",)),
}


@pytest.mark.parametrize(("written", "said"), UNREAD.items())
def test_what_is_not_understood_is_given_back_and_not_guessed(
    written: str, said: tuple[str, tuple[str, ...]]
) -> None:
    found = issues_in(written)
    assert (" ".join(told(found.held)), tuple(word.strip() for word in found.unread)) == said


def test_years_in_one_column_and_numbers_in_another_are_read_together() -> None:
    assert told(issues_of(Holding(years="2003", volumes="第1-12期")).held) == ["y2003.n1→y2003.n12"]
    assert told(issues_of(Holding(years="1990-2001", volumes="v.1-12 (1990-2001)")).held) == [
        "y1990.v1→y2001.v12"
    ]
    assert told(issues_of(Holding(years="1990-", volumes="总第1-97期")).held) == [
        "y1990…",
        "w1→w97",
    ]
    lacking = issues_of(Holding(volumes="v.1-12 (1990-2001)", note="LACKS: v.3 (1992)"))
    assert told(lacking.missing) == ["y1992.v3"]


def test_statements_are_ordered_by_where_they_begin() -> None:
    written = ["2004年", "v.3", "1990-1992", "2003年第7-12期", "2003年第1-6期", "no.5"]
    begun = {text: said.first for text in written if (said := issues_in(text)).first}
    assert sorted(begun, key=lambda text: begun[text]) == [
        "no.5", "v.3", "1990-1992", "2003年第1-6期", "2003年第7-12期", "2004年",
    ]  # fmt: skip
    assert issues_in("上册").first is None


def years(*statements: str) -> str:
    """The years of one library: 1990-1991 1993~ 2001- (~ for years in part)."""
    return " ".join(map(_years, years_held([issues_in(text) for text in statements])))


def _years(span: Span) -> str:
    last = {span.first: "", OPEN: "-"}.get(span.last, f"-{span.last}")
    return f"{span.first}{last}{'~' if span.in_part else ''}"


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["2001-2005"], "2001-2005"),
        (["1990-1995（缺1992）"], "1990-1991 1993-1995"),
        (["v.1-12 (1990-2001), v.14 (2003)-"], "1990-2001 2003-"),
        (["2003年第1-12期；缺第5期"], "2003~"),
        (["1990-2000；缺1993年第2期"], "1990-1992 1993~ 1994-2000"),
        (["1990-2000；缺1993年第2期", "1990-1994"], "1990-2000"),
        (["No. 1 (1975)-no. 68 (1990)", "LACKS: no. 25-26"], "1975-1990"),
        (["1985,no.1-6,8-12"], "1985~"),
        (["1990年1-3期", "1990年7-12期"], "1990~"),
        (["1990年1-3期", "1990年7-12期", "1990年4-6期"], "1990"),
        (["1990年", "1990年第3-5期"], "1990"),
        (["第3卷", "上册"], ""),
    ],
)
def test_the_years_of_a_library(statements: list[str], found: str) -> None:
    assert years(*statements) == found


def test_a_note_of_what_is_lacking_marks_the_years_of_its_own_statement() -> None:
    lacking = issues_of(Holding(volumes="No. 1 (1975)-no. 68 (1990)", note="LACKS: no. 25-26"))
    assert years_held([lacking]) == (Span(1975, 1990, True),)


def test_years_that_the_same_libraries_have_stand_together() -> None:
    held = {
        "GC": years_held([issues_in("2003-")]),
        "HB": years_held([issues_in("1988-1995；缺1990年第3期")]),
        "JN": years_held([issues_in("1985-1990；1992-1996")]),
    }
    assert years_shared(held) == (
        SharedYears(1985, 1987, (("JN", False),)),
        SharedYears(1988, 1989, (("HB", False), ("JN", False))),
        SharedYears(1990, 1990, (("HB", True), ("JN", False))),
        SharedYears(1991, 1991, (("HB", False),)),
        SharedYears(1992, 1995, (("HB", False), ("JN", False))),
        SharedYears(1996, 1996, (("JN", False),)),
        SharedYears(1997, 2002, ()),
        SharedYears(2003, OPEN, (("GC", False),)),
    )
    assert years_shared({}) == ()


PIECES = st.sampled_from(
    "1990 2003年 第3期 卷 v. no. 1-6 - （ ） ( ) [ ; ； 缺 LACKS 民国 十 元年 总第 月 Jan. / = , 、 至今 上册 པོད ༡ 99999999"
    " spring 创刊号 不全 . 0 1999/2000".split()
)
WRITTEN = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join))


@given(WRITTEN)
def test_nothing_that_is_written_is_lost_or_stops_the_reading(text: str) -> None:
    assert "".join(word.text for word in words_in(text)) == plain(text)
    found = issues_in(text)
    years_shared({"A": years_held([found]), "B": years_held([found, Issues()])})


def test_a_statement_of_any_length_is_read_to_a_bound_and_the_rest_given_back() -> None:
    found = issues_in("1990 " * 900 + "2003")
    assert {run.first.year for run in found.held} == {1990}
    assert found.unread[-1].endswith(" 1990 2003")
