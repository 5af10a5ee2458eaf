"""Somebody sends a file, looks at it, imports it, reads what came of it, and takes it back."""

import re
import shutil
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianguan.catalogue import examined, queries
from lianguan.engine.union.database import building
from lianguan.engine.union.rebuilding import ready_builder
from lianguan.engine.union.sources import Sources
from lianguan.site.examining import Examiner, examine_all
from lianguan.site.finishing import finish
from tests.network.conftest import Seated
from tests.union.hub import book

BROKEN = b"00099nam0 this is no record\x1d"


def carried_out(data: Path) -> None:
    """What the worker does of the log."""
    with building(data, "worker"):
        ready_builder(data, lambda *_: None)


def sent(
    client: Client, *files: tuple[str, bytes], library: str = "HB", kind: str = "upsert"
) -> str:
    """Files sent by the form; the address of the page to which it leads."""
    chosen = [SimpleUploadedFile(name, data) for name, data in files]
    said = {"library": library, "kind": kind, "files": chosen}
    return client.post("/staff/imports/new", said).headers["Location"]


def press(client: Client, address: str, button: str, **more: str | list[str]) -> str:
    response = client.post(address, {"do": button, **more})
    assert response.status_code == 302, text_of(response.content)
    return response.headers["Location"]


def text_of(content: bytes) -> str:
    return " ".join(re.sub("<[^>]+>", " ", content.decode()).split())


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return text_of(response.content)


def test_a_file_is_looked_at_tried_imported_read_about_and_taken_back(
    network: Path, at_work: Seated
) -> None:
    client = at_work("cataloguer")
    page = sent(client, ("夜间导出.mrc", book("1") + BROKEN + book("2", title="青海湖")))
    seen = text(client, page)
    assert "夜间导出.mrc" in seen
    assert "青海湖" in seen
    assert "会搁置：" in seen
    assert not queries.latest(["HB"]), "nothing is imported by looking"

    assert press(client, page, "ask_rehearsal") == page
    assert "正在试算" in text(client, page)
    finish(network)
    assert "2 新记录" in text(client, page)
    assert not queries.latest(["HB"]), "nor by trying"

    delivery = press(client, page, "send")
    assert "等待载入" in text(client, delivery)
    assert client.get(page).headers["Location"] == delivery, "the upload has become a delivery"
    carried_out(network)
    report = text(client, delivery)
    assert "3 条已读完，1 条搁置" in report
    aside = client.get(f"{delivery}/set-aside")
    assert aside.content == BROKEN
    assert "夜间导出.mrc" in client.get(f"{delivery}/set-aside.csv").content.decode("utf-8-sig")

    assert "新增的去掉" in text(client, f"{delivery}/withdraw")
    assert client.post(f"{delivery}/withdraw").headers["Location"] == delivery
    assert "正在撤回这一批" in text(client, delivery)
    carried_out(network)
    assert "这一批已经撤回" in text(client, delivery)


def test_columns_that_nobody_knows_are_named_by_who_sends_them(
    network: Path, at_work: Seated
) -> None:
    client = at_work("cataloguer")
    page = sent(client, ("名单.csv", "甲栏,乙栏\n平凡的世界,路遥\n".encode()))
    assert "这个文件读不了" in text(client, page)
    assert 'value="send"' not in client.get(page).content.decode(), (
        "nothing of it could be imported"
    )
    press(client, page, "describe", column=["title", "agent"])
    assert "这个文件读不了" not in text(client, page)
    press(client, page, "describe", column=["title", "agent"])
    assert "这个文件读不了" not in text(client, page), "what was said holds when it is said again"
    delivery = press(client, page, "send")
    carried_out(network)
    assert "1 条已读完，全部收入" in text(client, delivery)


def test_a_table_is_looked_at_once_and_only_its_beginning(network: Path, at_work: Seated) -> None:
    client = at_work("cataloguer")
    rows = "题名,责任者\n" + "".join(f"第{n}册,路遥\n" for n in range(100_000))
    page = sent(client, ("大表.csv", rows.encode()))
    assert "第19册" in text(client, page)
    assert "第20册" not in text(client, page)
    shutil.rmtree(network / "uploads")
    assert "第19册" in text(client, page), "nothing is read when the page is asked for again"


