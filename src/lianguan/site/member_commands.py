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
