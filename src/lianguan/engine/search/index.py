"""The search index: one document an entry, found by words, by ISBN and by facets."""

import contextlib
import errno
import json
import operator
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import tantivy

from lianguan.engine.search.words import (
    asked_words,
    characters,
    indexed,
    isbn_in,
    words_of,
)

FACETS = ("library", "language", "format", "class", "year")
CLASSES = ("class", "class2", "class3")
"""The class facet is a tree: by the letter of the Chinese library classification, then by two
and three characters of the number. What is counted is one step below what is chosen."""
FIELDS = tuple(dict.fromkeys((*FACETS, *CLASSES)))
MOST_VALUES = 50
HEAP = 64_000_000
PARTS = "meta.json"
"""Tantivy's list of the parts of an index."""
PART = re.compile("[0-9a-f]{32}")
"""What the names of the files of a part begin with."""

MARK = "GENERATION"
"""The file in the index's folder that says of which catalogue and generation it is."""

Fields = tuple[tuple[str, float], ...]
"""Fields to look in, each with what a word found there counts."""
SCORED: Fields = (("title", 4.0), ("all", 1.0))
"""To find the best first: a word of a title counts for more."""
COUNTED: Fields = (("all", 1.0),)
"""To count what is found, which asks for no order. Titles stand in `all` too."""

Facets = dict[str, list[tuple[str, int]]]
"""Facet → its values with how many entries each has, the commonest first."""
MOST_COUNTED = 1_000
"""Of so many searches the facets are remembered, until the index changes."""


class Mark(NamedTuple):
    """Up to what an index was last brought."""

    catalogue: str
    """The name of the catalogue whose generation it is."""
    generation: int


NEVER = Mark("", -1)


class Document(NamedTuple):
    """An entry as it is searched and listed."""

    entry: str
    work: str
    title: str
    agents: tuple[str, ...]
    year: str
    libraries: tuple[str, ...]
    languages: tuple[str, ...] = ()
    format: str = ""
    publisher: str = ""
    isbns: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    """Other numbers that it is asked for by: the members' own, bar codes, LCCN, 统一书号."""
    titles: tuple[str, ...] = ()
    """All titles, for searching."""
    words: tuple[str, ...] = ()
    """What else it is found by: subjects, series, publisher."""
    class_number: str = ""
    """The first, as scheme:number; one of the Chinese library classification if there is one."""
    classes: tuple[str, ...] = ()
    """What it is counted under in the class facet: I, I2, I24."""


class Hit(NamedTuple):
    entry: str
    work: str
    title: str
    agents: tuple[str, ...]
    year: str
    libraries: tuple[str, ...]
    publisher: str
    format: str
    languages: tuple[str, ...]
    class_number: str


