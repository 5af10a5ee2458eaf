"""Arguments that many commands have."""

import os
from pathlib import Path
from typing import Annotated

import typer

from lianguan.site.language import say

Json = Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))]
Library = Annotated[str, typer.Option("--library", "-l", help=say("馆代码", "code of the library"))]


def data() -> Path:
    """The folder where everything lives."""
    return Path(os.environ.get("LIANGUAN_DATA", "var"))
