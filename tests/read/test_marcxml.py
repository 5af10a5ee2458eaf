"""MARCXML: any envelope, any prefix; a broken record costs only itself; bombs are refused."""

import io
import time
from collections.abc import Callable

import pytest

from lianguan.engine.mapping import marc21, opened
from lianguan.engine.mapping.opened import open_file
from lianguan.engine.mapping.plan import Plan
from lianguan.engine.mapping.stream import Options, Read
from lianguan.engine.read import blocks, compiled, files, marcxml, xmlkernel, xmltags
from lianguan.engine.read.files import SourceFile, _in_memory
from lianguan.engine.read.findings import Reason, Refused, Rule
from lianguan.engine.read.framing import LOOKAHEAD
from lianguan.engine.read.repair import Lost
from lianguan.engine.record import Record
from tests.making import source, xml

Change = Callable[[str], str]

RECORDS = [
    source(f"001 x{i} | 008 000101s2016 | 020 $a9787020002207 | 245 10$aTom & Jerry <{i}>$c青海 མཚོ")
    for i in range(4)
]


def reads(data: bytes, plain: bool, monkeypatch: pytest.MonkeyPatch) -> list[Read]:
    monkeypatch.setattr(opened, "WORTH_COMPILING", 1 << 30 if plain else 1)
    if plain:
        monkeypatch.setenv("LIANGUAN_PLAIN", "1")
        monkeypatch.setattr(opened, "WORTH_COMPILING", 1)
    return list(open_file(in_memory(data)).reads)


def in_memory(data: bytes) -> SourceFile:
    return _in_memory("file.xml", data)


both = pytest.mark.parametrize("plain", [True, False])