class Found(NamedTuple):
    total: int
    hits: tuple[Hit, ...]
    facets: Facets


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    for name in ("entry", "number"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("title", "all"):
        builder.add_text_field(name, tokenizer_name="words", index_option="position")
    builder.add_text_field("characters", tokenizer_name="words", index_option="basic")
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


Ready = tuple[str, list[str], list[tuple[str, str]], str, str, str, bytes]
"""A document as it goes into the index: entry, numbers, facets, words of its titles, all words,
single characters, and what is shown of it."""


class SearchIndex:
    """A folder with an index. One process writes, any number search."""

    def __init__(self, folder: Path) -> None:
        """The index in a folder. Raises OSError or ValueError where there is none, or none that
        can be read."""
        self.folder = folder
        self.schema = _schema()
        self.index = tantivy.Index.open(str(folder))
        if self.index.schema != self.schema:
            raise ValueError("an index of another form")
        words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self.index.register_tokenizer("words", words)
        self.index.config_reader("Manual")
        self.stamp = self._stamp()
        self.counted: dict[object, Facets] = {}

    @classmethod
    def new(cls, folder: Path) -> "SearchIndex":
        """An empty index in a folder of its own."""
        folder.mkdir(parents=True)
        tantivy.Index(_schema(), path=str(folder))
        return cls(folder)

    def reload(self) -> None:
        """See what was committed since."""
        stamp = self._stamp()
        self.index.reload()
        if stamp != self.stamp:
            self.stamp, self.counted = stamp, {}

    def _stamp(self) -> tuple[int, int]:
        """What a commit changes: the list of its parts is written anew."""
        said = (self.folder / PARTS).stat()
        return said.st_ino, said.st_mtime_ns

    @property
    def size(self) -> int:
        return int(self.index.searcher().num_docs)

    @property
    def mark(self) -> Mark:
        """Up to what it was last brought."""
        try:
            catalogue, generation = (self.folder / MARK).read_text("utf-8").split()
            return Mark(catalogue, int(generation))
        except (FileNotFoundError, ValueError):
            return NEVER

    def write(self, documents: Iterable[Ready], gone: Iterable[str], mark: Mark) -> int:
        """Put documents in place of those of the same entries, take out those of `gone`, and
        commit; how many were written. Only then does it bear the mark: what a crash leaves in
        between is of a later generation than it says, and is written again. Raises OSError where
        the disk does not take it."""
        is_empty = self.size == 0
        self._tidy()
        with _written():
            writer = self.index.writer(heap_size=HEAP, num_threads=1)
            for entry in gone:
                writer.delete_documents_by_term("entry", entry)
        count = 0
        for document in documents:
            made = _tantivy(document)
            with _written():
                if not is_empty:
                    writer.delete_documents_by_term("entry", document[0])
                writer.add_document(made)
            count += 1
        with _written():
            writer.commit()
            writer.wait_merging_threads()
        self._mark(mark)
        self.reload()
        return count

    def _tidy(self) -> None:
        """Remove the files of parts that the index does not have: what a commit that was killed
        has left, and what would be in the way of the next, whose files have the same names."""
        parts = {
            str(part["segment_id"]).replace("-", ""): part.get("deletes")
            for part in json.loads((self.folder / PARTS).read_bytes())["segments"]
        }
        for path in self.folder.iterdir():
            name, _, rest = path.name.partition(".")
            is_part = PART.fullmatch(name)
            if is_part and (name not in parts or _is_old(rest, parts[name])):
                path.unlink()

    def _mark(self, mark: Mark) -> None:
        staged = self.folder / f"{MARK}.new"
        with staged.open("w", encoding="utf-8") as file:
            file.write(f"{mark.catalogue} {mark.generation}")
            file.flush()
            os.fsync(file.fileno())
        staged.rename(self.folder / MARK)

    def search(
        self,
        query: str,
        chosen: Mapping[str, str] | None = None,
        limit: int = 20,
        offset: int = 0,
    ) -> Found:
        """Entries with every word of the query, best first. `chosen` holds facet → value."""
        chosen, counted = chosen or {}, self.counted  # before the searcher: never older than it
        searcher = self.index.searcher()
        asked = self._query(query, chosen, SCORED)
        result = searcher.search(asked, limit=max(limit, 1), offset=offset, count=True)
        hits = tuple(_hit(searcher.doc(address)) for _, address in result.hits[:limit])
        total = int(result.count)  # type: ignore[attr-defined]  # missing in its types
        return Found(total, hits, self._counted(counted, searcher, query, chosen))

    def _counted(
        self, counted: dict[object, Facets], searcher: Any, query: str, chosen: Mapping[str, str]
    ) -> Facets:
        """The facets of a search: as remembered, or counted now."""
        key = (query, *sorted(chosen.items()))
        facets = counted.get(key)
        if facets is None:
            if len(counted) >= MOST_COUNTED:
                counted.clear()
            asked = self._query(query, chosen, COUNTED)
            facets = counted[key] = self._facets(searcher, asked, chosen.get("class", ""))
        return facets

    def _facets(self, searcher: Any, query: Any, chosen: str) -> Facets:
        """The facets of a query; of the class facet what stands under the class chosen."""
        fields = {name: name for name in FACETS} | {"class": _below(chosen)}
        asked = {
            name: {"terms": {"field": field, "size": MOST_VALUES}} for name, field in fields.items()
        }
        said = searcher.aggregate(query, asked)
        facets = {
            name: [(bucket["key"], bucket["doc_count"]) for bucket in said[name]["buckets"]]
            for name in FACETS
        }
        facets["class"] = [one for one in facets["class"] if one[0].startswith(chosen)]
        return facets

    def _query(self, text: str, chosen: Mapping[str, str], fields: Fields) -> Any:
        parts = self._parts(text, fields)
        for name, value in chosen.items():
            if name in FACETS:
                field = _class_field(value) if name == "class" else name
                parts.append(tantivy.Query.term_query(self.schema, field, value))
        if not parts:
            return tantivy.Query.all_query()
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])

    def _parts(self, text: str, fields: Fields) -> list[Any]:
        """What each word of a query asks for."""
        words = [text.strip()] if isbn_in(text) else asked_words(text)
        return [part for word in words for part in self._word(word, fields)]

    def _word(self, word: str, fields: Fields) -> list[Any]:
        """A word asks for a number, or for its runs of letters where they stand in a text."""
        exact = tantivy.Query.term_query(self.schema, "number", word.casefold())
        isbn = isbn_in(word)
        if isbn:  # one in eleven numbers of ten figures could be one, and is a bar code
            return [_any([tantivy.Query.term_query(self.schema, "number", isbn), exact])]
        runs = [self._run(run, fields) for run in words_of(word) if run]
        if not runs:
            return []
        together = tantivy.Query.boolean_query([(tantivy.Occur.Must, run) for run in runs])
        return [_any([exact, together])]

    def _run(self, run: list[str], fields: Fields) -> Any:
        """What a run of one script asks for: its words side by side, in each of the fields."""
        weighed = [
            tantivy.Query.boost_query(self._words(field, run), weight) for field, weight in fields
        ]
        if len(run) == 1 and len(run[0]) == 1 and not run[0].isascii():
            weighed.append(tantivy.Query.term_query(self.schema, "characters", run[0]))
        return _any(weighed)

    def _words(self, field: str, run: list[str]) -> Any:
        if len(run) == 1:
            return tantivy.Query.term_query(self.schema, field, run[0])
        return tantivy.Query.phrase_query(self.schema, field, list[str | tuple[int, str]](run))


