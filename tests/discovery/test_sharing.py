"""An entry sent to somebody: the text that goes with it, and its picture."""

import html
import re
import struct
from pathlib import Path

import pytest
from django.templatetags.static import static
from django.test import Client

import lianguan
from lianguan.discovery.covers import CLOTHS, PLAIN, cover_of, picture_of
from tests.union.hub import Hub, book

STATIC = Path(lianguan.__file__).parent / "site" / "static"
LEAST = 300
"""Pixels each way of a picture that WeChat takes."""
MOST = 3_500
"""Bytes: an entry that is all Tibetan stays under 60 KB with it."""


def page(reader: Client, address: str) -> str:
    return reader.get(address, follow=True).content.decode()


def shared(page: str) -> list[str]:
    """The lines of the text to copy."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found
    return html.unescape(found[1]).split("\n")


def test_a_reader_copies_title_author_libraries_and_the_permanent_address(
    hub: Hub, reader: Client
) -> None:
    isbn = "9787020049295"
    hub.send("JN", book("1", isbn=isbn, extra="690   $aI247.5"))
    hub.send("HB", book("2", isbn=isbn))
    shown = page(reader, "/r/JN/1")
    canonical = re.search(r'<link rel="canonical" href="([^"]+)"', shown)
    assert canonical
    assert shared(shown) == [
        "《平凡的世界》", "路遥 著", "人民文学出版社，2004", "馆藏：HB、JN", canonical[1],
    ]  # fmt: skip
    assert "“平凡的世界”" in shared(page(reader, "/r/JN/1?lang=en"))[0]


def test_a_book_of_which_little_is_known_is_shared_without_empty_lines(
    hub: Hub, reader: Client
) -> None:
    hub.send("JN", book("1", agent="", publisher="", year=""))
    lines = shared(page(reader, "/r/JN/1"))
    assert lines[0] == "《平凡的世界》"
    assert all(lines)
    assert len(lines) == 3


def test_whoever_gets_the_address_sees_title_libraries_and_a_picture(
    hub: Hub, reader: Client
) -> None:
    hub.send("JN", book("1", extra="690   $aI247.5"))
    said = dict(
        re.findall(r'<meta property="(og:\w+)" content="([^"]*)">', page(reader, "/r/JN/1"))
    )
    assert said["og:title"] == "平凡的世界"
    assert said["og:description"] == "路遥 著 人民文学出版社 2004 · 1 馆有"
    assert said["og:image"] == "http://testserver" + static("site/share/I.png")


def test_the_page_has_the_picture_itself_for_those_who_look_for_one(
    hub: Hub, reader: Client
) -> None:
    """WeChat takes the first picture of a page that is large enough, and no SVG."""
    hub.send("JN", book("1", extra="690   $aI247.5"))
    first = re.search(r"<img [^>]*>", page(reader, "/r/JN/1"))
    assert first
    assert "share/I.png" in first[0]
    assert "lazy" not in first[0]
    assert 'alt=""' in first[0]


@pytest.mark.parametrize("name", sorted({*CLOTHS, PLAIN}))
def test_every_class_has_a_picture_that_is_large_enough_and_light(name: str) -> None:
    drawn = (STATIC / "site" / "share" / f"{name}.png").read_bytes()
    assert drawn.startswith(b"\x89PNG")
    assert min(struct.unpack(">II", drawn[16:24])) >= LEAST
    assert len(drawn) <= MOST


def test_a_book_without_a_class_of_ours_has_the_plain_picture() -> None:
    assert picture_of(cover_of("平凡的世界", "clc:I247.5")).endswith("/I.png")
    assert picture_of(cover_of("Ordinary World", "ddc:895.1")).endswith(f"/{PLAIN}.png")
    assert picture_of(cover_of("平凡的世界")).endswith(f"/{PLAIN}.png")
