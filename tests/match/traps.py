"""The traps of union cataloguing as pairs of small records, each with the decision expected and
beside it a near miss: almost the same pair, with the opposite decision."""

from lianguan.engine.match.decide import ASK, DIFFERENT, SAME
from lianguan.engine.match.features import Features
from tests.match.features import american, chinese
from tests.match.trap import Trap
from tests.match.traps_of_rows import AMERICAN_ROWS, ROWS

GAZETTEER = """010 $a978-7-225-01000-7 | 101 0 $achi | 200 1 $a青海湖志$f张三主编 | 205 $a第2版
    210 $a西宁$c青海人民出版社$d2016 | 215 $a112页 | 701 0$a张三$4主编"""


TRAPS = (
    Trap(
        "isbn_10_and_13_of_one_book",
        "010 $a978-7-02-000220-7 | 200 1 $a红楼梦$f曹雪芹著 | 210 $c人民文学出版社$d1982",
        "010 $a7-02-000220-X | 200 1 $a紅樓夢$f（清）曹雪芹著",
        SAME,
        "010 $a7-02-008472-9 | 200 1 $a红楼梦$f（清）曹雪芹著 | 210 $c人民文学出版社$d1982",
        DIFFERENT,
    ),
    Trap(
        "one_isbn_and_two_titles",
        "010 $a978-7-5004-5362-8 | 200 1 $a清代学术概论$f梁启超著",
        "010 $a978-7-5004-5362-8 | 200 1 $a中国近三百年学术史$f梁启超著",
        ASK,
        "010 $a978-7-5004-5362-8 | 200 1 $a清代學術概論$f梁启超著",
        SAME,
    ),
    Trap(
        "an_isbn_known_to_carry_many_titles",
        "010 $a978-7-5004-5362-8 | 200 1 $a祁连山丛书$f王启明主编",
        "010 $a978-7-5004-5362-8 | 200 1 $a祁连山的草原$f王启明主编",
        DIFFERENT,
        "010 $a978-7-5004-5362-8 | 200 1 $a祁连山丛书$f王启明主编",
        ASK,
        ("9787500453628",),
    ),
    Trap(
        "a_set_of_five_and_one_of_its_volumes",
        "010 $a978-7-5004-5362-8 | 200 1 $a祁连山丛书 | 215 $a5册 | 210 $c青海人民出版社$d2010",
        "010 $a978-7-5004-5362-8 | 200 1 $a祁连山丛书$h第一册$i河流 | 210 $c青海人民出版社$d2010",
        DIFFERENT,
        "010 $a978-7-5004-5362-8 | 200 1 $a祁连山丛书（全五册） | 210 $c青海人民出版社$d2010",
        SAME,
    ),
    Trap(
        "two_volumes_of_a_set_under_its_isbn",
        "010 $a978-7-5004-5362-8 | 200 1 $a祁连山丛书$h第一册$i河流",
        "010 $a978-7-5004-5362-8 | 200 1 $a祁连山丛书$h第二册$i草原",
        DIFFERENT,
        "010 $a978-7-5004-5362-8 | 200 1 $a祁连山丛书$hⅠ$i河流",
        SAME,
    ),
    Trap(
        "the_first_volume_counted_and_called_upper",
        "200 1 $a三国演义$h上册$f罗贯中著 | 210 $c人民文学出版社$d1973",
        "200 1 $a三国演义（一）$f罗贯中著 | 210 $c人民文学出版社$d1973",
        SAME,
        "200 1 $a三国演义（二）$f罗贯中著 | 210 $c人民文学出版社$d1973",
        DIFFERENT,
    ),
    Trap(
        "the_lower_volume_may_be_the_second_or_the_third",
        "200 1 $a三国演义$h下册$f罗贯中著 | 210 $c人民文学出版社$d1973",
        "200 1 $a三国演义$h第二册$f罗贯中著 | 210 $c人民文学出版社$d1973",
        ASK,
        "200 1 $a三国演义$h第一册$f罗贯中著 | 210 $c人民文学出版社$d1973",
        DIFFERENT,
    ),
    Trap(
        "the_series_first_or_the_book_first",
        "200 1 $a祁连山丛书$h第二册$i草原$f王启明著 | 210 $c青海人民出版社$d2010",
        "200 1 $a草原$f王启明著 | 210 $c青海人民出版社$d2010 | 225 1 $a祁连山丛书",
        SAME,
        "200 1 $a河流$f王启明著 | 210 $c青海人民出版社$d2010 | 225 1 $a祁连山丛书",
        DIFFERENT,
    ),
    Trap(
        "the_second_edition_and_none_in_another_year",
        GAZETTEER,
        "010 $a7-225-01000-7 | 200 1 $a青海湖志$f张三 主编 | 210 $c青海人民出版社$d2009",
        DIFFERENT,
        "200 1 $a青海湖志$f张三 主编 | 210 $c青海人民出版社$d2016",
        SAME,
    ),
    Trap(
        "the_second_edition_and_a_revised_one_years_later",
        GAZETTEER,
        "200 1 $a青海湖志$f张三主编 | 205 $a修订版 | 210 $c青海人民出版社$d2019",
        DIFFERENT,
        "200 1 $a青海湖志$f张三主编 | 205 $a修订版 | 210 $c青海人民出版社$d2016",
        SAME,
    ),
    Trap(
        "a_later_printing_under_the_same_isbn",
        "010 $a978-7-02-000220-7 | 200 1 $a呼兰河传$f萧红著 | 210 $c人民文学出版社$d2012 | 215 $a230页",
        "010 $a978-7-02-000220-7 | 200 1 $a呼兰河传$f萧红著 | 210 $c人民文学出版社$d2019 | 215 $a230页",
        SAME,
        "010 $a978-7-02-000220-7 | 200 1 $a呼兰河传$f萧红著 | 205 $a修订本 | 210 $c人民文学出版社$d2019 | 215 $a230页",
        DIFFERENT,
    ),
    Trap(
        "a_printing_is_no_edition",
        "200 1 $a呼兰河传$f萧红著 | 205 $a第1版第3次印刷 | 210 $c人民文学出版社$d2012",
        "200 1 $a呼兰河传$f萧红著 | 210 $c人民文学出版社$d2012",
        SAME,
        "200 1 $a呼兰河传$f萧红著 | 210 $c人民文学出版社$d2015",
        DIFFERENT,
    ),
    Trap(
        "hardback_and_paperback_with_an_isbn_each",
        "010 $a978-7-02-000220-7$b精装 | 200 1 $a围城$f钱钟书著 | 210 $c人民文学出版社$d1991 | 215 $a359页",
        "010 $a978-7-225-01000-7$b平装 | 200 1 $a围城$f钱钟书著 | 210 $c人民文学出版社$d1991 | 215 $a359页",
        DIFFERENT,
        "200 1 $a围城$f钱锺书著 | 210 $c人民文学出版社$d1991 | 215 $a359页",
        SAME,
    ),
    Trap(
        "a_book_and_its_electronic_version_under_one_isbn",
        GAZETTEER,
        "010 $a978-7-225-01000-7 | 200 1 $a青海湖志$b电子资源$f张三主编 | 205 $a第2版 | 210 $c青海人民出版社$d2016",
        DIFFERENT,
        "010 $a978-7-225-01000-7 | 200 1 $a青海湖志$b专著$f张三主编 | 205 $a第2版 | 210 $c青海人民出版社$d2016",
        SAME,
    ),
    Trap(
        "a_facsimile_and_its_original",
        "200 1 $a聊斋志异$f蒲松龄著 | 210 $c上海古籍出版社$d1979 | 215 $a800页",
        "200 1 $a聊斋志异$f蒲松龄著 | 205 $a影印本 | 210 $c上海古籍出版社$d1979 | 215 $a800页",
        DIFFERENT,
        "200 1 $a聊齋志異$f（清）蒲松龄著 | 210 $c上海古籍出版社$d1979 | 215 $a800页",
        SAME,
    ),
    Trap(
        "a_taiwan_edition_in_traditional_characters",
        "200 1 $a红楼梦$f曹雪芹著 | 210 $a北京$c人民文学出版社$d1982 | 215 $a1648页",
        "200 1 $a紅樓夢$f曹雪芹著 | 210 $a台北$c里仁書局$d1984 | 215 $a1872页",
        DIFFERENT,
        "200 1 $a紅樓夢$f曹雪芹著 | 210 $a北京$c人民文學出版社$d1982 | 215 $a1648页",
        SAME,
    ),
    Trap(
        "two_translations_of_one_book",
        "200 1 $a老人与海$f（美）海明威著$g吴劳译 | 210 $c上海译文出版社$d2006 | 215 $a131页",
        "200 1 $a老人与海$f（美）海明威著$g余光中译 | 210 $c译林出版社$d2010 | 215 $a118页",
        DIFFERENT,
        "200 1 $a老人与海$f（美）厄内斯特·海明威著$g吴劳译 | 210 $c上海译文出版社$d2006 | 215 $a131页",
        SAME,
    ),
    Trap(
        "a_title_that_hundreds_of_books_have",
        "200 1 $a高等数学$f王明主编 | 210 $c高等教育出版社$d2008",
        "200 1 $a高等数学$f李华主编 | 210 $c科学出版社$d2008",
        DIFFERENT,
        "200 1 $a高等数学$f王明 主编 | 210 $c高等教育出版社$d2008",
        SAME,
    ),
    Trap(
        "a_yearbook_by_its_year",
        "200 1 $a海北年鉴$h2019$f海北州地方志编纂委员会编 | 210 $c三秦出版社$d2020 | 215 $a400页",
        "200 1 $a海北年鉴（2020）$f海北州地方志编纂委员会编 | 210 $c三秦出版社$d2020 | 215 $a400页",
        DIFFERENT,
        "200 1 $a海北年鉴 2019$f海北州地方志编纂委员会编 | 210 $c三秦出版社$d2020 | 215 $a400页",
        SAME,
    ),
    Trap(
        "an_issue_of_a_local_bulletin_that_its_author_publishes",
        "200 1 $a海北州图书馆工作简报$h2019年第3期$f海北州图书馆编 | 210 $c海北州图书馆$d2019",
        "200 1 $a海北州图书馆工作简报（2019年第3期）$f海北州图书馆编 | 210 $c海北州图书馆$d2019",
        ASK,
        "200 1 $a海北州图书馆工作简报$h2019年第4期$f海北州图书馆编 | 210 $c海北州图书馆$d2019",
        DIFFERENT,
    ),
    Trap(
        "a_tibetan_book_catalogued_by_its_chinese_title",
        "101 0 $atib | 200 1 $aམཚོ་བྱང་གི་ལོ་རྒྱུས།$d海北史话$zchi$f海北州政协编 | 210 $c青海民族出版社$d1995",
        "101 0 $atib | 200 1 $a海北史话$f海北州政协编 | 210 $c青海民族出版社$d1995",
        ASK,
        "101 0 $atib | 200 1 $aམཚོ་བྱང་གི་ལོ་རྒྱུས$f海北州政协编 | 210 $c青海民族出版社$d1995",
        SAME,
    ),
    Trap(
        "a_tibetan_title_that_became_question_marks",
        "101 0 $atib | 200 1 $aམཚོ་བྱང་གི་ལོ་རྒྱུས།$d海北史话$zchi$f海北州政协编 | 210 $c青海民族出版社$d1995",
        "101 0 $atib | 200 1 $a?????$d海北史话$f海北州政协编 | 210 $c青海民族出版社$d1995",
        ASK,
        "101 0 $atib | 200 1 $a?????$d刚察史话$f海北州政协编 | 210 $c青海民族出版社$d1995",
        DIFFERENT,
    ),
    Trap(
        "titles_in_two_scripts_under_one_isbn",
        "010 $a978-7-225-01000-7 | 200 1 $aམཚོ་བྱང་གི་ལོ་རྒྱུས།",
        "010 $a978-7-225-01000-7 | 200 1 $a海北史话",
        ASK,
        "200 1 $a海北史话",
        DIFFERENT,
    ),
    Trap(
        "another_book_s_isbn_by_mistake",
        "010 $a978-7-225-01000-7 | 200 1 $a图说中国节$f大乔编 | 210 $c江西人民出版社$d2008",
        "010 $a978-7-225-01000-7 | 200 1 $a北京妇女发展报告$f刘英编 | 210 $c中国社会科学出版社$d2006",
        ASK,
        "010 $a978-7-225-01000-7 | 200 1 $a图说中国节$f大乔编 | 210 $c江西人民出版社$d2008",
        SAME,
    ),
    Trap(
        "pinyin_that_is_wrong",
        "200 1 $a过程管理$f叶震主编 | 210 $c中国标准出版社$d2003 | 701 0$a叶震$AXie Zhen$4主编",
        "200 1 $a过程管理$f叶震主编 | 210 $c中国标准出版社$d2003 | 701 0$a叶震$AYe Zhen$4主编",
        SAME,
        "200 1 $a过程管理$f谢震主编 | 210 $c中国标准出版社$d2003 | 701 0$a谢震$AXie Zhen$4主编",
        ASK,
    ),
    Trap(
        "a_foreigner_by_the_surname_only",
        "200 1 $a果壳中的宇宙$f霍金著 | 210 $c湖南科学技术出版社$d2003",
        "200 1 $a果壳中的宇宙$f（英）史蒂芬·霍金著 | 210 $c湖南科学技术出版社$d2003",
        SAME,
        "200 1 $a果壳中的宇宙$f金涛著 | 210 $c湖南科学技术出版社$d2001",
        DIFFERENT,
    ),
    Trap(
        "four_classics_in_two_reprint_series",
        "200 1 $a齐民要术$f（后魏）贾思勰撰 | 225 1 $a四库全书",
        "200 1 $a齊民要術$f（后魏）贾思勰撰 | 225 1 $a四部丛刊",
        DIFFERENT,
        "200 1 $a齊民要術$f（后魏）贾思勰撰 | 225 1 $a四庫全書",
        ASK,
    ),
)

