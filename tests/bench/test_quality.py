"""What match quality is measured with: rules of others on invented pairs, a set as one load, and
the lists of what somebody looked at."""

from collections.abc import Callable

import pytest

from bench.judge import Score
from bench.labelled_aco import hidden
from bench.labelled_set import EVEN, ODD, LabelledSet, Pair, clusters_of, from_table, paired
from bench.looked_at import EDITION, NOT, UNCLEAR, VERDICTS, Looked, looked_at
from bench.one_load import Loaded, answered, loaded
from bench.quality_peers import PEERS, apart, gold_rush_key
from bench.quality_splink import said as columns
from bench.quality_tables import looked_table
from bench.works import grouped, works
from lianguan.engine.mapping import marc21
from lianguan.engine.mapping.one import map_one
from lianguan.engine.match.features import Features, features_of
from lianguan.engine.read.decoding import Decoder
from lianguan.engine.record import Record
from tests.making import source

LAKES = (
    "001 1 | 008 990802s1998    xxu           000 0 eng d | 020   $a{isbn} "
    "| 100 1 $a{agent} | 245 14$aThe {title} :$ba history /$cL. Wang. | 250   $a{edition} "
    "| 260   $aXining :$bPlateau Press,$c{year}. | 300   $axii, {pages} p. ;$c23 cm."
)


def lakes(
    title: str = "lakes of the high plateau",
    agent: str = "Wang, Lan",
    pages: int = 283,
    year: str = "1998",
    edition: str = "2nd ed.",
    isbn: str = "",
) -> Record:
    lines = LAKES.format(**locals()).replace("s1998", f"s{year}")
    return map_one(source(lines), marc21.TABLE, Decoder())


ISBN = "9787020002207"
TWO = f"{ISBN} | 010   $a   75586798"


@pytest.mark.parametrize(
    ("peer", "made", "is_same"),
    [
        ("same ISBN", lambda: (lakes(isbn=ISBN), lakes("rivers", isbn=ISBN)), True),
        ("same ISBN", lambda: (lakes(), lakes()), False),
        ("folded title", lambda: (lakes(), lakes("Lakes of the high Plateau", "Li, Qing")), True),
        ("folded title", lambda: (lakes(), lakes("rivers of the high plateau")), False),
        ("folded title and first agent", lambda: (lakes(), lakes(year="2004")), True),
        ("folded title and first agent", lambda: (lakes(), lakes(agent="Li, Qing")), False),
        ("two numbers, or one and four words", lambda: (lakes(isbn=ISBN), lakes(isbn=ISBN)), True),
        (
            "two numbers, or one and four words",
            lambda: (lakes(isbn=ISBN), lakes("rivers of the high plateau", isbn=ISBN)),
            False,
        ),
        ("two numbers, or one and four words", lambda: (lakes(), lakes()), False),
        (
            "two numbers, or one and four words",
            lambda: (lakes(isbn=TWO), lakes("rivers of the high plateau", isbn=TWO)),
            True,
        ),
        ("RecordManager's rule", lambda: (lakes(), lakes("lakes of the hihg plateau")), True),
        ("RecordManager's rule", lambda: (lakes(), lakes(agent="Wang, L.")), True),
        ("RecordManager's rule", lambda: (lakes(), lakes(pages=293)), True),
        ("RecordManager's rule", lambda: (lakes(), lakes(pages=294)), False),
        ("RecordManager's rule", lambda: (lakes(), lakes(year="1999")), False),
        ("RecordManager's rule", lambda: (lakes(), lakes(agent="Li, Qing")), False),
        (
            "RecordManager's rule",
            lambda: (lakes(isbn=ISBN), lakes("rivers", year="2004", isbn=ISBN)),
            True,
        ),
        ("Gold Rush's key", lambda: (lakes(), lakes(edition="Second edition")), True),
        ("Gold Rush's key", lambda: (lakes(), lakes(edition="3rd ed.")), False),
        ("Gold Rush's key", lambda: (lakes(), lakes(pages=284)), False),
    ],
)
def test_a_rule_of_others_decides_as_it_is_described(
    peer: str, made: Callable[[], tuple[Record, Record]], is_same: bool
) -> None:
    a, b = made()
    assert PEERS[peer](a, b) is is_same


def test_a_chinese_character_is_up_to_three_changes_for_who_counts_bytes() -> None:
    assert apart("红楼梦", "红楼夢") == 3
    assert apart("lakes", "lakers") == 1
    assert apart("", "abc") == 3


def test_gold_rush_knows_no_author_who_is_not_in_latin_letters() -> None:
    assert gold_rush_key(from_table({"title": ["红楼梦"], "agent": ["曹雪芹"]}))[7] == ""


