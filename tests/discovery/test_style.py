"""The style sheet can be read by old browsers, and says nothing that no page asks for."""

import re
from pathlib import Path

import pytest

import lianguan
from lianguan.site.stacks import ordinary
from lianguan.site.templatetags import signs

SITE = Path(lianguan.__file__).parent / "site"
STYLE = (SITE / "static" / "site" / "lianguan.css").read_text("utf-8")
PLAIN = re.sub(r"/\*.*?\*/", "", STYLE, flags=re.DOTALL)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
TOKEN = re.compile(r"var\((--[\w-]+)")


def rules() -> list[tuple[str, str]]:
    """(selector, what it says), those in media queries too."""
    return [(said[0].strip(), said[1]) for said in RULE.findall(PLAIN)]


def parts(selector: str) -> set[str]:
    """The parts that a rule is for, without what they are called in a certain form."""
    return {one.split()[-1].split(":")[0].split("--")[0] for one in selector.split(",")}


@pytest.mark.parametrize(
    "too_new",
    [
        r"@layer", r"@container", r":is\(", r":where\(", r":has\(", r"oklch\(", r"color-mix\(",
        r"\binset:", r"aspect-ratio:", r"\bclamp\(", r"&\s*[.:\w]", r"\b\d+(?:s|d|l)v[hw]\b",
    ],
)  # fmt: skip
def test_no_rule_needs_what_chrome_83_does_not_know(too_new: str) -> None:
    assert not re.search(too_new, PLAIN)


def test_gaps_are_in_grids_only() -> None:
    """Chrome 83 has no `gap` in a row of boxes; what a media query changes was a grid before."""
    grids = {
        part for selector, said in rules() if "display: grid" in said for part in parts(selector)
    }
    for selector, said in rules():
        if re.search(r"(?:^|[ ;])gap:", said):
            assert parts(selector) <= grids, selector


def test_what_is_new_for_the_keyboard_hides_nothing_where_it_is_not_known() -> None:
    for selector, said in rules():
        assert ":focus-visible" not in selector or "outline: none" in said, selector


def test_every_token_that_is_used_is_there_and_is_used() -> None:
    known = set(re.findall(r"[\s{](--[\w-]+):", PLAIN))
    assert set(TOKEN.findall(PLAIN)) == known


def test_light_and_dark_have_the_same_colours() -> None:
    chosen = re.search(r":root\[data-theme=\"dark\"\] \{(.*?)\}", PLAIN, re.DOTALL)
    by_system = re.search(r":root:not\(\[data-theme\]\) \{(.*?)\}", PLAIN, re.DOTALL)
    assert chosen
    assert by_system
    assert chosen[1].split() == by_system[1].split()


def faces() -> list[tuple[str, str, set[int]]]:
    """(name, file, codes) of each Tibetan face."""
    found = []
    for face in re.findall(r"@font-face \{(.*?)\}", PLAIN):
        said = dict(re.findall(r"([\w-]+): ([^;]+)", face))
        file = re.search(r"url\((.*?)\)", said["src"])
        assert file
        found.append((said["font-family"], file[1], codes(said["unicode-range"])))
        assert said["font-display"] == "swap"
    return found


def codes(ranges: str) -> set[int]:
    ends = re.findall(r"U\+(\w+)(?:-(\w+))?", ranges)
    return {code for a, b in ends for code in range(int(a, 16), int(b or a, 16) + 1)}


def test_the_fonts_are_there_with_their_licence() -> None:
    folder = SITE / "static" / "site"
    files = {file for _, file, _ in faces()}
    assert {f"fonts/{one.name}" for one in (folder / "fonts").glob("*.woff2")} == files
    assert "SIL OPEN FONT LICENSE" in (folder / "fonts" / "LICENSE").read_text()


def test_every_tibetan_letter_has_one_font_and_every_ordinary_stack_the_small_one() -> None:
    (_, _, small), (_, _, signs), (_, _, whole) = faces()
    assert whole == set(range(0x0F00, 0x1000))
    assert small | signs == whole
    assert not small & signs
    assert {ord(letter) for stack in ordinary() for letter in stack} <= small


def test_every_sign_and_shape_is_drawn() -> None:
    assert all(signs.sign(name).startswith("<svg") for name in signs.SIGNS)
    assert all(signs.shape(name).startswith("<svg") for name in signs.SHAPES)
