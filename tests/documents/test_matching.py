"""What a cataloguer reads about matching is what the program does."""

from scripts.matching_tables import DOCUMENT, with_tables


def test_the_tables_in_the_document_are_those_of_the_program() -> None:
    document = DOCUMENT.read_text("utf-8")
    assert with_tables(document) == document


def test_what_the_tables_say_is_in_it() -> None:
    document = with_tables(DOCUMENT.read_text("utf-8"))
    assert "| title_agent_year | same |" in document
    assert "| year | same 0, open " in document
