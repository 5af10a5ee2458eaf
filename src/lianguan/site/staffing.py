"""Staff at the command line of the machine: whoever has that has the hub."""

import contextlib
import datetime
import getpass
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from lianguan.engine.read.findings import Refused
from lianguan.journal.act import Act, Rule
from lianguan.site.language import language, say
from lianguan.site.preparing import prepare
from lianguan.site.refusals import told
from lianguan.site.wording import wording

console = Console()


@contextlib.contextmanager
def _at_the_machine(root: Path, *, as_json: bool) -> Iterator[None]:
    """The database ready, and refusals told."""
    with told(as_json=as_json):
        prepare(root)
        yield


def add(root: Path, who: tuple[str, str], role: str, place: str, *, as_json: bool) -> None:
    """`who`: sign-in name and name."""
    with _at_the_machine(root, as_json=as_json):
        from lianguan.network import actions, forms, queries  # noqa: PLC0415

        at = next((one for one in queries.places() if one.code == place), None)
        if at is None:
            raise Refused("place_unknown", place)
        password = _password()
        filled = forms.person(
            {"sign_in": who[0], "name": who[1], "password": password, "again": password}
        )
        for code in filled.errors.values():
            raise Refused(code)
        new = actions.NewStaff(filled.said["sign_in"], filled.said["name"], password)
        actions.add_with_role(_act(), new=new, place=at.id, role=role)
    _say({"added": filled.said["sign_in"]}, say("已添加：", "added: "), as_json=as_json)


def _act() -> Act:
    """An act of whoever sits at the machine."""
    from lianguan.network import queries  # noqa: PLC0415

    hub = queries.hub()
    if hub is None:
        raise Refused("hub_not_founded")
    now = datetime.datetime.now(datetime.UTC)
    return Act(Rule("command_line"), str(hub.id), now, hub.id)


def _password() -> str:
    """Asked for twice; a line of standard input where nobody is there to be asked."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass(say("密码：", "Password: "))
    if first != getpass.getpass(say("再输一次：", "Once more: ")):
        raise Refused("passwords_differ")
    return first


def show(root: Path, *, as_json: bool) -> None:
    with _at_the_machine(root, as_json=as_json):
        from lianguan.network import queries  # noqa: PLC0415

        found = queries.all_staff()
    rows = [
        {
            "sign_in": one.sign_in,
            "name": one.name,
            "is_active": one.is_active,
            "roles": [[a.role, a.place.code] for a in one.appointments if a.until is None],
        }
        for one in found
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))  # noqa: T201
        return
    table = Table()
    for heading in ("sign_in_name", "name", "role"):
        table.add_column(wording(heading, language()), overflow="fold")
    for one in found:
        roles = [
            f"{wording(f'role_{a.role}', language())} · {a.place.name} ({a.place.code})"
            for a in one.appointments
            if a.until is None
        ]
        shut_out = "" if one.is_active else f" ({wording('is_shut_out', language())})"
        table.add_row(one.sign_in + shut_out, one.name, "\n".join(roles))
    console.print(table)


def new_password(root: Path, sign_in: str, *, as_json: bool) -> None:
    with _at_the_machine(root, as_json=as_json):
        from lianguan.network import actions, forms, queries  # noqa: PLC0415

        found = queries.staff_by_sign_in(sign_in)
        if found is None:
            raise Refused("staff_unknown", sign_in)
        password = _password()
        if code := forms.password_error(password, found.sign_in, found.name):
            raise Refused(code)
        actions.let_in_again(_act(), staff=found.id, password=password)
    _say({"changed": found.sign_in}, say("密码已更改：", "changed: "), as_json=as_json)


def _say(said: dict[str, str], words: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(said, ensure_ascii=False))  # noqa: T201
    else:
        console.print(words + next(iter(said.values())), markup=False)
