"""The commands of a member: what it decides and what it gets back."""

from pathlib import Path
from typing import Annotated

import typer

from lianguan.site.arguments import Json, Library, data
from lianguan.site.language import say

Out = Annotated[
    Path | None, typer.Option("--out", help=say("写入 CSV 文件", "write them to a CSV file"))
]


def duplicates(library: Library, out: Out = None, json: Json = False) -> None:
    from lianguan.site import members  # noqa: PLC0415

    members.duplicate_records(data(), library, out, as_json=json)


def differences(library: Library, out: Out = None, json: Json = False) -> None:
    from lianguan.site import members  # noqa: PLC0415

    members.differing_records(data(), library, out, as_json=json)


def terms(
    library: Library,
    shown: Annotated[
        str, typer.Option(help=say("网页上显示：yes、no", "shown on pages: yes, no"))
    ] = "",
    exported: Annotated[
        str, typer.Option(help=say("供其他馆导出：yes、no", "exported to others: yes, no"))
    ] = "",
    harvested: Annotated[
        str, typer.Option(help=say("供外部收割：yes、no", "harvested by others: yes, no"))
    ] = "",
    hide: Annotated[
        str | None,
        typer.Option(
            help=say(
                "不给别人看的字段，逗号分开：'010$d,price'；空为全部可看",
                "fields that nobody else sees: '010$d,price'; empty for none",
            )
        ),
    ] = None,
    json: Json = False,
) -> None:
    from lianguan.site import members  # noqa: PLC0415

    said = {"shown": shown, "exported": exported, "harvested": harvested}
    members.terms(data(), library, said, hide, as_json=json)


def enriched(
    out: Path,
    library: Library,
    format: Annotated[  # noqa: A002
        str, typer.Option(help="iso2709 marcxml csv")
    ] = "iso2709",
    encoding: Annotated[
        str, typer.Option(help=say("utf-8；默认用送来时的编码", "utf-8; default: as it was sent"))
    ] = "",
    json: Json = False,
) -> None:
    from lianguan.site import members  # noqa: PLC0415

    members.enriched(data(), out, (library, format, encoding), as_json=json)


HELP = {
    duplicates: (
        "一个馆自己的记录中，哪几条其实是同一版本：查重线索，附理由。",
        "Which of a library's own records are one edition: a clue to duplicates, with the reasons.",
    ),
    differences: (
        "一个馆的记录与多数馆不同之处：书号校验码、年、出版者、页数、题名；最可能有误的在前。",
        "Where a library's records say something else than most others, the surest mistakes first.",
    ),
    terms: (
        """查看或更改一个馆的数据约定：是否显示、供导出、供收割，隐去哪些字段。

例：`lianguan terms --library CN-JN --hide 'price,905$b'`。马上生效，随时可改。""",
        """Show or change what a library lets be done with its records, and the fields it hides.

Example: `lianguan terms --library CN-JN --hide 'price,905$b'`. It holds at once, and can be
changed at any time.""",
    ),
    enriched: (
        "一个馆自己的记录，加上同一种书别馆多出的内容：号码、主题、分类、提要等，逐项注明出自哪馆。",
        "A library's own records with what the others know more, each addition with whose it is.",
    ),
}
"""What each of them says of itself, in Chinese and English."""