def _class_field(value: str) -> str:
    """The field in which a class of so many characters stands."""
    return CLASSES[min(max(len(value), 1), len(CLASSES)) - 1]


def _below(chosen: str) -> str:
    """The field in which the classes stand that a chosen one is parted into; its own where it is
    parted no further."""
    return CLASSES[min(len(chosen), len(CLASSES) - 1)]


def _is_old(rest: str, deletes: dict[str, int] | None) -> bool:
    """A file of deletions, and not the one that its part has now."""
    return rest.endswith(".del") and rest != f"{deletes['opstamp'] if deletes else ''}.del"


@contextlib.contextmanager
def _written() -> Iterator[None]:
    """Tantivy says ValueError of a disk that is full, from whichever call comes next."""
    try:
        yield
    except ValueError as error:
        raise OSError(errno.EIO, str(error)) from error


def _any(queries: list[Any]) -> Any:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def ready(document: Document) -> Ready:
    """A document made ready for the index: its words parted, all of it plain values."""
    titles, others = indexed(document.titles), (*document.agents, *document.words)
    return (
        document.entry,
        [number.casefold() for number in (*document.isbns, *document.numbers)],
        [(name, value) for name, values in _facet_values(document).items() for value in values],
        titles,
        f"{titles} {indexed(others)}",
        characters((*document.titles, *others)),
        _encode(_shown_of(document)),
    )


def _tantivy(said: Ready) -> Any:
    entry, numbers, facets, titles, everything, single, shown = said
    made = tantivy.Document()
    made.add_text("entry", entry)
    for number in numbers:
        made.add_text("number", number)
    for name, value in facets:
        made.add_text(name, value)
    made.add_text("title", titles)
    made.add_text("all", everything)
    if single:
        made.add_text("characters", single)
    made.add_bytes("shown", shown)
    return made


def _facet_values(document: Document) -> dict[str, tuple[str, ...]]:
    return {
        "library": document.libraries,
        "language": document.languages,
        "format": (document.format,) if document.format else (),
        "year": (document.year[:4],) if document.year else (),
        **{
            field: tuple(one for one in document.classes if _class_field(one) == field)
            for field in CLASSES
        },
    }


_shown_of = operator.attrgetter(*Hit._fields)
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Hit).decode


def _hit(document: Any) -> Hit:
    return _decode(bytes(document["shown"][0]))
