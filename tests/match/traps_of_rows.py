"""A trap for each row and each veto of the table of decisions that the traps of union cataloguing do
not need: what it is there for, and a near miss that it must not reach."""

from lianguan.engine.match.decide import ASK, DIFFERENT, SAME
from tests.match.trap import Trap

LAKE = "200 1 $a青海湖的传说$f张三主编 | 210 $c青海人民出版社$d2016 | 215 $a212页"
LAKE_2016 = "200 1 $a青海湖的传说$f张三主编 | 210 $c青海人民出版社$d2016"
BRAIN = "200 1 $a大脑的秘密$f列维京著 | 210 $c青海人民出版社$d2010 | 215 $a180页"
SINGLE = "010 $a978-7-225-01000-7 | 101 0 $achi | 200 1 $a青海湖的传说$f张三主编"

ROWS = (
    Trap(
        "an_author_whom_one_record_leaves_out",
        LAKE_2016,
        LAKE_2016.replace("$f张三主编", ""),
        SAME,
        LAKE_2016.replace("$f张三主编", "").replace("青海人民", "民族"),
        ASK,
    ),
    Trap(
        "a_year_that_a_table_has_no_column_for",
        LAKE,
        LAKE.replace("$d2016", ""),
        SAME,
        LAKE.replace("$d2016", "").replace("青海人民", "民族"),
        ASK,
    ),
    Trap(
        "a_printer_named_as_publisher",
        LAKE,
        LAKE.replace("青海人民出版社", "西宁新华印刷厂"),
        SAME,
        LAKE.replace("青海人民出版社", "西宁新华印刷厂").replace("212页", "318页"),
        ASK,
    ),
    Trap(
        "an_author_under_another_name",
        BRAIN,
        BRAIN.replace("列维京", "莱文"),
        SAME,
        BRAIN.replace("列维京", "莱文").replace("180页", "320页"),
        ASK,
    ),
    Trap(
        "one_isbn_one_title_and_everything_else_another",
        "010 $a978-7-225-01000-7 | 200 1 $a青海湖的传说$f张三主编 | 210 $c青海人民出版社$d1996",
        "010 $a978-7-225-01000-7 | 200 1 $a青海湖的传说$f李四编 | 210 $c民族出版社$d2016",
        ASK,
        "200 1 $a青海湖的传说$f李四编 | 210 $c民族出版社$d2016",
        DIFFERENT,
    ),
    Trap(
        "a_later_printing_without_an_isbn",
        LAKE,
        LAKE.replace("2016", "2019"),
        ASK,
        LAKE.replace("2016", "2019").replace("212页", "318页"),
        DIFFERENT,
    ),
    Trap(
        "one_isbn_on_a_book_and_its_recording",
        SINGLE,
        f"LDR 00000nim0 2200000   450  | {SINGLE}",
        DIFFERENT,
        SINGLE.replace("$f张三主编", "$f张三"),
        SAME,
    ),
    Trap(
        "a_serial_and_a_book_of_its_title",
        SINGLE,
        f"LDR 00000nas0 2200000   450  | {SINGLE}",
        DIFFERENT,
        SINGLE.replace("主编", "编"),
        SAME,
    ),
    Trap(
        "one_isbn_in_two_languages",
        SINGLE,
        SINGLE.replace("$achi", "$atib"),
        DIFFERENT,
        SINGLE.replace("101 0 $achi | ", ""),
        SAME,
    ),
)

LAND = """245 10$aDusky land and other poems /$cE. Colcock. | 260 $bJacobs,$c1942. | 300 $a120 p.
    100 1 $aColcock, Erroll."""

AMERICAN_ROWS = (
    Trap(
        "a_subtitle_that_only_one_gives_and_no_publisher",
        LAND,
        "245 10$aDusky land /$cE. Colcock. | 260 $c1942. | 100 1 $aColcock, Erroll.",
        SAME,
        "245 10$aDusky landscapes /$cE. Colcock. | 260 $c1942. | 100 1 $aColcock, Erroll.",
        DIFFERENT,
    ),
    Trap(
        "a_subtitle_that_only_one_gives_and_no_author",
        LAND,
        "245 10$aDusky land. | 260 $bJacobs,$c1942.",
        SAME,
        "245 10$aDusky landscapes. | 260 $bJacobs,$c1942.",
        DIFFERENT,
    ),
    Trap(
        "a_subtitle_put_first",
        "245 10$aDusky land : poems and sketches | 260 $bJacobs,$c1942. | 300 $a120 p. | 100 1 $aColcock, Erroll.",
        "245 10$aPoems and sketches : dusky land | 260 $c1942. | 300 $a120 p. | 100 1 $aColcock, Erroll.",
        SAME,
        "245 10$aPoems and sketches : dusky land | 260 $c1942. | 300 $a124 p. | 100 1 $aColcock, Erroll.",
        DIFFERENT,
    ),
    Trap(
        "a_series_put_before_the_title_and_no_author",
        "245 10$aDusk and dawn over the plains and the long river valley : dusky land | 260 $bJacobs,$c1942. | 300 $a120 p. | 100 1 $aColcock, Erroll.",
        "245 10$aDusky land | 260 $bJacobs,$c1942. | 300 $a120 p.",
        ASK,
        "245 10$aDusky land | 260 $bJacobs,$c1942. | 300 $a220 p.",
        DIFFERENT,
    ),
)
