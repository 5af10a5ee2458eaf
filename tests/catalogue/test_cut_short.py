"""People press at the same moment, and the machine stops in the middle: what was said happens once,
and the journal has it."""

import datetime
import os
import re
import uuid
from functools import partial
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lianguan.catalogue import actions, queries
from lianguan.catalogue.models import Upload
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.importing import Order, receive_files
from lianguan.journal.models import Line
from lianguan.site.finishing import finish, tidy
from tests.at_once import at_once
from tests.catalogue.test_sending import carried_out, press, sent, text
from tests.network.conftest import Seated
from tests.union.hub import book

LONG_AGO = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


class Stopped(BaseException):
    """The machine has stopped: nothing that comes after it is done."""


def stop(*_: object, **__: object) -> None:
    raise Stopped


def lines(did: str) -> int:
    return Line.objects.filter(did=did).count()


def test_two_people_who_import_one_file_at_the_same_moment_import_it_once(
    network: Path, at_work: Seated
) -> None:
    people = [at_work("cataloguer"), at_work("administrator")]
    page = sent(people[0], ("a.mrc", book("1")))
    answers: list[tuple[int, str]] = []

    def presses(client: object) -> None:
        answer = client.post(page, {"do": "send"})  # type: ignore[attr-defined]
        answers.append((answer.status_code, answer.headers.get("Location", "")))

    at_once([partial(presses, client) for client in people])
    assert len(queries.latest(["HB"])) == 1
    assert (lines("upload_sent"), lines("delivery_received")) == (1, 1)
    [delivery] = {where for _, where in answers if re.search(r"/imports/[0-9]", where)}
    assert {status for status, _ in answers} <= {302, 422}
    assert people[1].get(page).headers["Location"] == delivery


def test_files_that_are_sent_by_a_double_press_are_kept_once(
    network: Path, at_work: Seated
) -> None:
    client, act = at_work("cataloguer"), str(uuid.uuid4())
    answers: list[str] = []

    def press_it() -> None:
        chosen = SimpleUploadedFile("a.mrc", book("1"))
        said = {"library": "HB", "kind": "upsert", "files": [chosen], "act": act}
        answers.append(client.post("/staff/imports/new", said).headers["Location"])

    at_once([press_it, press_it])
    assert len(queries.uploads_of(["HB"])) == 1
    assert "/staff/imports" in answers
    assert len(list((network / "uploads").iterdir())) == 1


@pytest.mark.parametrize("at", ["receive_files", "_received", "uploads.remove"])
def test_an_import_that_is_cut_short_is_finished_by_the_worker_once(
    network: Path, at_work: Seated, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    client = at_work("cataloguer")
    page = sent(client, ("a.mrc", book("1")))
    with monkeypatch.context() as stopped:
        stopped.setattr(f"lianguan.catalogue.actions.{at}", stop)
        with pytest.raises(Stopped):
            client.post(page, {"do": "send"})
    finish(network)
    finish(network)
    assert len(queries.latest(["HB"])) == 1
    assert (lines("upload_sent"), lines("delivery_received")) == (1, 1)
    assert "/staff/imports/" in client.get(page).headers["Location"]


def test_a_delivery_that_was_kept_and_not_noted_is_not_kept_again(
    network: Path, at_work: Seated, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = at_work("cataloguer")
    page = sent(client, ("a.mrc", book("1")))

    def keep_and_stop(root: Path, paths: list[Path], order: Order, origin: str) -> None:
        receive_files(root, paths, order, origin)
        raise Stopped

    with monkeypatch.context() as stopped:
        stopped.setattr(actions, "receive_files", keep_and_stop)
        with pytest.raises(Stopped):
            client.post(page, {"do": "send"})
    assert "正在收下" in text(client, page)
    carried_out(network)
    finish(network)
    [delivery] = queries.latest(["HB"])
    assert client.get(page).headers["Location"].endswith(delivery.id)


def test_a_withdrawal_that_is_cut_short_is_finished_by_the_worker(
    network: Path, at_work: Seated, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = at_work("cataloguer")
    delivery = press(client, sent(client, ("a.mrc", book("1"))), "send")
    carried_out(network)
    with monkeypatch.context() as stopped:
        stopped.setattr(actions, "mark_withdrawn", stop)
        with pytest.raises(Stopped):
            client.post(f"{delivery}/withdraw")
    assert lines("delivery_withdrawn") == 1
    finish(network)
    assert "正在撤回这一批" in text(client, delivery)
    assert client.post(f"{delivery}/withdraw").status_code == 422
    carried_out(network)
    assert "这一批已经撤回" in text(client, delivery)
    assert queries.unwritten_withdrawals() == []


def test_two_who_take_back_one_delivery_take_it_back_once(network: Path, at_work: Seated) -> None:
    people = [at_work("cataloguer"), at_work("administrator")]
    delivery = press(people[0], sent(people[0], ("a.mrc", book("1"))), "send")
    carried_out(network)
    answers: list[int] = []
    at_once(
        [
            lambda one=one: answers.append(one.post(f"{delivery}/withdraw").status_code)  # type: ignore[misc]
            for one in people
        ]
    )
    assert sorted(answers) == [302, 422]
    assert lines("delivery_withdrawn") == 1


def test_what_is_refused_when_it_is_sent_says_why_and_can_be_sent_again(
    network: Path, at_work: Seated, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = at_work("cataloguer")
    page = sent(client, ("a.mrc", book("1")))

    def full(*_: object, **__: object) -> None:
        raise Refused("disk_full")

    with monkeypatch.context() as stopped:
        stopped.setattr(actions, "receive_files", full)
        assert client.post(page, {"do": "send"}).status_code == 422
    assert "空间" in text(client, page)
    assert "/staff/imports/" in press(client, page, "send")


def test_files_that_nobody_said_yes_to_are_dropped_after_a_month(
    network: Path, at_work: Seated
) -> None:
    client = at_work("cataloguer")
    old, new = (sent(client, (f"{n}.mrc", book(n))) for n in "12")
    Upload.objects.filter(id=old.rpartition("/")[2]).update(at=LONG_AGO)
    unknown = network / "uploads" / str(uuid.uuid4())
    (unknown / "0").mkdir(parents=True)
    os.utime(unknown, (0, 0))
    tidy()
    assert client.get(old).status_code == 404
    assert not unknown.exists()
    assert "2.mrc" in text(client, new)
    assert lines("upload_dropped") == 1
