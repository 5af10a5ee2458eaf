"""What any code means in words: those of the packages, and those of the engine."""

from lianguan.engine.sentences import add_words, sentence

PACKAGES = ("site", "discovery", "catalogue", "network")
"""Those with a words.csv of their own; a code stands in one of them."""

for _package in PACKAGES:
    add_words(f"lianguan.{_package}")

wording = sentence
"""The sentence of a code; the code itself where no table has it."""