def book(
    title: str, agent: str = "王兰", year: str = "2001", publisher: str = "青海人民出版社"
) -> Record:
    return from_table(
        {"title": [title], "agent": [agent], "year": [year], "publisher": [publisher]}
    )


def test_two_copies_of_a_description_stand_together_as_one_load() -> None:
    found = {"a:1": book("青海湖志"), "b:1": book("青海湖志"), "b:2": book("海北史")}
    features = LabelledSet("", found, []).features()
    load = loaded(features)
    assert load.found["a:1"] == load.found["b:1"] != load.found["b:2"]


def test_what_is_asked_is_answered_by_the_labels() -> None:
    features = {"a:1": Features(titles=("青海湖志",)), "b:1": Features(titles=("青海湖志",))}
    load = Loaded(1, [], [("a:1", "b:1")], {name: name for name in features})
    assert answered(features, load, lambda a, b: True)["b:1"] == "a:1"
    assert answered(features, load, lambda a, b: False)["b:1"] == "b:1"
    assert answered(features, load, lambda a, b: None)["b:1"] == "b:1"


def test_entries_with_one_key_are_one_work_and_one_without_is_alone() -> None:
    features = {"a:1": Features(work="w"), "b:1": Features(work="w"), "b:2": Features()}
    features |= {"b:3": Features(work="v"), "b:4": Features()}
    found = {name: name for name in features} | {"b:3": "a:1", "b:4": "a:1"}
    group = grouped(features, found)
    assert {group[name] for name in ("a:1", "b:1", "b:3", "b:4")} == {group["a:1"]}
    assert group["b:2"] != group["a:1"]


def test_a_work_that_is_not_reached_is_counted_with_its_cause() -> None:
    found = {"a:1": book("青海湖志"), "b:1": from_table({"title": ["青海湖志"]})}
    one = LabelledSet("", found, [Pair("a:1", "b:1", False)], dict.fromkeys(found, "w"))
    assert works(one).causes == [("one title, no agent in one", 1)]
    assert works(one).by_title == Score(1, 0, 0)


def test_a_pair_has_one_half_whichever_record_comes_first() -> None:
    pairs = [paired(f"{n}", f"{n + 1000}", True) for n in range(100)]
    assert pairs == [paired(f"{n + 1000}", f"{n}", True) for n in range(100)]
    assert {pair.half for pair in pairs} == {EVEN, ODD}


def test_labels_that_hang_together_are_one_thing() -> None:
    pairs = [
        Pair("a", "b", True),
        Pair("c", "d", True),
        Pair("b", "d", True),
        Pair("a", "e", False),
    ]
    assert clusters_of("abcde", pairs) == {**dict.fromkeys("abcd", "a"), "e": "e"}


def test_the_numbers_that_labelled_a_record_are_hidden_in_its_links_too() -> None:
    lines = (
        "001 1 | 010   $a   75586798 | 020   $a9787020002207 | 035   $a(OCoLC)18082340"
        " | 245 10$aLakes. | 776 08$tLakes$w(OCoLC)606437151$w(DLC)   75586798"
    )
    left = hidden(map_one(source(lines), marc21.TABLE, Decoder()))
    schemes = {n.scheme for n in left.identifiers}
    schemes |= {n.scheme for link in left.links for n in link.identifiers}
    assert schemes == {"isbn"}


def test_splink_gets_what_our_own_rules_get_and_no_label() -> None:
    row = columns("a", features_of(lakes()))
    assert (row["year"], row["pages"], row["part"]) == (1998, 283, None)
    assert row["title"] == "lakes of the high plateau a history"


def test_precision_as_looked_at_stands_beside_that_of_the_labels() -> None:
    wrong = [Pair("a", one, False) for one in "bcd"]
    said = zip(wrong, (EDITION, NOT, UNCLEAR), strict=True)
    known = {pair[:2]: Looked(*pair[:2], verdict, "") for pair, verdict in said}
    text = looked_table(Score(3, 3, 0), wrong, [], known)
    assert "| merged; the labels say the same | 0.5000 [" in text
    assert "what is unclear left out | 0.7500 [" in text
    assert "what is unclear counted as wrong | 0.6667 [" in text


@pytest.mark.parametrize("name", ["aco", "across", "works"])
def test_every_verdict_is_one_of_few_and_names_two_records(name: str) -> None:
    for (a, b), said in looked_at(name).items():
        assert a < b
        assert ":" in a or "|" in a
        assert said.verdict in VERDICTS
        assert said.reason


def test_of_the_arabic_merges_at_least_150_were_looked_at() -> None:
    assert len(looked_at("aco")) >= 150