def test_a_table_of_thousands_of_columns_can_be_described(network: Path, at_work: Seated) -> None:
    client = at_work("cataloguer")
    wide = ",".join(f"栏{n}" for n in range(6000)) + "\n" + "值," * 5999 + "值\n"
    page = sent(client, ("宽.csv", wide.encode()))
    selects = client.get(page).content.decode().count('name="column"')
    press(client, page, "describe", column=["title", *[""] * (selects - 1)])
    assert "这个文件读不了" not in text(client, page)


def test_files_that_are_gone_hold_up_nobody_else(network: Path, at_work: Seated) -> None:
    """As after a backup was restored: the files of uploads are in none."""
    client = at_work("cataloguer")
    gone, there = (sent(client, (f"{n}.mrc", book(n))) for n in "12")
    for page in (gone, there):
        press(client, page, "ask_rehearsal")
    shutil.rmtree(network / "uploads" / gone.rpartition("/")[2])
    finish(network)
    assert "文件已经不在了" in text(client, gone)
    assert "1 新记录" in text(client, there)
    assert client.post(gone, {"do": "send"}).status_code == 422
    press(client, gone, "drop")


def test_deleting_much_is_seen_before_and_done_only_when_somebody_says_yes(
    network: Path, at_work: Seated
) -> None:
    client = at_work("cataloguer")
    press(client, sent(client, ("a.mrc", b"".join(book(str(n)) for n in range(30)))), "send")
    carried_out(network)
    page = sent(client, ("b.mrc", book("1")), kind="full")
    press(client, page, "ask_rehearsal")
    finish(network)
    assert "29 删除" in text(client, page)
    delivery = press(client, page, "send")
    carried_out(network)
    assert "没能载入" in text(client, delivery)
    again = sent(client, ("b.mrc", book("1")), kind="full")
    delivery = press(client, again, "send", may_delete="yes")
    carried_out(network)
    assert queries.report(delivery.rsplit("/", 1)[1]).sent.counts["deleted"] == 29


def test_what_was_tried_and_refused_can_be_mended_or_forgotten(
    network: Path, at_work: Seated
) -> None:
    client = at_work("cataloguer")
    page = sent(client, ("b.mrc", b"nothing of that kind"))
    press(client, page, "ask_rehearsal")
    finish(network)
    assert "按规则会拒绝" in text(client, page)
    assert press(client, page, "drop") == "/staff/imports"
    assert client.get(page).status_code == 404
    assert not list((network / "uploads").iterdir()), "its bytes are gone too"


def test_a_form_without_a_file_says_so_and_keeps_what_was_chosen(
    network: Path, at_work: Seated
) -> None:
    response = at_work("cataloguer").post("/staff/imports/new", {"library": "MY", "kind": "full"})
    assert response.status_code == 422
    assert "还没有选文件" in text_of(response.content)
    assert re.search(r'value="MY"[^>]* selected', response.content.decode())
    assert re.search(r'value="full"[^>]* checked', response.content.decode())


@pytest.mark.parametrize("library", ["JN", "XX", ""])
def test_nobody_sends_for_a_library_that_is_not_theirs(
    network: Path, at_work: Seated, library: str
) -> None:
    chosen = SimpleUploadedFile("a.mrc", book("1"))
    said = {"library": library, "kind": "upsert", "files": chosen}
    assert at_work("cataloguer").post("/staff/imports/new", said).status_code == 404
    assert not (network / "uploads").exists()


def test_nobody_sees_what_another_library_sent(network: Path, at_work: Seated) -> None:
    hub, own = at_work("hub"), at_work("cataloguer")
    page = sent(hub, ("a.mrc", book("1")), library="JN")
    assert own.get(page).status_code == 404
    delivery = press(hub, page, "send")
    for address in (
        delivery,
        f"{delivery}/progress",
        f"{delivery}/set-aside",
        f"{delivery}/withdraw",
    ):
        assert own.get(address).status_code == 404
        assert hub.get(address).status_code == 200
    assert own.get("/staff/members/JN").status_code == 404
    assert "a.mrc" not in text(own, "/staff/imports")


