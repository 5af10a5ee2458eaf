"""What is shown of an entry: what most say, in its fullest wording, and whose it is."""

from hypothesis import given
from hypothesis import strategies as st

from lianguan.engine.mapping.one import map_one
from lianguan.engine.mapping.rows import Text
from lianguan.engine.mapping.unimarc import TABLE
from lianguan.engine.match.features import features_of
from lianguan.engine.merge import merge
from lianguan.engine.read.decoding import Decoder
from lianguan.engine.record import (
    Holding,
    Identifier,
    Name,
    Part,
    Publication,
    Record,
    Title,
    Years,
)
from lianguan.engine.union.written import Packing, kept_bytes, learned
from tests.making import CNMARC, source


def record(title: str = "平凡的世界", **said: object) -> Record:
    return Record(titles=(Title("proper", title),), **said)  # type: ignore[arg-type]


def test_what_most_libraries_say_is_shown_and_all_who_say_it_are_named() -> None:
    shown = merge(
        {
            "JN:1": record("平凡的世界", years=(Years(2004),)),
            "HB:2": record("平凡的世界", years=(Years(2005),)),
            "GC:3": record("平凡世界", years=(Years(2004),)),
        }
    )
    assert (shown.title.value, shown.title.by) == ("平凡的世界", ("HB:2", "JN:1"))
    assert (shown.year.value, shown.year.by) == ("2004", ("GC:3", "JN:1"))
    assert shown.libraries == ("GC", "HB", "JN")


def test_two_wordings_of_one_name_are_one_agent_in_the_fuller_wording() -> None:
    shown = merge(
        {
            "JN:1": record(agents=(Name("路遥", roles=("著",)),)),
            "HB:2": record(agents=(Name("路遥"), Name("李白", dynasty="唐"))),
        }
    )
    assert [said.value for said in shown.agents] == ["路遥 著", "[唐] 李白"]
    assert shown.agents[0].by == ("HB:2", "JN:1")


def test_a_name_with_its_role_grown_on_is_the_same_person() -> None:
    """One library writes 央金 文, another 央金文: she is named once, whichever comes first."""
    apart = record(agents=(Name("央金", roles=("文",)), Name("刘洋", roles=("图",))))
    grown = record(agents=(Name("央金文"), Name("刘洋图")))
    for records in ({"A:1": apart, "B:1": grown}, {"A:1": grown, "B:1": apart}):
        shown = merge(records)
        assert [said.value for said in shown.agents] == ["央金 文", "刘洋 图"]
        assert shown.agents[0].by == ("A:1", "B:1")


def test_a_name_that_ends_like_a_role_is_somebody_else() -> None:
    shown = merge(
        {
            "A:1": record(agents=(Name("沈从", roles=("著",)),)),
            "B:1": record(agents=(Name("沈从文", roles=("著",)),)),
        }
    )
    assert [said.value for said in shown.agents] == ["沈从 著", "沈从文 著"]


def test_the_original_script_is_shown_before_a_transcription() -> None:
    shown = merge({"A:1": record("Ping fan de shi jie"), "B:1": record("平凡的世界")})
    assert shown.title.value == "平凡的世界"
    assert [said.value for said in shown.titles] == ["Ping fan de shi jie"]


def test_the_order_in_which_records_come_is_of_no_matter() -> None:
    records = {
        "JN:1": record("甲", identifiers=(Identifier("isbn", "9787020049295"),)),
        "HB:2": record("乙", publications=(Publication("西宁", "青海人民出版社"),)),
    }
    backwards = dict(reversed(records.items()))
    assert merge(records).everything() == merge(backwards).everything()


def test_holdings_stay_with_the_record_that_has_them() -> None:
    shown = merge({"JN:1": record(holdings=(Holding(call_number="I247"),)), "HB:1": record()})
    assert [(held.by, held.holding.call_number) for held in shown.holdings] == [("JN:1", "I247")]


FULL = """
001 7 | 010   $a7-02-004929-X$b精装$dCNY20.00 | 100   $a20050101d2004    em y0chiy0110    ea
101 1 $achi$ceng | 200 1 $a平凡的世界$h第一部$i黄土$e长篇小说$f路遥著$9ping fan
205   $a第2版 | 210   $a北京$c人民文学出版社$d2004 | 215   $a403页$d21cm | 225 2 $a茅盾文学奖$v3
300   $a附注 | 330   $a提要 | 461  0$12001 $a文集 | 606 0 $a小说$y中国 | 690   $aI247.5$v4
701  0$a路遥$4著 | 905   $aJN$b001$dI247.5$e7
"""


def test_a_kept_record_comes_back_as_it_was() -> None:
    read = map_one(source(FULL, CNMARC), TABLE, Decoder())
    packing, features = Packing(), features_of(read)
    kept = packing.pack(kept_bytes(features, read))
    assert packing.record(kept) == read
    assert packing.features(kept) == features


def test_what_is_packed_alike_takes_less_room_with_a_dictionary() -> None:
    records = [record(f"平凡的世界 {n}", edition="第2版") for n in range(1000)]
    said = [kept_bytes(features_of(one), one) for one in records]
    packing = Packing(learned(said))
    assert [packing.unpack(packing.pack(one)) for one in said] == said
    assert sum(len(packing.pack(one)) for one in said) * 2 < sum(
        len(Packing().pack(one)) for one in said
    )
    assert learned(said[:10]) == b"", "too few to learn from"


texts = st.text(max_size=8)


@given(texts, texts, st.lists(texts, max_size=3), st.integers(0, 9999))
def test_any_record_survives_being_kept(
    title: str, part: str, others: list[str], year: int
) -> None:
    made = Record(
        number=title,
        titles=(Title("proper", title, tuple(others), (Part(part, title),)),),
        agents=(Name(title, roles=tuple(others)),),
        years=(Years(year),),
        edition=Text(part, "250"),
        languages=tuple(Text(one, "101") for one in others),
        holdings=(Holding(barcodes=tuple(others), copies=year),),
    )
    packing = Packing()
    assert packing.record(packing.pack(kept_bytes(features_of(made), made))) == made
