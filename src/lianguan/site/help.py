"""What each command says of itself, in Chinese and English."""

HELP = {
    "import": (
        """导入一个馆的文件：新的加入，改的更新，其余不动。

坏记录单独列出（文件、位置、原因），不影响其余；断电后再导入即可接着做。
--full 表示文件是该馆的全部；--deletes 表示文件里是该馆已删除的。

例：`lianguan import 书目.mrc --library CN-JN`；Excel 的列认不出时用 --columns 指明。""",
        """Load the files of one library: new records are added, changed ones changed.

What cannot be read is listed with file, offset and reason, and stops nothing else. An
interrupted load is finished by the next. With --full the files are all that the library has;
with --deletes they say what it has deleted.

Example: `lianguan import books.mrc --library CN-JN`; where columns of a table are not
recognised, name them with --columns.""",
    ),
    "search": (
        "检索：词都要有；汉字按词语，藏文按音节，也可用 ISBN、记录号或条码。",
        "Search: every word must be there. Chinese phrases, Tibetan syllables, any number.",
    ),
    "show": (
        "显示一个条目和它背后各馆的记录。",
        "Show an entry and the records behind it, as each member sent them.",
    ),
    "explain": (
        "两条记录为什么（不）是同一版本，或一个条目里的记录为什么在一起：逐项说明。",
        "Why two records are or are not one edition, or those of an entry are: field by field.",
    ),
    "match": (
        "不建目录，直接比较两个文件里的记录。",
        "Compare two files without a catalogue: which records are which.",
    ),
    "imports": ("列出各次导入。", "List the imports."),
    "withdraw": (
        "撤回一次导入：该馆记录回到没有它时的样子，原始文件仍保留。",
        "Take an import back: the records become what they were without it. The bytes stay.",
    ),
    "leave": (
        """一个馆退出：它的记录和馆藏全部撤出目录，先说涉及多少，加 --yes 才算数。

网址仍有效：引到条目余下的部分，或说明已经撤出。它送来的文件留在 sources 里，直到有人移走。
再送文件就是重新加入；`lianguan withdraw` 可以收回。""",
        """A library leaves: all its records and holdings go. What that concerns is said first, and
it is done with --yes.

Addresses lead to what is left of their entries, or say that it is gone. The files that it sent stay
in the sources until somebody removes them. It joins again by sending files; `lianguan withdraw`
takes the leaving back.""",
    ),
    "rebuild": (
        "只凭原始文件重建整部目录，结果相同。",
        "Build the whole catalogue again from the sources; the result is the same.",
    ),
    "upgrade": (
        "换了新版本之后：目录若是旧版本编制的，检查无误后重建；检索索引若缺失或损坏，重新编制。",
        """After a new version was installed: build the catalogue again if an older one made it; and
the search index, if it is gone or broken.""",
    ),
    "backup": (
        """备份各馆送来的原始文件、导入日志和工作人员的数据库；目录可以由它们重建。

可以边工作边备份；已备份过的文件不再复制。密钥用 --keys 另存一处。
例：`lianguan backup /mnt/备份 --keep 30`""",
        """Back up what the members sent, the log of imports and the database of what people do; the
catalogue is made from these.

May run while people work; what was backed up before is not copied again. The keys go elsewhere,
with --keys. Example: `lianguan backup /mnt/backup --keep 30`""",
    ),
    "restore": (
        "把备份恢复到空的数据文件夹，逐个核对文件，再重建目录。",
        "Restore a backup to an empty folder: every file is checked, the catalogue built again.",
    ),
    "doctor": ("检查一切是否正常。", "Look whether everything is well."),
    "matching": (
        "匹配体检：合并过头的、该合而没有合的、重复的、一号多书的、无法比对的，各有多少，先看哪些。",
        """What is worth a look in how records were put together: joined too far, held apart, twice
in one library, ISBNs of several titles, nothing to compare; how many, and which first.""",
    ),
    "decide": (
        "由人决定两条记录是否同一版本；立刻生效，重建、重新导入后仍有效。",
        "Decide whether two records are one edition: at once, and through every later build.",
    ),
    "serve": (
        "打开网页（只在本机），并在后台载入等待的导入。",
        "Serve the pages (on this machine only), and load what waits for it.",
    ),
    "clusters": (
        "每条记录一行：馆、记录号、条目、作品。",
        "One line a record: library, record, entry, work.",
    ),
    "keys": (
        """每条记录一行：馆、记录号、条目、匹配键（一个定长字符串）、本目录比对用的各个键。

供其他联合目录合并用；各列的格式见 docs/matching.md。例：`lianguan export keys 匹配键.tsv`""",
        """One line a record: library, record, entry, a match key (one string of fixed width), and
the keys that records are compared by here.

For union stores elsewhere; docs/matching.md tells the form of each column. Example:
`lianguan export keys keys.tsv`""",
    ),
    "records": (
        "导出记录：完好的 ISO 2709 一字节不改，其余以 UTF-8 重写。",
        "Export records: sound ISO 2709 byte for byte as it came, others anew in UTF-8.",
    ),
    "sources": ("取回一个馆送来的原始文件。", "Copy out the files that a member sent."),
    "duplicates": (
        "一个馆自己的记录中，哪几条其实是同一版本：查重线索，附理由。",
        "Which of a library's own records are one edition: a clue to duplicates, with the reasons.",
    ),
    "differences": (
        "一个馆的记录与多数馆不同之处：书号校验码、年、出版者、页数、题名；最可能有误的在前。",
        "Where a library's records say something else than most others, the surest mistakes first.",
    ),
    "terms": (
        """查看或更改一个馆的数据约定：是否显示、供导出、供收割，隐去哪些字段。

例：`lianguan terms --library CN-JN --hide 'price,905$b'`。马上生效，随时可改。""",
        """Show or change what a library lets be done with its records, and the fields it hides.

Example: `lianguan terms --library CN-JN --hide 'price,905$b'`. It holds at once, and can be
changed at any time.""",
    ),
    "enriched": (
        "一个馆自己的记录，加上同一种书别馆多出的内容：号码、主题、分类、提要等，逐项注明出自哪馆。",
        "A library's own records with what the others know more, each addition with whose it is.",
    ),
    "add": (
        """添加一个工作人员，并给一个职责。密码在提示后输入，或由标准输入给出一行。

例：`lianguan staff add zhoumin --name 周敏 --role cataloguer --place HB`""",
        """Add somebody who works here, with a role at a place. The password is asked for, or read
as a line from standard input.

Example: `lianguan staff add zhoumin --name 周敏 --role cataloguer --place HB`""",
    ),
    "list": ("列出工作人员和各人的职责。", "List who works here, and in which roles."),
    "password": (
        "给一个人设新密码，并恢复被停用的账号：唯一的管理员忘了密码时，用它重新进来。",
        "Make somebody a new password and let them in again: the only administrator's way back.",
    ),
}
