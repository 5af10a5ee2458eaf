"""The commands for staff: for whoever looks after the machine."""

from typing import Annotated

import typer

from lianguan.site.arguments import Json, data
from lianguan.site.language import say

staff = typer.Typer(
    no_args_is_help=True,
    help=say("工作人员：添加、列出、设新密码", "who works here: add, list, new password"),
)
SignIn = Annotated[str, typer.Argument(help=say("登录名", "the name to sign in with"))]


@staff.command()
def add(
    sign_in: SignIn,
    name: Annotated[str, typer.Option(help=say("姓名", "the person's name"))],
    role: Annotated[
        str,
        typer.Option(help="administrator cataloguer director bureau interlending training …"),
    ] = "administrator",
    place: Annotated[str, typer.Option(help=say("馆点代码", "code of the place"))] = "HUB",
    json: Json = False,
) -> None:
    from lianguan.site import staffing  # noqa: PLC0415

    staffing.add(data(), (sign_in, name), role, place, as_json=json)


@staff.command("list")
def list_(json: Json = False) -> None:
    from lianguan.site import staffing  # noqa: PLC0415

    staffing.show(data(), as_json=json)


@staff.command()
def password(sign_in: SignIn, json: Json = False) -> None:
    from lianguan.site import staffing  # noqa: PLC0415

    staffing.new_password(data(), sign_in, as_json=json)