@both
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: (
            text.replace("<", "<marc:").replace("<marc:/", "</marc:").replace("<marc:?", "<?")
        ),
        lambda text: text.replace('"', "'"),
        lambda text: text.replace("><", ">\n  <"),
        lambda text: text.replace(
            'tag="245" ind1="1" ind2="0"', 'ind2="0"\n ind1="1"  tag = "245"'
        ),
        lambda text: text.replace("<collection", "<!-- all --><collection"),
        lambda text: text.replace("<record>", "<zs:record><zs:recordData><record>").replace(
            "</record>", "</record></zs:recordData></zs:record>"
        ),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("<leader>", "<!-- note --><leader>"),
        lambda text: text.replace(">x1<", "><![CDATA[x1]]><"),
    ],
)
def test_the_same_records_in_any_dress(
    change: Change, plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = reads(change(xml(RECORDS).decode()).encode(), plain, monkeypatch)
    assert [read.what.number for read in found if isinstance(read.what, Record)] == [
        "x0", "x1", "x2", "x3",
    ]  # fmt: skip
    title = found[1].what.titles[0]  # type: ignore[union-attr]
    assert (title.text, title.responsibility) == ("Tom & Jerry <1>", "青海 མཚོ")
    assert not any(read.rules for read in found)


@both
@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda t: t.replace("x1</controlfield>", "x1</controlfeld>"), Reason.XML_BROKEN),
        (lambda t: t.replace('tag="001">x1', 'tag="001>x1'), Reason.XML_BROKEN),
        (lambda t: t.replace(">x1<", ">x1<<"), Reason.XML_BROKEN),
    ],
)
def test_a_broken_record_costs_only_itself(
    harm: Change, reason: Reason, plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = reads(harm(xml(RECORDS).decode()).encode(), plain, monkeypatch)
    kept = [read.what.number for read in found if isinstance(read.what, Record)]
    lost = [read for read in found if isinstance(read.what, Lost)]
    assert kept == ["x0", "x2", "x3"]
    assert [read.what.reason for read in lost] == [reason]  # type: ignore[union-attr]
    assert lost[0].raw.startswith(b"<record>")


@both
def test_records_that_somebody_commented_out_are_not_read(
    plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks.blocks, "__defaults__", (None, 1))  # several blocks in the file
    one, two, three = (xml([record]).decode() for record in RECORDS[:3])
    inner = [part[part.index("<record>") : part.index("</collection>")] for part in (one, two)]
    filling = "<!--" + inner[0] * 70 + "-->"
    text = three.replace("<record>", f"{filling}{inner[1]}<!-- <record> -->" * 200 + "<record>")
    text = text.replace("</collection>", "<!-- never closed" + inner[0] * 2)
    assert len(text) > 4 * LOOKAHEAD
    found = reads(text.encode(), plain, monkeypatch)
    numbers = [read.what.number for read in found if isinstance(read.what, Record)]
    assert numbers == ["x1"] * 200 + ["x2", "x0", "x0"]


@both
def test_many_comments_that_never_close_take_no_time(
    plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = xml(RECORDS).decode().replace("</collection>", "<!--" * (1 << 18))
    begun = time.monotonic()
    assert len(reads(text.encode(), plain, monkeypatch)) == 4
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("there", "then"),
    [
        ("Jerry", "Jer&#0;ry"),
        ("Jerry", "Jer&#xD800;ry"),
        ("Jerry", "Jer&#146;ry"),
        ("Jerry", "Jer&#13;ry"),
        ("Jerry", "Jer\rry"),
        ("Jerry", "Jer\x01ry"),
        ("Jerry", "Jer\ufffery"),
        ("Jerry", "Jer]]>ry"),
        ("Jerry", "Jer<b>r</b>y"),
        ("Jerry", "Jer&nbsp;ry"),
        ("2016<", "2016&x;<"),
        ("</subfield>", "</subfeild>"),
        ("</subfield>", "</subfield x>"),
        ('code="a"', 'code="a"code="b"'),
        ('code="a"', 'code="a" code="b"'),
        ('ind1="1"', 'ind1="1" ind1="2"'),
        ('ind1="1"', 'ind1="12"'),
        ('ind1="1"', 'ind1="&lt;"'),
        ('ind1="1" ', ""),
        ('tag="245"', 'tag="001"'),
        ('tag="001"', 'tag="245"'),
        ("</leader>", "</leader><leader>00000nas a2200000 a 4500</leader>"),
        ("<leader>", "<other/><leader>"),
        ("<leader>", "<metadata><leader>"),
        ("<leader>00000", "<leader>000"),
        ("</record>", "</leader></record>"),
        ("</record>", "</record "),
        ("<record>", "<record/>"),
        ("<record>", "<record xsi:type='Bibliographic' a=b>"),
        ('<subfield code="a">978', '<subfield code="&#97;">978'),
    ],
)
def test_what_is_not_plain_is_read_alike_by_both_readers(
    there: str, then: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = xml(RECORDS).decode().replace(there, then).encode()
    with monkeypatch.context() as patch:
        fast = reads(data, False, patch)
    assert fast == reads(data, True, monkeypatch)


@both
def test_a_record_may_say_what_its_collection_declares(
    plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = xml(RECORDS).decode().replace("<record>", '<record xsi:schemaLocation="a b">')
    text = text.replace("<collection ", '<collection xmlns:xsi="urn:x" ')
    text = text.replace("<leader>", "<!-- so that it is not plain --><leader>")
    found = reads(text.encode(), plain, monkeypatch)
    assert [read.what.number for read in found] == ["x0", "x1", "x2", "x3"]  # type: ignore[union-attr]


@both
def test_a_comment_that_is_never_closed_hides_no_record(
    plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = xml(RECORDS).decode()
    for i in (1, 3):
        text = text.replace(f">x{i}<", f">x{i}<!-- {'never' if i == 1 else 'closed -->'}<")
    found = reads(text.encode(), plain, monkeypatch)
    assert [read.what.number for read in found if isinstance(read.what, Record)] == [
        "x0", "x2", "x3",
    ]  # fmt: skip


@both
def test_a_file_cut_inside_its_last_tag_is_read(
    plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = xml(RECORDS)
    found = reads(data[: data.rindex(b"</record>") + 8] + b" ", plain, monkeypatch)
    assert len(found) == 4
    assert found[3].what == Lost(Reason.XML_BROKEN, found[3].what.detail)  # type: ignore[union-attr]


@both
def test_a_record_of_megabytes_is_cut_and_its_neighbours_kept(
    plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = '<datafield tag="500" ind1=" " ind2=" "><subfield code="a">note</subfield></datafield>'
    text = xml(RECORDS).decode()
    first = text.index("</record>")
    text = text[:first] + field * (xmltags.LONGEST_ELEMENT // len(field) + 9) + text[first:]
    found = reads(text.encode(), plain, monkeypatch)
    assert [read.what.number for read in found[1:]] == ["x1", "x2", "x3"]  # type: ignore[union-attr]
    assert found[0].what.reason == Reason.XML_BROKEN  # type: ignore[union-attr]
    assert found[0].length == xmltags.LONGEST_ELEMENT


@both
def test_a_character_that_xml_forbids_costs_itself_only(
    plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = xml(RECORDS).decode().replace("Jerry &lt;2", "Jer&#x1F;ry\x02 &lt;2")
    found = reads(text.encode(), plain, monkeypatch)
    assert found[2].what.titles[0].text == "Tom & Jerry <2>"  # type: ignore[union-attr]
    assert [read.rules for read in found] == [Rule(0), Rule(0), Rule.XML_MENDED, Rule(0)]


@both
def test_a_loose_ampersand_is_mended(plain: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    text = xml(RECORDS).decode().replace("&amp; Jerry &lt;2", "& Jerry &lt;2")
    found = reads(text.encode(), plain, monkeypatch)
    assert found[2].what.titles[0].text == "Tom & Jerry <2>"  # type: ignore[union-attr]
    assert [read.rules for read in found] == [Rule(0), Rule(0), Rule.XML_MENDED, Rule(0)]


@both
def test_a_file_cut_in_the_middle_keeps_what_came_before(
    plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = xml(RECORDS)
    found = reads(data[: data.index(b"x3")], plain, monkeypatch)
    assert [read.what.number for read in found[:3]] == ["x0", "x1", "x2"]  # type: ignore[union-attr]
    assert found[3].what.reason == Reason.XML_BROKEN  # type: ignore[union-attr]


@both
def test_a_declared_encoding_is_believed_where_the_bytes_allow_it(
    plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = xml([source("001 a | 245 10$aÉté")]).decode().replace("UTF-8", "ISO-8859-1")
    assert reads(text.encode("latin-1"), plain, monkeypatch)[0].what.titles[0].text == "Été"  # type: ignore[union-attr]
    assert reads(text.encode(), plain, monkeypatch)[0].what.titles[0].text == "Été"  # type: ignore[union-attr]
    text = xml([source("001 a | 200 1 $a青海湖志$f张三主编")]).decode().replace("UTF-8", "GBK")
    assert reads(text.encode("gbk"), plain, monkeypatch)[0].what.titles[0].text == "青海湖志"  # type: ignore[union-attr]


LAUGHS = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<collection><record><leader>00000nam a2200000 a 4500</leader>
<datafield tag="245" ind1="1" ind2="0"><subfield code="a">&b;</subfield></datafield></record></collection>"""


@both
def test_entities_are_refused(plain: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="xml_entities"):
        reads(LAUGHS.encode(), plain, monkeypatch)


def test_an_external_entity_opens_no_file() -> None:
    record = marcxml.record_in(
        b'<record><leader>x</leader><controlfield tag="001">&secret;</controlfield></record>',
        "utf-8",
    )
    assert "root:" not in str(record)


def test_format_is_found_by_content() -> None:
    assert files.format_of(xml(RECORDS)) == files.MARCXML
    assert compiled.available()


@both
def test_a_told_encoding_is_that_of_the_document(
    plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text has been decoded once; it was decoded again from GB 18030 and became nonsense."""
    made = xml([source("001 g1 | 245 10$a青海湖志 | 300 $a9 p.")]).decode().encode("gb18030")
    monkeypatch.setattr(opened, "WORTH_COMPILING", 1)
    monkeypatch.setenv("LIANGUAN_PLAIN", "1" if plain else "")
    (read,) = open_file(in_memory(made), Options(encoding="gb18030")).reads
    assert isinstance(read.what, Record)
    assert read.what.titles[0].text == "青海湖志"


@both
def test_references_stand_for_characters_wherever_they_are(
    plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = (
        '<collection><record><leader>00000nam a2200000   4500</leader><controlfield tag="001">'
        '&#x9752;&#28023;&amp;1</controlfield><datafield tag="245" ind1="1" ind2="0"><subfield '
        'code="a">&lt;Tom&gt; &quot;&amp;&apos; &#233;t&#xE9; &#xF40;</subfield></datafield>'
        "</record></collection>"
    )
    (read,) = reads(data.encode(), plain, monkeypatch)
    assert isinstance(read.what, Record)
    assert read.what.number == "青海&1"
    assert read.what.titles[0].text == "<Tom> \"&' été ཀ"
    assert not read.rules


@both
@pytest.mark.parametrize("told", ["marc8", "UTF8", "utf_8", "utf-8-sig"])
def test_a_told_encoding_that_xml_cannot_have_or_by_another_name_changes_nothing(
    told: str, plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "WORTH_COMPILING", 1)
    monkeypatch.setenv("LIANGUAN_PLAIN", "1" if plain else "")
    data = xml(RECORDS)
    told_of = list(open_file(in_memory(data), Options(encoding=told)).reads)
    assert told_of == list(open_file(in_memory(data)).reads)


def test_a_field_with_nothing_but_line_breaks_is_the_same_to_both_readers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = (
        b'<collection><record><leader>00000nam a2200000   4500</leader><controlfield tag="001">1'
        b'</controlfield><datafield tag="245" ind1="1" ind2="0">\n\n\n</datafield></record>'
        b"</collection>"
    )
    assert reads(data, False, monkeypatch) == reads(data, True, monkeypatch)


def test_a_block_that_is_scanned_twice_leaves_the_one_before_alone() -> None:
    """An end tag with megabytes of blanks begins near the end of a block: the next block is too
    short to decide and is scanned again, while records of the first are still being read."""
    one = xml(RECORDS[:1])
    record = one[one.index(b"<record>") : one.index(b"</record>") + 9]
    size = 3 * LOOKAHEAD
    count = (size - LOOKAHEAD // 2) // len(record)
    data = record * count + record[:-1] + b" " * size + b">" + record * 10
    plan = Plan(marc21.TABLE)
    scan = xmlkernel.compiled()["scan_xml"]
    found = 0
    for block in blocks.blocks(io.BytesIO(data), plan.first, plan.columns, scan, size):
        before = block.hits.copy(), block.texts.copy(), block.frames.copy()
        time.sleep(0.2)
        after = block.hits, block.texts, block.frames
        assert all((a == b).all() for a, b in zip(before, after, strict=True))
        found += len(block.frames)
    assert found >= count + 10
