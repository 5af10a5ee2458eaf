"""The command `lianguan`. What takes long to load is loaded where it is used."""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from lianguan.site import member_commands, staff_commands
from lianguan.site.arguments import Json, Library, data
from lianguan.site.help import HELP
from lianguan.site.language import say

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help=say(
        "联馆：把各馆自己的书目汇成一部联合目录。\n\n"
        "第一步：`lianguan import 文件.mrc --library 馆代码`，然后 `lianguan search 红楼梦`，"
        "或 `lianguan serve` 打开网页。数据都在环境变量 LIANGUAN_DATA 指的文件夹里（默认 var）。",
        "Lianguan: one union catalogue from libraries that keep their own systems.\n\n"
        "Begin with `lianguan import FILE.mrc --library CODE`, then `lianguan search WORDS`, or"
        " `lianguan serve` for the pages. Everything lives in the folder that LIANGUAN_DATA"
        " names (default: var).",
    ),
)
export = typer.Typer(
    no_args_is_help=True,
    help=say("把一切取出来：聚类、记录、原始文件", "everything out: clusters, records, sources"),
)
app.add_typer(export, name="export")
app.add_typer(staff_commands.staff, name="staff")

Keys = Annotated[
    Path | None,
    typer.Option(
        help=say(
            "密钥另存的文件夹，不能和备份放在一起", "a folder for the keys, apart from the backup"
        )
    ),
]
Record = Annotated[str, typer.Argument(help=say("馆代码:记录号", "LIBRARY:NUMBER"))]


@app.command("import")
def import_(  # noqa: PLR0913 - each is an option of the command
    files: Annotated[
        list[Path],
        typer.Argument(
            help=say(
                "MARC、MARCXML、CSV、Excel，或其压缩包", "MARC, MARCXML, CSV, Excel; packed too"
            )
        ),
    ],
    library: Library,
    name: Annotated[str, typer.Option(help=say("馆名", "name of the library"))] = "",
    full: Annotated[
        bool,
        typer.Option(
            "--full",
            help=say("这些文件是该馆的全部记录；没有的即删除", "the files are all that it has"),
        ),
    ] = False,
    deletes: Annotated[
        bool,
        typer.Option(
            "--deletes",
            help=say(
                "这些文件是该馆已删除的记录：每行一个记录号、有记录号一列的表格，或 MARC",
                "the files say what it has deleted: one number a line, a table, MARC",
            ),
        ),
    ] = False,
    yes: Annotated[
        bool,
        typer.Option("--yes", help=say("确认删除一成以上", "yes to deleting over a tenth")),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("只说会改变什么", "say what would change"))
    ] = False,
    later: Annotated[
        bool,
        typer.Option(
            "--later",
            help=say(
                "只存下文件；由 lianguan serve 或下一次导入载入",
                "only keep the files; lianguan serve or the next import loads them",
            ),
        ),
    ] = False,
    format: Annotated[  # noqa: A002 - the option's name
        str,
        typer.Option(
            help="iso2709 marcxml json lines csv tsv excel · marc21 unimarc cnmarc",
        ),
    ] = "",
    encoding: Annotated[str, typer.Option(help="utf-8 gb18030 marc8 …")] = "",
    columns: Annotated[
        str,
        typer.Option(
            help=say("表格各列：", "columns of a table: ") + "title=书名,agent=著者,isbn=书号"
        ),
    ] = "",
    key: Annotated[
        str,
        typer.Option(help=say("记录号在哪里：", "its number is in ") + "001 003/001 035$a hash"),
    ] = "",
    json: Json = False,
) -> None:
    from lianguan.engine.union.importing import Order  # noqa: PLC0415
    from lianguan.site import loading  # noqa: PLC0415

    order = Order(library, name, format, encoding, columns, key, full, yes, dry_run, deletes)
    if later:
        loading.receive_files(data(), files, order, as_json=json)
    else:
        loading.import_files(data(), files, order, as_json=json)


