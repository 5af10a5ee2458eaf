"""Who works in the demonstration can sign in, each with a role at a real place."""

from pathlib import Path

import django
from django.test import Client

from demo import people
from tests import databases

django.setup()  # before the modules with rows are loaded

from lianguan.network import queries  # noqa: E402


def test_the_hub_is_founded_once_and_its_people_get_to_work(tmp_path: Path) -> None:
    with databases.sqlite(tmp_path):
        people.found()
        before = queries.places()
        people.found()
        assert queries.places() == before
        for one in (people.HEAD, *people.STAFF):
            said = {"sign_in": one.sign_in, "password": people.PASSWORD}
            browser = Client()
            assert browser.post("/sign-in", said).status_code == 302
            assert one.name in browser.get("/staff").content.decode()