def test_a_page_of_what_was_never_there_is_not_found(network: Path, at_work: Seated) -> None:
    client = at_work("cataloguer")
    assert client.get("/staff/imports?before=²").status_code == 200
    for address in (
        f"/staff/imports/uploads/{uuid.uuid4()}",
        "/staff/imports/000099-20260101T000000Z",
        "/staff/imports/x",
    ):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(("page", "marked"), [
    ("/staff", "/staff: page"),
    ("/staff/imports", "/staff/imports: page"),
    ("/staff/imports/new", "/staff/imports: true"),
    ("/staff/members", "/staff/members: page"),
    ("/staff/password", "/staff: true"),
])  # fmt: skip
def test_the_bar_says_where_one_is_on_pages_under_others_too(
    network: Path, at_work: Seated, page: str, marked: str
) -> None:
    shown = at_work("cataloguer").get(page).content.decode()
    (bar,) = re.findall(r'<nav class="bar__nav".*?</nav>', shown, re.DOTALL)
    found = re.findall(r'href="([^"]+)" aria-current="(\w+)"', bar)
    assert [": ".join(one) for one in found] == [marked]


def test_a_button_that_comes_too_late_does_nothing_and_says_so(
    network: Path, at_work: Seated
) -> None:
    client = at_work("cataloguer")
    page = sent(client, ("a.mrc", book("1")))
    press(client, page, "ask_rehearsal")
    response = client.post(page, {"do": "ask_rehearsal"})
    assert response.status_code == 422
    assert "状态已经变了" in text_of(response.content)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\x00b.mrc", "名" * 300 + ".mrc", "", "a/b.mrc"]
)
def test_a_file_may_be_called_anything(network: Path, at_work: Seated, name: str) -> None:
    client = at_work("cataloguer")
    chosen = SimpleUploadedFile("x", book("1"))
    chosen._name = name or "x"  # type: ignore[attr-defined]  # as a browser of bad faith says it
    said = {"library": "HB", "kind": "upsert", "files": [chosen]}
    response = client.post("/staff/imports/new", said)
    assert response.status_code == 302
    assert "识别为" in text(client, response.headers["Location"])
    assert {path.parent.parent.parent for path in network.glob("uploads/*/*/*")} == {
        network / "uploads"
    }


def test_the_health_page_looks_when_it_is_asked_to(network: Path, at_work: Seated) -> None:
    client = at_work("cataloguer")
    press(client, sent(client, ("a.mrc", book("1"))), "send")
    carried_out(network)
    examiner = Examiner(network)
    examiner.look()
    assert not examiner.thread.is_alive(), "nobody asked"
    assert "还没有检查过" in text(client, "/staff/health")
    assert client.post("/staff/health").headers["Location"] == "/staff/health"
    waiting = text(client, "/staff/health")
    assert "正在检查" in waiting
    assert "全部检查一遍" not in waiting
    examiner.look()
    examiner.thread.join(60)
    found = text(client, "/staff/health")
    assert "一切正常" in found
    assert "日志链完整" in found
    assert "全部检查一遍" in found


def test_what_the_examination_finds_is_told_to_whoever_comes_later(
    network: Path, at_work: Seated
) -> None:
    client = at_work("cataloguer")
    press(client, sent(client, ("a.mrc", book("1"))), "send")
    carried_out(network)
    sources = Sources(network / "sources")
    (kept,) = sources.every()
    sources.path(kept, kept.files[0]).write_bytes(b"what somebody else wrote")
    examined.answer(network, examine_all)
    found = text(at_work("director"), "/staff/health")
    assert "有 1 项不正常" in found
    assert "✗" in found


@pytest.mark.parametrize(
    "address",
    [
        "/staff/imports",
        "/staff/imports/new",
        "/staff/members",
        "/staff/members/HB",
        "/staff/health",
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_stand_before_anything_was_sent(
    network: Path, at_work: Seated, address: str, language: str
) -> None:
    assert "_" not in re.sub(
        r"[a-z]+_[a-z_]+@", "", text(at_work("cataloguer"), f"{address}?lang={language}")
    )
