"""The members of the real catalogue: which files are whose, and what their profiles say."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lianguan.engine.mapping.stream import Options


@dataclass(frozen=True, slots=True)
class Member:
    """One library of the catalogue, with its files as patterns below the records' folder."""

    code: str
    name: str
    patterns: tuple[str, ...]
    columns: str = ""
    encoding: str = "utf-8"
    """Of a table; what the peer is told, we are not."""

    def files(self, folder: Path) -> list[Path]:
        """Its files that are there, in a fixed order."""
        return [path for pattern in self.patterns for path in sorted(folder.glob(pattern))]

    @property
    def options(self) -> Options:
        """The member's profile, as `lianguan import` would be told."""
        return Options(columns=self.columns)

    @property
    def arguments(self) -> list[str]:
        """The same for the command line."""
        told = ["--library", self.code, "--name", self.name]
        return told + (["--columns", self.columns] if self.columns else [])


SCHOOL = "id=id,barcode=book_id,title=title,agent=author,publisher=publisher,copies=total_copies"


def member(
    code: str, name: str, *patterns: str, columns: str = "", encoding: str = "utf-8"
) -> Member:
    return Member(code, name, patterns, columns, encoding)


MEMBERS = (
    member("LEBAU", "American University of Beirut", "marc/aco/LeBAU.*"),
    member("NJP", "Princeton University, Arabic books", "marc/aco/NjP.*"),
    member("NNC", "Columbia University", "marc/aco/NNC.*"),
    member("NNU", "New York University", "marc/aco/NNU.*"),
    member("UACAAUL", "American University in Cairo", "marc/aco/UaCaAUL.*"),
    member("NIC", "Cornell University", "marc/aco/NIC.*"),
    member("AEADNA", "UAE National Archives", "marc/aco/aeadna.*"),
    member("NNU-E", "New York University, e-reproductions", "marc/aco/electronic_*"),
    member("GPO", "US Government Publishing Office", "marc/gpo/*utf8.mrc*",
           "marc/gpo/*RECORD_SET*", "marc/gpo/Legal*.mrc*", "marc/gpo/investigate*"),
    member("GPO-MARC8", "GPO, the lists in MARC-8", "marc/gpo/*marc8.mrc.gz"),
    member("GPO-XML", "GPO, the lists in MARCXML", "marc/gpo/*.xml.gz"),
    member("UVA", "University of Virginia and others, SolrMarc", "marc/uva_solrmarc.tar.gz"),
    member("JAZZ", "Evergreen, jazz recordings", "marc/evergreen/jazz_1k*"),
    member("LUL", "Laurentian University, French", "marc/evergreen/lul_fre*"),
    member("NEPALI", "Evergreen, Nepali books", "marc/evergreen/nepali*"),
    member("HEBREW", "Evergreen, Hebrew books", "marc/evergreen/hebrew*"),
    member("CONCERTO", "Evergreen, concertos", "marc/evergreen/concerto_bibs*"),
    member("CONCERTO2", "Evergreen, concertos and more", "marc/evergreen/concerto_enhanced*"),
    member("EG", "Evergreen, small sets", "marc/evergreen/[FRbmos]*"),
    member("TRLN", "Duke, North Carolina, NC State, NC Central", "marc/trln*"),
    member("PUL", "Princeton University, Alma", "marc/princeton*"),
    member("OL", "Open Library, many libraries", "marc/openlibrary*"),
    member("TRAJECT", "Traject, many libraries", "marc/traject*"),
    member("STANFORD", "Stanford University", "marc/stanford*"),
    member("UW", "University of Washington", "marc/uw_*"),
    member("PYMARC", "pymarc, awkward records", "marc/pymarc*"),
    member("PALACE", "Palace Project and DCB, public libraries", "marc/palace*"),
    member("CJK", "records with Han, kana or hangul", "marc/cjk*"),
    member("BNU", "Beijing Normal University", "unimarc/bnu_sru/*"),
    member("BNF", "Bibliothèque nationale de France", "unimarc/bnf*"),
    member("LOC", "Library of Congress, books, part 1", "marc/loc/*"),
    member("HATHI", "HathiTrust", "labelled/hathitrust/hathi_val.[mj]*"),
    member("SCHOOL", "a school library", "chinese/school*", columns=SCHOOL,
           encoding="gb18030"),
    member("SIKU", "四庫全書", "chinese_classics/siku*"),
    member("SIBU", "四部叢刊", "chinese_classics/sibu*"),
    member("BDRC", "Buddhist Digital Resource Center, Tibetan titles", "tibetan/bdrc_outline_*",
           columns="id=node,title=title"),
    member("GOODBOOKS", "goodbooks-10k", "english/goodbooks*"),
    member("AMAZON", "Amazon, books", "labelled/amazon_bn_books/Amazon*", encoding="cp1252"),
    member("BARNOB", "Barnes & Noble, books", "labelled/amazon_bn_books/Barnob*"),
)  # fmt: skip


def present(folder: Path) -> Iterator[tuple[Member, list[Path]]]:
    """The members that have files in a folder."""
    for one in MEMBERS:
        files = one.files(folder)
        if files:
            yield one, files
