"""The files that pages load: packed where it helps, kept by browsers as long as they are the same."""

import gzip
import re
from typing import Any

import pytest
from django.templatetags.static import static
from django.test import Client

STYLE, FONT, PICTURE = (
    "site/lianguan.css",
    "site/fonts/noto-serif-tibetan-ordinary-400.woff2",
    "site/share/I.png",
)
PACKED = {"accept-encoding": "gzip"}


def asked(reader: Client, path: str) -> Any:
    """As a browser asks; Django's own type of it is private."""
    return reader.get(path, headers=PACKED)


def test_the_style_sheet_is_sent_packed(reader: Client) -> None:
    answer = asked(reader, static(STYLE))
    assert answer.headers["Content-Encoding"] == "gzip"
    packed = answer.getvalue()
    assert len(packed) < 15_000
    assert b":root" in gzip.decompress(packed)


@pytest.mark.parametrize("name", [FONT, PICTURE])
def test_what_is_packed_already_is_not_packed_again(reader: Client, name: str) -> None:
    answer = asked(reader, static(name))
    assert "Content-Encoding" not in answer.headers
    assert int(answer.headers["Content-Length"]) == len(answer.getvalue())


@pytest.mark.parametrize("name", [STYLE, FONT, PICTURE])
def test_a_file_is_kept_for_good_since_another_one_has_another_address(
    reader: Client, name: str
) -> None:
    assert re.fullmatch(rf"/static/[0-9a-f]{{8}}/{name}", static(name))
    said = asked(reader, static(name)).headers["Cache-Control"]
    assert "immutable" in said
    assert "max-age=315360000" in said


def test_an_address_of_an_earlier_version_leads_to_the_file_of_today(reader: Client) -> None:
    """A picture that went with a message; a page that lay open during an upgrade."""
    answer = reader.get(f"/static/00000000/{PICTURE}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == static(PICTURE)
    assert "immutable" not in answer.headers.get("Cache-Control", "")
    assert reader.get("/static/00000000/site/nothing.png").status_code == 404
    assert reader.get(static("site/nothing.png")).status_code == 404