@app.command()
def search(  # noqa: PLR0913
    query: Annotated[str, typer.Argument(help=say("词、短语或 ISBN", "words or an ISBN"))],
    library: Annotated[
        str, typer.Option(help=say("只看这个馆有的：馆代码", "held by this library: its code"))
    ] = "",
    language: Annotated[
        str, typer.Option(help=say("只看这种语言：chi tib eng …", "in this: chi tib eng …"))
    ] = "",
    format: Annotated[  # noqa: A002
        str, typer.Option(help=say("只看这种类型：text sound map …", "text sound map …"))
    ] = "",
    year: Annotated[str, typer.Option(help=say("只看这一年：2023", "of this year: 2023"))] = "",
    limit: Annotated[
        int, typer.Option(min=1, max=1000, help=say("最多列出多少条", "how many to list"))
    ] = 20,
    json: Json = False,
) -> None:
    from lianguan.site import printing  # noqa: PLC0415

    said = {"library": library, "language": language, "format": format, "year": year}
    chosen = {name: value for name, value in said.items() if value}
    with printing.catalogue(data(), as_json=json) as catalogue:
        printing.found(catalogue.search(query, chosen, limit), chosen, as_json=json)


@app.command()
def show(
    address: Annotated[
        str, typer.Argument(help=say("条目地址，或 馆代码:记录号", "address, or LIBRARY:NUMBER"))
    ],
    json: Json = False,
) -> None:
    from lianguan.site import printing  # noqa: PLC0415

    with printing.catalogue(data(), as_json=json) as catalogue:
        printing.entry(catalogue, address, as_json=json)


@app.command()
def explain(
    left: Annotated[
        str,
        typer.Argument(
            help=say("馆代码:记录号，或条目地址", "LIBRARY:NUMBER, or the address of an entry")
        ),
    ],
    right: Annotated[
        str,
        typer.Argument(
            help=say(
                "馆代码:记录号；不写就逐条说明条目里的记录为什么在一起",
                "LIBRARY:NUMBER; without it, why the records of the entry stand together",
            )
        ),
    ] = "",
    json: Json = False,
) -> None:
    from lianguan.site import printing  # noqa: PLC0415

    with printing.catalogue(data(), as_json=json) as catalogue:
        printing.explanation(catalogue, left, right, as_json=json)


@app.command()
def match(
    left: Annotated[Path, typer.Argument(help=say("一个文件", "a file"))],
    right: Annotated[Path, typer.Argument(help=say("另一个文件", "another"))],
    json: Json = False,
) -> None:
    from lianguan.site import printing  # noqa: PLC0415

    printing.matches(left, right, as_json=json)


@app.command()
def imports(json: Json = False) -> None:
    from lianguan.site import printing  # noqa: PLC0415

    printing.imports(data(), as_json=json)


@app.command()
def withdraw(
    import_id: Annotated[str, typer.Argument(help=say("导入号", "number of the import"))],
    json: Json = False,
) -> None:
    from lianguan.site import loading  # noqa: PLC0415

    loading.withdraw(data(), import_id, as_json=json)


@app.command()
def leave(
    library: Annotated[str, typer.Argument(help=say("馆代码", "code of the library"))],
    yes: Annotated[bool, typer.Option("--yes", help=say("确认退出", "yes to its leaving"))] = False,
    json: Json = False,
) -> None:
    from lianguan.site import loading  # noqa: PLC0415

    loading.leave(data(), library, is_sure=yes, as_json=json)


@app.command()
def rebuild() -> None:
    from lianguan.site import loading  # noqa: PLC0415

    loading.rebuild(data())


@app.command()
def upgrade(json: Json = False) -> None:
    from lianguan.site import loading  # noqa: PLC0415

    loading.bring_up_to_date(data(), as_json=json)


