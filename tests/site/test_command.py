"""The command line as other programs and people call it."""

import json
import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from lianguan.engine import sentences
from lianguan.engine.union.database import connect
from tests.union.hub import book

ISBN = "9787020049295"
FIELDS = {"read", "repaired", "set_aside", "set_aside_file", "new", "changed", "unchanged",
          "deleted", "entries", "works", "seconds"}  # fmt: skip


class Desk:
    """Somebody at a terminal, with a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.language = "en"

    def run(self, *words: str | Path, code: int = 0) -> str:
        """What a command prints on its standard output."""
        done = self._done(*words)
        assert done.returncode == code, done.stderr
        return done.stdout

    def told(self, *words: str | Path, code: int = 1) -> str:
        """What a command that is refused tells."""
        done = self._done(*words)
        assert done.returncode == code, done.stdout
        return done.stderr

    def json(self, *words: str | Path) -> dict[str, object]:
        said: dict[str, object] = json.loads(self.run(*words, "--json").splitlines()[-1])
        return said

    def file(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def _done(self, *words: str | Path) -> "subprocess.CompletedProcess[str]":
        said = {
            "LIANGUAN_DATA": str(self.folder / "data"),
            "LIANGUAN_LANG": self.language,
            "COLUMNS": "160",
        }
        return subprocess.run(
            [sys.executable, "-m", "lianguan", *map(str, words)],
            env=os.environ | said,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def loaded(desk: Desk) -> Desk:
    """Two libraries with one book in common."""
    desk.run("import", desk.file("jn.mrc", book("1", isbn=ISBN) + book("2", title="人生")),
             "--library", "JN", "--name", "济南市图书馆")  # fmt: skip
    desk.run("import", desk.file("hb.mrc", book("A/7", isbn=ISBN)), "--library", "HB")
    return desk


def test_help_teaches_in_the_readers_language(desk: Desk) -> None:
    assert "one union catalogue" in desk.run("--help")
    assert "--dry-run" in desk.run("import", "--help")
    desk.language = "zh"
    assert "联合目录" in desk.run("--help")


def test_import_answers_with_the_fixed_fields_on_the_last_line(desk: Desk) -> None:
    path = desk.file("x.mrc", book("1") + b"rubbish")
    said = desk.json("import", path, "--library", "JN")
    assert said.keys() >= FIELDS
    assert (said["new"], said["set_aside"], said["entries"]) == (1, 1, 1)
    listed = Path(str(said["set_aside_file"]))
    assert json.loads(listed.read_text("utf-8"))["reason"] in sentences.codes()
    again = desk.json("import", path, "--library", "JN")
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 1)


def test_import_shows_people_what_came_of_it(desk: Desk) -> None:
    desk.language = "zh"
    said = desk.run("import", desk.file("x.csv", "书名,著者\n人生,路遥\n".encode()), "-l", "GC")
    assert "书名" in said
    assert "title" in said
    assert "新增" in said


def test_search_gives_hits_libraries_and_facets(loaded: Desk) -> None:
    said = loaded.json("search", "平凡的世界")
    hits = said["hits"]
    assert isinstance(hits, list)
    assert said["total"] == 1
    assert hits[0].keys() >= {"entry", "work", "title", "agents", "year", "libraries"}
    assert hits[0]["libraries"] == ["HB", "JN"]
    assert said["facets"]["library"] == {"HB": 1, "JN": 1}  # type: ignore[index]
    assert loaded.json("search", "978-7-02-004929-5")["total"] == 1
    assert loaded.json("search", "人生", "--library", "HB")["total"] == 0
    assert "Nothing found" in loaded.run("search", "没有这本书")
    assert "without --library NO" in loaded.run("search", "人生", "--library", "NO")
    assert "  format: " in loaded.run("search", "平凡的世界")


def test_show_takes_an_address_or_a_record_and_shows_the_record_as_sent(loaded: Desk) -> None:
    said = loaded.json("show", "HB:A/7")
    assert said["libraries"] == ["HB", "JN"]
    address = str(said["entry"])
    assert "200 1# $a平凡的世界$f路遥著" in loaded.run("show", address)
    assert "no such address" in loaded.told("show", "nonsense")


def test_explain_names_each_level_and_the_vetoes(loaded: Desk) -> None:
    said = loaded.json("explain", "JN:1", "HB:A/7")
    assert said["decision"] == "same"
    assert said["vetoes"] == []
    levels = said["levels"]
    assert isinstance(levels, list)
    assert {"field", "level", "left", "right", "points"} == levels[0].keys()
    assert said["reasons"] == ["why_same"]
    assert loaded.json("explain", "JN:1", "JN:2")["decision"] == "different"
    assert "no such record" in loaded.told("explain", "JN:1", "JN:99")


def test_explain_says_of_an_entry_by_which_pairs_it_is_one(loaded: Desk) -> None:
    said = loaded.json("explain", "JN:1")
    assert isinstance(said["ties"], list)
    (tie,) = said["ties"]
    assert (tie["left"], tie["right"], tie["decision"]) == ("HB:A/7", "JN:1", "same")
    assert loaded.json("explain", str(said["entry"])) == said
    assert "HB:A/7" in loaded.run("explain", "JN:1")
    assert "one record" in loaded.run("explain", "JN:2")
    assert "no such address" in loaded.told("explain", "nonsense")


def test_explain_says_why_two_do_not_stand_together(loaded: Desk) -> None:
    assert "no rule says that they are one edition" in loaded.run("explain", "JN:1", "JN:2")
    loaded.run("decide", "JN:1", "HB:A/7", "work", "--who", "王小满")
    assert "two editions of one work" in loaded.run("explain", "JN:1", "HB:A/7")
    said = loaded.json("explain", "JN:1", "HB:A/7")
    assert (said["reasons"], said["together"]) == (["why_person_work"], False)


def test_match_compares_two_files_without_a_catalogue(desk: Desk) -> None:
    left = desk.file("left.mrc", book("1", isbn=ISBN) + book("2", title="人生"))
    right = desk.file(
        "right.csv", "编号,书名,著者,书号\n9,平凡的世界,路遥,9787020049295\n".encode()
    )
    assert desk.run("match", left, right) == "1\t9\tsame\tnumber\n"
    assert not (desk.folder / "data").exists()


def test_withdraw_and_rebuild(loaded: Desk) -> None:
    imports = json.loads(loaded.run("imports", "--json"))
    second = next(one["id"] for one in imports if one["library"] == "HB")
    assert loaded.json("withdraw", second)["deleted"] == 1
    assert loaded.json("search", "平凡的世界")["hits"][0]["libraries"] == ["JN"]  # type: ignore[index]
    assert "withdrawn already" in loaded.told("withdraw", second)
    assert "no such import" in loaded.told("withdraw", "000099-x")
    loaded.run("rebuild")
    assert loaded.json("search", "平凡的世界")["total"] == 1


def test_a_list_of_deletions_is_imported(loaded: Desk) -> None:
    path = loaded.file("gone.txt", b"1\nnever\n")
    assert "--yes" in loaded.told("import", path, "--deletes", "--library", "JN")
    said = loaded.json("import", path, "--deletes", "--library", "JN", "--dry-run")
    assert (said["deleted"], said["set_aside"]) == (1, 1)
    loaded.language = "zh"
    told = loaded.run("import", path, "--deletes", "--library", "JN", "--yes")
    assert "要删除的记录号，该馆没有" in told
    assert "deletes" in loaded.run("imports")
    assert loaded.json("search", "平凡的世界")["total"] == 1
    assert loaded.json("search", "平凡的世界", "--library", "JN")["total"] == 0


def test_leaving_says_what_it_concerns_and_asks_first(loaded: Desk) -> None:
    loaded.language = "zh"
    assert "2 条记录" in loaded.run("leave", "JN", code=1)
    assert "--yes" in loaded.told("leave", "JN")
    assert loaded.json("search", "人生")["total"] == 1
    said = loaded.run("leave", "JN", "--yes")
    assert "其中 1 个只有它有" in said
    assert "lianguan export sources 文件夹 --library JN" in said
    assert loaded.json("search", "人生")["total"] == 0
    assert loaded.json("search", "平凡的世界")["total"] == 1
    loaded.language = "en"
    assert "has left already" in loaded.told("leave", "JN", "--yes")
    assert "no such library" in loaded.told("leave", "XX", "--yes")
    loaded.run("export", "sources", loaded.folder / "back", "--library", "JN")
    assert len(list((loaded.folder / "back").rglob("jn.mrc"))) == 1
    left = loaded.json("leave", "HB", "--yes")
    assert [left[name] for name in ("records", "entries", "alone", "deleted")] == [1, 1, 1, 1]
    assert loaded.json("withdraw", str(left["import_id"]))["new"] == 1


def test_export_gives_clusters_records_and_sources(loaded: Desk) -> None:
    out = loaded.folder / "out"
    loaded.run("export", "clusters", out.with_suffix(".tsv"))
    lines = out.with_suffix(".tsv").read_text("utf-8").splitlines()
    assert lines[0].split("\t") == ["library", "record", "entry", "work"]
    assert len(lines) == 4
    for format_ in ("iso2709", "marcxml", "csv"):
        loaded.run("export", "records", out, "--format", format_, "--library", "JN")
        assert out.stat().st_size
    loaded.run("export", "records", out)
    assert (
        out.read_bytes()
        == (loaded.folder / "hb.mrc").read_bytes() + (loaded.folder / "jn.mrc").read_bytes()
    )
    assert "unknown format" in loaded.told("export", "records", out, "--format", "pdf")
    loaded.run("export", "sources", loaded.folder / "back", "--library", "HB")
    assert len(list((loaded.folder / "back").rglob("hb.mrc"))) == 1


def test_doctor_finds_a_source_whose_bytes_changed(loaded: Desk) -> None:
    assert loaded.run("doctor").count("✓") == 15
    source = next((loaded.folder / "data" / "sources" / "HB").rglob("*.zst"))
    source.chmod(0o600)
    source.write_bytes(source.read_bytes()[:40] + b"x" + source.read_bytes()[41:])
    assert "✗ source files" in loaded.run("doctor", code=1)


def test_a_backup_and_a_restore_at_the_command_line(loaded: Desk) -> None:
    to = loaded.folder / "second disk"
    first = loaded.json("backup", to)
    assert first.keys() >= {"backup", "last", "imports", "files", "added", "size", "removed"}
    assert (first["imports"], first["added"], first["removed"]) == (2, 6, [])
    again = loaded.json("backup", to, "--keep", "1")
    assert (again["added"], again["removed"]) == (0, [Path(str(first["backup"])).stem])
    assert "this one has something in it" in loaded.told("restore", to)
    (loaded.folder / "data").rename(loaded.folder / "lost")
    assert "nothing to back up" in loaded.told("backup", to)
    said = loaded.json("restore", str(again["backup"]))
    assert (said["imports"], said["records"], said["entries"]) == (2, 3, 2)
    assert loaded.json("search", "平凡的世界")["hits"][0]["libraries"] == ["HB", "JN"]  # type: ignore[index]
    assert loaded.run("doctor").count("✓") == 15
    loaded.language = "zh"
    assert "已备份" in loaded.run("backup", to)
    assert "这里没有备份" in loaded.told("restore", loaded.folder / "nowhere")


def test_an_upgrade_says_what_it_does_and_when_there_is_nothing_to_do(loaded: Desk) -> None:
    assert "nothing to do" in loaded.run("upgrade")
    other_rules(loaded)
    assert loaded.json("upgrade") == {"rebuilt": True}
    assert loaded.json("upgrade") == {"rebuilt": False}
    other_rules(loaded)
    assert "Another version made the catalogue" in loaded.told("upgrade", code=0)
    assert loaded.run("doctor").count("✓") == 15


def test_an_upgrade_does_not_rebuild_from_damaged_sources(loaded: Desk) -> None:
    other_rules(loaded)
    source = next((loaded.folder / "data" / "sources" / "HB").rglob("*.zst"))
    source.write_bytes(source.read_bytes()[:40])
    assert "source files are damaged" in loaded.told("upgrade")
    assert loaded.json("search", "平凡的世界")["hits"][0]["libraries"] == ["HB", "JN"]  # type: ignore[index]
    assert "nothing has been loaded" in Desk(loaded.folder / "elsewhere").told("upgrade")


def other_rules(desk: Desk) -> None:
    """Make the catalogue one that another version made."""
    path = next((desk.folder / "data" / "catalogue").rglob("catalogue.sqlite"))
    with closing(connect(path, writing=True)) as connection:
        connection.execute("UPDATE meta SET value = 'older' WHERE name = 'rules'")


def test_a_wrong_use_and_a_refusal_have_different_exit_codes(desk: Desk) -> None:
    assert "--library" in desk.told("import", "x.mrc", code=2)
    assert "file is not there" in desk.told("import", "nowhere.mrc", "--library", "JN")
    assert "nothing has been loaded yet" in desk.told("search", "x")
    desk.language = "zh"
    assert "还没有装入任何记录" in desk.told("search", "x")


def test_a_dry_run_says_what_would_change(loaded: Desk) -> None:
    path = loaded.file("new.mrc", book("1", title="人生") + book("3", title="世界"))
    said = loaded.json("import", path, "--library", "JN", "--dry-run")
    assert (said["new"], said["changed"]) == (1, 1)
    assert loaded.json("search", "人生")["total"] == 1


def test_a_file_with_nothing_in_it_is_told_apart_from_one_with_no_record(desk: Desk) -> None:
    empty, page = desk.file("empty.mrc", b""), desk.file("page.mrc", b"<html>404</html>")
    assert "the file is empty" in desk.told("import", empty, "--library", "JN")
    assert "no record was found" in desk.told("import", page, "--library", "JN")
    assert "this is a folder" in desk.told("import", desk.folder, "--library", "JN")
    assert json.loads(desk.run("imports", "--json")) == []


def test_an_address_that_this_machine_does_not_have_is_told_from_a_taken_port(desk: Desk) -> None:
    assert "no such address" in desk.told("serve", "--host", "192.0.2.1", "--port", "0")
    assert "no such address" in desk.told("serve", "--host", "nowhere.invalid", "--port", "0")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert "port is taken" in desk.told("serve", "--port", port)
