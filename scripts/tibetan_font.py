"""The small font for Tibetan, made from the whole one: what src/lianguan/site/stacks.csv lists and
the signs below, drawn as the whole one draws them. Run by hand after a change of that list; the
result is kept in the repository.

python -m scripts.tibetan_font [--check] [--titles FILE …]

Needs fonttools, brotli and uharfbuzz, in any environment: the pages do not. Whatever the small font
draws otherwise than the whole one is named, and nothing is written. It is tried with every listed
stack before every other, and with the titles of files (UTF-8, one a line), if any are named.
"""

import argparse
import io
import itertools
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import uharfbuzz
from fontTools import subset
from fontTools.ttLib import TTFont

from lianguan.site.stacks import STACK, is_rare, ordinary

FONTS = Path(__file__).parents[1] / "src" / "lianguan" / "site" / "static" / "site" / "fonts"
WHOLE = FONTS / "noto-serif-tibetan-tibetan-400-normal.woff2"
SMALL = FONTS / "noto-serif-tibetan-ordinary-400.woff2"
SIGNS = "་༌།༎༑༔༄༅༴༼༽༠༡༢༣༤༥༦༧༨༩"
"""What stands between words and before texts, brackets, figures."""
BESIDE = " \u00a0()0123456789"
"""Of what is no Tibetan and stands among it, as the whole font has it."""

Drawn = list[tuple[str, int, tuple[int, ...]]]
"""Each piece: its name, the letter it is for, where it stands."""


class Pen:
    """A font with which texts are set."""

    def __init__(self, font: TTFont) -> None:
        self.names: list[str] = font.getGlyphOrder()
        plain = io.BytesIO()
        font.flavor = None
        font.save(plain)
        self.font = uharfbuzz.Font(uharfbuzz.Face(plain.getvalue()))

    def draw(self, text: str) -> Drawn:
        line = _line(text)
        uharfbuzz.shape(self.font, line, {})
        places = [tuple(one.position) for one in line.glyph_positions]
        pieces = [(self.names[one.codepoint], one.cluster) for one in line.glyph_infos]
        return [(*piece, place) for piece, place in zip(pieces, places, strict=True)]

    def pieces_of(self, texts: Iterable[str]) -> set[str]:
        """All that are needed on the way, those too that become part of others. Before it is set a
        line holds letters, whose numbers are higher than those of pieces."""
        needed = set[int]()
        for text in texts:
            line = _line(text)
            line.set_message_func(
                lambda _, line=line: needed.update(one.codepoint for one in line.glyph_infos)
            )
            uharfbuzz.shape(self.font, line, {})
        return {self.names[one] for one in needed if one < len(self.names)}


def _line(text: str) -> uharfbuzz.Buffer:
    line = uharfbuzz.Buffer()
    line.add_str(text)
    line.guess_segment_properties()
    return line


def main(said: list[str] | None = None) -> int:
    told = _parser().parse_args(said)
    whole = Pen(TTFont(WHOLE))
    pieces = whole.pieces_of(alone())
    beside = list(otherwise(whole, Pen(smaller(pieces)), beside_one_another()))
    font = smaller(pieces | whole.pieces_of(beside))
    small = Pen(font)
    tried = itertools.chain(alone(), beside_one_another(), titles(told.titles))
    wrong = list(otherwise(whole, small, tried))
    for text in wrong[:20]:
        print(f"drawn otherwise: {text}")
    if wrong:
        return 1
    packed = as_woff2(font)
    if not told.check:
        SMALL.write_bytes(packed)
    print(f"{len(ordinary())} stacks, {len(small.names)} pieces, {len(packed):,} bytes")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts.tibetan_font", description="The small font.")
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--titles", nargs="+", type=Path, default=[], help="tried as well")
    return parser


def alone() -> list[str]:
    return [*sorted(ordinary()), *SIGNS, *BESIDE]


def beside_one_another() -> Iterator[str]:
    """Each before every other: some pieces change beside their neighbours."""
    return map("".join, itertools.product(alone(), repeat=2))


def titles(files: Iterable[Path]) -> Iterator[str]:
    """Those of which the pages hold that the small font is enough."""
    known = set(codes()) | set(BESIDE)
    for path in files:
        for line in path.read_text("utf-8").splitlines():
            if STACK.search(line) and not is_rare(line) and known.issuperset(line):
                yield line


def codes() -> str:
    """All letters and signs for which browsers take the small font."""
    return "".join(sorted({*SIGNS, *"".join(ordinary())}))


def smaller(pieces: set[str]) -> TTFont:
    """The whole font without what no listed stack needs. What would put together a piece that is
    not there is dropped, so that another stack falls apart into its letters."""
    options = subset.Options(
        layout_closure=False, layout_features=["*"], hinting=False, notdef_outline=True
    )
    options.drop_tables += ["STAT", "gasp"]
    font = TTFont(WHOLE)
    subsetter = subset.Subsetter(options)
    subsetter.populate(glyphs=pieces, text=codes() + BESIDE)
    subsetter.subset(font)
    return font


def otherwise(whole: Pen, small: Pen, texts: Iterable[str]) -> Iterator[str]:
    return (text for text in texts if whole.draw(text) != small.draw(text))


def as_woff2(font: TTFont) -> bytes:
    packed = io.BytesIO()
    font.flavor = "woff2"
    font.save(packed)
    return packed.getvalue()


if __name__ == "__main__":
    sys.exit(main())
