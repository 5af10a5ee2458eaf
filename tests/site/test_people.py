"""What people do is backed up and restored, looked over, and got at from the machine."""

import json
import os
import re
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest

from tests import databases
from tests.making import cnmarc

django.setup()

from lianguan.journal.models import Line  # noqa: E402
from lianguan.network import queries  # noqa: E402
from lianguan.network.models import Staff  # noqa: E402
from lianguan.site.database import database  # noqa: E402
from tests.network import world  # noqa: E402
from tests.network.world import PASSWORD  # noqa: E402


class Machine:
    """Somebody at the command line of a hub in which people work."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"

    def run(
        self, *words: str | Path, data: Path | None = None, said: str = "", code: int = 0
    ) -> str:
        told = {"LIANGUAN_DATA": str(data or self.data), "LIANGUAN_LANG": "en", "COLUMNS": "200"}
        done = subprocess.run(
            [sys.executable, "-m", "lianguan", *map(str, words)],
            env=os.environ | told, input=said, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr + done.stdout
        return done.stdout + done.stderr

    def json(self, *words: str | Path, **said: Any) -> Any:
        return json.loads(self.run(*words, "--json", **said).splitlines()[-1])

    def checks(self, code: int = 0) -> dict[str, tuple[bool, str]]:
        return {
            name: (well, said) for name, well, said in map(_check, self.json("doctor", code=code))
        }


def _check(said: dict[str, Any]) -> tuple[str, bool, str]:
    return said["code"], said["is_well"], said["detail"]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path)
    with databases.sqlite(made.data, world.template()):
        book = tmp_path / "book.mrc"
        book.write_bytes(cnmarc("001 x1 | 200 1 $a红楼梦$f曹雪芹著"))
        made.run("import", book, "--library", "JN")
        yield made


def test_a_backup_has_what_people_did_and_a_restore_brings_it_back(machine: Machine) -> None:
    to, new = machine.folder / "backup", machine.folder / "new"
    made = machine.json("backup", to)
    assert made["database"]
    assert made["keys"] == []
    machine.run("restore", to, data=new)
    databases.use(database(new))
    assert {one.code for one in queries.places()} >= {"HUB", "JN", "HB", "MY"}
    assert Staff.objects.get(sign_in="desk").check_password(PASSWORD)
    assert Line.objects.count() > 10
    (stored,) = (to / "database").iterdir()
    for path in (stored, new / "people.sqlite"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((to / "database").stat().st_mode) == 0o700


def test_with_nothing_new_nothing_is_copied_and_old_ones_go(machine: Machine) -> None:
    to = machine.folder / "backup"
    machine.run("backup", to)
    assert machine.json("backup", to)["added"] == 0
    machine.run("staff", "password", "desk", said="a better one for me\n")
    assert machine.json("backup", to)["added"] == 1
    assert len(list((to / "database").iterdir())) == 2
    machine.run("backup", to, "--keep", "1")
    assert len(list((to / "database").iterdir())) == 1


def test_a_hub_to_which_nobody_has_sent_anything_is_backed_up_too(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    with databases.sqlite(machine.data, world.template()):
        machine.run("backup", tmp_path / "backup")
        machine.run("restore", tmp_path / "backup", data=tmp_path / "new")
    databases.use(database(tmp_path / "new"))
    assert queries.is_founded()


def test_whoever_signed_out_is_not_in_again_by_a_restore(machine: Machine) -> None:
    from django.contrib.sessions.models import Session
    from django.test import Client

    client = Client()
    client.post("/sign-in", {"sign_in": "desk", "password": PASSWORD})
    client.post("/sign-in", {"sign_in": "nobody", "password": "wrong"})
    assert Session.objects.exists()
    machine.run("backup", machine.folder / "backup")
    machine.run("restore", machine.folder / "backup", data=machine.folder / "new")
    databases.use(database(machine.folder / "new"))
    assert not Session.objects.exists()
    (stored,) = (machine.folder / "backup" / "database").iterdir()
    assert client.cookies["session"].value.encode() not in stored.read_bytes()


def test_a_damaged_copy_of_the_database_is_not_brought_back(machine: Machine) -> None:
    to, new = machine.folder / "backup", machine.folder / "new"
    machine.run("backup", to)
    (stored,) = (to / "database").iterdir()
    whole = stored.read_bytes()
    stored.write_bytes(whole[:5000] + b"!" + whole[5001:])
    assert "damaged" in machine.run("restore", to, data=new, code=1)
    assert not (new / "people.sqlite").exists()


def test_while_people_write_each_backup_is_whole(machine: Machine) -> None:
    from tests.journal.test_writers import Writer

    writer = Writer({"LIANGUAN_DATA": str(machine.data)}, 400, "phone")
    writer.begin()
    for number in range(2):
        machine.run("backup", machine.folder / "backup")
        new = machine.folder / f"new{number}"
        machine.run("restore", machine.folder / "backup", data=new)
        databases.use(database(new))
        from lianguan.journal import queries as journal

        assert [journal.first_broken(one) for one in journal.machines()] == [None] * len(
            journal.machines()
        )
        assert Line.objects.count() % 2 == Line.objects.exclude(machine="phone").count() % 2
    assert len(writer.end()) == 400


class TestKeys:
    def test_they_are_made_once_and_nobody_else_reads_them(self, tmp_path: Path) -> None:
        from lianguan.site import secret

        first = secret.secret(tmp_path)
        assert secret.secret(tmp_path) == first
        assert len(first) > 50
        assert stat.S_IMODE((tmp_path / "keys" / "secret").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
        assert [path.name for path in (tmp_path / "keys").iterdir()] == ["secret"]

    def test_asked_for_by_many_at_once_there_is_one(self, tmp_path: Path) -> None:
        from lianguan.site import secret
        from tests.at_once import at_once

        found = list[str]()
        at_once([lambda: found.append(secret.secret(tmp_path))] * 8)
        assert len(set(found)) == 1

    def test_they_are_kept_apart_where_that_is_asked_for_and_brought_back(
        self, machine: Machine
    ) -> None:
        machine.run("staff", "list")  # makes them
        key = (machine.data / "keys" / "secret").read_text()
        to, apart, new = (machine.folder / name for name in ("backup", "apart", "new"))
        said = machine.run("backup", to)
        assert "The keys are not in it" in said
        assert key not in "".join(
            path.read_text(errors="replace") for path in to.rglob("*") if path.is_file()
        )
        for beside in (to / "keys", machine.data / "kept", to):
            assert "do not go where" in machine.run("backup", to, "--keys", beside, code=1)
        assert machine.json("backup", to, "--keys", apart)["keys"] == ["secret"]
        assert stat.S_IMODE((apart / "secret").stat().st_mode) == 0o600
        assert "no keys" in machine.run("restore", to, "--keys", to, data=new, code=1)
        machine.run("restore", to, "--keys", apart, data=new)
        assert (new / "keys" / "secret").read_text() == key


class TestDoctor:
    def test_all_is_well(self, machine: Machine) -> None:
        machine.run("backup", machine.folder / "backup")
        checks = machine.checks()
        for code in ("people", "people_sound", "journal", "keys", "people_backup"):
            assert checks[f"doctor_{code}"][0], code
        assert "the journal is as it was written" in machine.run("doctor")

    def test_a_line_that_was_changed_is_named(self, machine: Machine) -> None:
        row = Line.objects.get(seq=3)
        Line.objects.filter(seq=3).update(said=row.said.replace('"did":"', '"did":"x'))
        hub = queries.hub()
        assert hub
        assert machine.checks(code=1)["doctor_journal"] == (False, f"{hub.id}: 3")

    def test_keys_that_others_can_read_are_told(self, machine: Machine) -> None:
        machine.run("staff", "list")
        (machine.data / "keys" / "secret").chmod(0o644)
        assert not machine.checks(code=1)["doctor_keys"][0]

    def test_a_file_that_is_no_database_is_told_and_nothing_breaks(self, machine: Machine) -> None:
        from django.db import connection

        connection.close()
        for path in machine.data.glob("people.sqlite-*"):
            path.unlink()
        (machine.data / "people.sqlite").write_bytes(b"not a database " * 1000)
        assert not machine.checks(code=1)["doctor_people"][0]

    def test_what_has_stood_for_days_without_a_backup_is_told(self, machine: Machine) -> None:
        import datetime

        old = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=3)
        Line.objects.update(written=old)
        assert not machine.checks(code=1)["doctor_people_backup"][0]


class TestStaffAtTheMachine:
    def test_the_only_administrator_gets_back_in(self, machine: Machine) -> None:
        Staff.objects.filter(sign_in="hub").update(is_active=False)
        assert "too short" in machine.run("staff", "password", "hub", said="short\n", code=1)
        machine.run("staff", "password", "HUB", said="a way back for me\n")
        row = Staff.objects.get(sign_in="hub")
        assert row.is_active
        assert row.check_password("a way back for me")
        assert set(Line.objects.order_by("-seq").values_list("who_id", flat=True)[:2]) == {
            "command_line"
        }

    def test_somebody_is_added_and_listed(self, machine: Machine) -> None:
        words = ("add", "dorje", "--name", "多杰", "--role", "desk", "--place", "MY")
        machine.run("staff", *words, said=PASSWORD + "\n")
        rows = {one["sign_in"]: one for one in machine.json("staff", "list")}
        assert rows["dorje"] == {
            "sign_in": "dorje",
            "name": "多杰",
            "is_active": True,
            "roles": [["desk", "MY"]],
        }
        assert "多杰" in machine.run("staff", "list")
        assert "already" in machine.run("staff", *words, said=PASSWORD + "\n", code=1)

    @pytest.mark.parametrize(("words", "said"), [
        (("add", "x1", "--name", "X", "--place", "nowhere"), "no such place"),
        (("add", "x1", "--name", "X", "--role", "king"), "no such role"),
        (("add", "x y", "--name", "X"), "no blanks"),
        (("password", "nobody"), "nobody of this name"),
    ])  # fmt: skip
    def test_what_cannot_be_is_said(
        self, words: tuple[str, ...], said: str, machine: Machine
    ) -> None:
        assert said in machine.run("staff", *words, said=PASSWORD + "\n", code=1)

    def test_without_a_hub_it_says_where_to_begin(self, tmp_path: Path) -> None:
        said = Machine(tmp_path).run(
            "staff", "add", "x1", "--name", "X", said=PASSWORD + "\n", code=1
        )
        assert "lianguan serve" in said or "no such place" in said


class Served:
    """A hub that is served, in a folder that may be empty."""

    def __init__(self, data: Path, *words: str, **told: str) -> None:
        with socket.socket() as asked:
            asked.bind(("127.0.0.1", 0))
            self.port = asked.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lianguan", "serve", "--port", str(self.port), *words],
            env=os.environ | {"LIANGUAN_DATA": str(data), "LIANGUAN_LANG": "en"} | told,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout
        self.said = [self.process.stdout.readline()]

    def line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()

    def get(self, page: str, cookie: str = "") -> tuple[int, str]:
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{page}", headers={"Cookie": cookie}
        )
        for _ in range(100):
            try:
                with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - our own
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode()
            except OSError:
                time.sleep(0.1)
        raise AssertionError("not served")

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=20)


def test_an_empty_folder_is_served_with_the_setting_up_at_its_door(tmp_path: Path) -> None:
    served = Served(tmp_path / "data")
    try:
        assert "/setup" in served.line()
        status, page = served.get("/")
        assert status == 200
        assert "建立联馆" in page
    finally:
        served.stop()
    assert stat.S_IMODE((tmp_path / "data" / "people.sqlite").stat().st_mode) == 0o600


def test_on_a_network_a_word_is_made_printed_and_asked_for(tmp_path: Path) -> None:
    served = Served(tmp_path / "data", "--host", "0.0.0.0")  # noqa: S104 - that is the case
    try:
        word = re.search(r"/setup\?word=([\w-]{8,})", served.line())
        assert word
        assert served.get("/setup")[0] == 403
        assert served.get("/setup?word=other")[0] == 403
        assert served.get(f"/setup?word={word[1]}")[0] == 200
    finally:
        served.stop()


def test_a_session_outlives_a_restart_of_the_server(machine: Machine) -> None:
    from django.test import Client

    key = machine.data / "keys"
    assert not key.exists()
    served = Served(machine.data)
    served.get("/")
    served.stop()
    from django.conf import settings
    from django.test import override_settings

    with override_settings(SECRET_KEY=(machine.data / "keys" / "secret").read_text().strip()):
        client = Client()
        client.force_login(Staff.objects.get(sign_in="desk"))
        cookie = f"session={client.cookies['session'].value}"
    assert settings.SECRET_KEY
    for _ in range(2):
        served = Served(machine.data)
        try:
            status, page = served.get("/staff", cookie)
            assert status == 200
            assert "马小花" in page
        finally:
            served.stop()