@app.command()
def backup(
    folder: Annotated[
        Path, typer.Argument(help=say("备份文件夹，最好在另一块硬盘上", "best on another disk"))
    ],
    keep: Annotated[
        int, typer.Option(min=0, help=say("只留最近几个；0 为全留", "how many to keep; 0: all"))
    ] = 0,
    keys: Keys = None,
    json: Json = False,
) -> None:
    from lianguan.site import keeping  # noqa: PLC0415

    keeping.backup(data(), folder, keep, keys, as_json=json)


@app.command()
def restore(
    folder: Annotated[
        Path,
        typer.Argument(
            help=say(
                "备份文件夹（取最近一个），或其中一个 .json", "the newest in it, or one .json of it"
            )
        ),
    ],
    keys: Keys = None,
    json: Json = False,
) -> None:
    from lianguan.site import keeping  # noqa: PLC0415

    keeping.restore(data(), folder, keys, as_json=json)


@app.command()
def doctor(json: Json = False) -> None:
    from lianguan.site import printing  # noqa: PLC0415

    printing.examination(data(), as_json=json)


@app.command()
def matching(json: Json = False) -> None:
    from lianguan.site import printing  # noqa: PLC0415

    printing.matching(data(), as_json=json)


@app.command()
def decide(
    left: Record,
    right: Record,
    said: Annotated[
        Literal["same", "different", "work", "open"],
        typer.Argument(
            help=say(
                "same 同一版本；different 不同；work 同一作品的不同版本；open 收回决定",
                "the same edition, different, work: two editions of one work, or open: take a"
                " decision back",
            )
        ),
    ],
    who: Annotated[str, typer.Option(help=say("谁决定的", "who decides"))] = "",
    json: Json = False,
) -> None:
    from lianguan.site import loading  # noqa: PLC0415

    loading.decide(data(), (left, right), said, who, as_json=json)


@app.command()
def serve(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=say("端口；0 为任一空闲的", "0 takes a free one"))
    ] = 8000,
    host: Annotated[
        str, typer.Option(help=say("地址；默认只有本机能打开", "default: this machine alone"))
    ] = "127.0.0.1",
    workers: Annotated[
        int, typer.Option(min=1, max=64, help=say("进程数", "how many processes"))
    ] = 1,
) -> None:
    from lianguan.site import serving  # noqa: PLC0415

    serving.serve(data(), host, port, workers)


@export.command()
def clusters(out: Path) -> None:
    from lianguan.site import exporting  # noqa: PLC0415

    exporting.clusters(data(), out)


@export.command()
def keys(out: Path, library: Library = "") -> None:
    from lianguan.site import exporting  # noqa: PLC0415

    exporting.keys(data(), out, library)


@export.command()
def records(
    out: Path,
    format: Annotated[  # noqa: A002
        str, typer.Option(help="iso2709 marcxml csv")
    ] = "iso2709",
    library: Library = "",
    json: Json = False,
) -> None:
    from lianguan.site import exporting  # noqa: PLC0415

    exporting.records(data(), out, format, library, as_json=json)


@export.command()
def sources(out: Path, library: Library) -> None:
    from lianguan.site import exporting  # noqa: PLC0415

    exporting.sources(data(), out, library)


for command in (member_commands.terms, member_commands.duplicates, member_commands.differences):
    app.command()(command)
export.command()(member_commands.enriched)

for group in (app, export, staff_commands.staff):
    for registered in group.registered_commands:
        if registered.callback is not None:
            registered.help = say(*HELP[registered.callback.__name__.rstrip("_")])


def print_version(asked: bool) -> None:
    """Print the version and leave."""
    if asked:
        from importlib.metadata import version  # noqa: PLC0415

        print(version("lianguan"))  # noqa: T201
        raise typer.Exit


@app.callback()
def start(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=print_version, is_eager=True, help=say("版本", "the version")
        ),
    ] = False,
) -> None:
    pass


def main() -> None:
    """The command's entry point. Whoever stops reading what is printed is not told of a fault."""
    try:
        app()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