CENSUS = """245 10$a1990 census of population and housing :$bsummary characteristics,$c Bureau of the Census.
    260 $aWashington :$bU.S. G.P.O.,$c1993. | 300 $a1 v. | 110 1 $aUnited States.$bBureau of the Census.
    008 930101s1993    dcu           f000 0 eng d"""

AMERICAN = (
    Trap(
        "two_states_in_one_census",
        CENSUS.replace("characteristics", "characteristics, New York"),
        CENSUS.replace("characteristics", "characteristics, Delaware"),
        DIFFERENT,
        CENSUS.replace("characteristics", "characteristics, New York").replace(
            "U.S. G.P.O.", "U.S. Govt. Print. Off."
        ),
        SAME,
    ),
    Trap(
        "two_bills_in_one_session",
        CENSUS.replace("summary characteristics", "report to accompany S. 1970"),
        CENSUS.replace("summary characteristics", "report to accompany S. 501"),
        DIFFERENT,
        CENSUS.replace("summary characteristics", "Report to accompany S. 1970"),
        SAME,
    ),
    Trap(
        "books_in_one_series_that_carry_its_issn",
        "022 $a0075-8434 | 245 10$aAlgebra /$cA. Smith. | 260 $bSpringer,$c1990. | 100 1 $aSmith, A.",
        "022 $a0075-8434 | 245 10$aAlgebra /$cA. Smith. | 260 $bSpringer,$c1991. | 100 1 $aSmith, A.",
        ASK,
        "022 $a0075-8434 | 245 10$aAlgebra /$cA. Smith. | 260 $bSpringer,$c1990. | 100 1 $aSmith, Anne.",
        SAME,
    ),
    Trap(
        "a_subtitle_that_only_one_gives",
        "245 10$aDusky land :$bpoems and sketches /$cE. Colcock. | 260 $bJacobs,$c1942. | 100 1 $aColcock, Erroll.",
        "245 10$aDusky land /$cE. Colcock. | 260 $bJacobs,$c1942. | 100 1 $aColcock, E.",
        SAME,
        "245 10$aDusky landscapes /$cE. Colcock. | 260 $bJacobs,$c1942. | 100 1 $aColcock, E.",
        DIFFERENT,
    ),
)

READ = [(trap, chinese) for trap in (*TRAPS, *ROWS)]
READ += [(trap, american) for trap in (*AMERICAN, *AMERICAN_ROWS)]


def both(trap: Trap) -> tuple[Features, Features, Features]:
    """The two records of a trap and the second one of its near miss."""
    read = {one.name: by for one, by in READ}[trap.name]
    return read(trap.a), read(trap.b), read(trap.near_miss)
