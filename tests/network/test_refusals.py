"""What a person reads when something was not done: what happened, what is safe, what to do, and a
number that stands in the log. In both languages, with the right status."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.network.conftest import Seated
from tests.union.hub import Hub, book

FORM = "application/x-www-form-urlencoded"


def ask(client: Client, what: str) -> tuple[int, str]:
    """Status and page of what a person did."""
    answers = {
        "nowhere": lambda: client.get("/nowhere"),
        "withdrawn": lambda: client.get("/r/JN/1", follow=True),
        "broken": lambda: client.get("/search?q=x"),
        "not theirs": lambda: client.get("/staff/people"),
        "too old": lambda: client.post("/sign-in", {"sign_in": "desk"}),
        "too long": lambda: client.post("/sign-in", "a=" + "x" * 3_000_000, content_type=FORM),
        "too many": lambda: client.post("/sign-in", "a=1&" * 6000, content_type=FORM),
        "by another name": lambda: client.get("/", headers={"host": "elsewhere.example"}),
    }
    if what.startswith("too "):
        client.get("/staff/password")  # the form with its sign
    answer = answers[what]()
    return answer.status_code, answer.content.decode()


STATUS = {
    "nowhere": 404, "withdrawn": 410, "broken": 500, "not theirs": 403, "too old": 403,
    "too long": 413, "too many": 413, "by another name": 400,
}  # fmt: skip
SAID = {
    "zh": ("您可以：", "没有改动任何东西|请放心：", "编号："),
    "en": ("What you can do:", "Nothing was changed|Rest assured:", "Number:"),
}


class Log(logging.Handler):
    """The lines that a server writes."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def log() -> Iterator[Log]:
    log, logger = Log(), logging.getLogger("django.request")
    logger.addHandler(log)
    yield log
    logger.removeHandler(log)


@pytest.fixture
def client(
    network: Path, tmp_path: Path, at_work: Seated, monkeypatch: pytest.MonkeyPatch
) -> Client:
    """Somebody at a desk; a catalogue with one book that was withdrawn, and a fault in searching."""
    hub = Hub(tmp_path)
    monkeypatch.setattr(settings, "DATA", hub.root)
    hub.withdraw(hub.send("JN", book("1")))
    hub.send("HB", book("2"))
    monkeypatch.setattr("lianguan.discovery.queries.found", None)
    client = at_work("desk")
    client.raise_request_exception = False
    client.handler.enforce_csrf_checks = True
    return client


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("what", STATUS)
def test_a_no_says_what_is_safe_what_to_do_and_a_number_of_the_log(
    client: Client, log: Log, what: str, language: str
) -> None:
    client.cookies["language"] = language
    status, page = ask(client, what)
    assert status == STATUS[what]
    do, safe, quote = SAID[language]
    number = re.search(rf'{quote}</strong> <span class="told__number">([0-9A-F]{{6}})<', page)
    assert number
    assert re.search(safe, page)
    assert do in page or what == "not theirs", "there it says who may, and who helps"
    assert sum(number[1] in line for line in log.lines) == 1, "said once, and found by it"


def test_what_a_reader_looked_for_is_not_in_the_log(client: Client, log: Log) -> None:
    client.get("/search?q=很私人的事")
    assert log.lines
    assert not any("私人" in line for line in log.lines if re.match("[0-9A-F]{6}:", line))


def test_a_page_that_is_well_takes_no_number(client: Client, log: Log) -> None:
    assert client.get("/about").status_code == 200
    assert log.lines == []
