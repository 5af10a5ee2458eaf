"""What is measured against what, and what was promised of it."""

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work over one file."""

    who: str
    takes: str
    on: str = ""
    """The name of its file in `generator.make`."""
    work: str = ""
    """A function of `bench`, timed inside its process after a warm-up; or none, and"""
    command: tuple[str, ...] = ()
    """the command is timed, a whole process. FILE stands for the file."""
    plain: bool = False
    """As on a machine without Numba."""


@dataclass(frozen=True, slots=True)
class Claim:
    """So many times as fast as a peer, record for record, in the same round."""

    what: str
    job: Job
    peer: Job
    least: float
    """The target; 0: shown for comparison only."""
    goal: float = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """Seconds that a whole process may take."""

    what: str
    job: Job
    most: float


PYTHON = sys.executable
COST = 1 / 1.1
"""The speed left by a cost of a tenth."""

EIGHT = "eight columns of text"
RECORDS = "neutral records"
VALUES = "their values by column"
FIELDS = "the same fields, as text"

flat = Job("Lianguan", EIGHT, "all", "speed_flat.columns")
flat_whole = Job(
    "Lianguan, whole process", EIGHT, "all",
    command=(PYTHON, "-m", "bench.speed_work", "speed_flat.columns", "FILE"),
)  # fmt: skip
flat_plain = Job("Lianguan, no Numba", EIGHT, "tenth", "speed_flat.columns", plain=True)
flat_sound = Job("Lianguan", EIGHT, "fifth", "speed_flat.columns")
flat_damaged = Job("Lianguan", EIGHT, "damaged", "speed_flat.columns")
pymarc_flat = Job("pymarc", EIGHT, "twentieth", "speed_peers.pymarc_columns")
yaz = Job("yaz-marcdump -n", "nothing", "all", command=("yaz-marcdump", "-n", "FILE"))

records = Job("Lianguan", RECORDS, "all", "speed_mapping.records")
values = Job("Lianguan", VALUES, "all", "speed_mapping.columns")
records_sound = Job("Lianguan", RECORDS, "fifth", "speed_mapping.records")
records_damaged = Job("Lianguan", RECORDS, "damaged", "speed_mapping.records")
pymarc_fields = Job("pymarc", FIELDS, "twentieth", "speed_peers.pymarc_fields")

xml = Job("Lianguan", RECORDS, "xml", "speed_mapping.records")
xml_values = Job("Lianguan", VALUES, "xml", "speed_mapping.xml_columns")
pymarc_xml = Job("pymarc", FIELDS, "xml_hundredth", "speed_peers.pymarc_xml")
lxml_xml = Job("lxml alone", FIELDS, "xml_hundredth", "speed_peers.lxml_xml")

records_once = Job("Lianguan", RECORDS, "unrepeated", "speed_mapping.records")
values_once = Job("Lianguan", VALUES, "unrepeated", "speed_mapping.columns")
pymarc_once = Job("pymarc", FIELDS, "unrepeated", "speed_peers.pymarc_fields")
xml_once = Job("Lianguan", RECORDS, "unrepeated_xml", "speed_mapping.records")
pymarc_xml_once = Job("pymarc", FIELDS, "unrepeated_xml", "speed_peers.pymarc_xml")

CLAIMS = (
    Claim("Flat read, beside pymarc", flat, pymarc_flat, 70),
    Claim("Flat read, beside `yaz-marcdump -n`", flat, yaz, 1.5),
    Claim("Flat read as a whole process, beside `yaz-marcdump -n`", flat_whole, yaz, 0.9),
    Claim("Flat read without Numba, beside pymarc", flat_plain, pymarc_flat, 6),
    Claim("Full mapping, beside pymarc", values, pymarc_fields, 10, 20),
    Claim("… and an object for each record", records, pymarc_fields, 0),
    Claim("Full mapping of MARCXML, beside pymarc", xml_values, pymarc_xml, 10, 20),
    Claim("… and an object for each record", xml, pymarc_xml, 0),
    Claim("Full mapping of MARCXML, beside lxml alone", xml_values, lxml_xml, 0),
    Claim("Flat read, 1 % damaged, beside none damaged", flat_damaged, flat_sound, COST),
    Claim("Full mapping, 1 % damaged, beside none damaged", records_damaged, records_sound, COST),
    Claim("No record repeated: full mapping", values_once, pymarc_once, 0),
    Claim("… and an object for each record", records_once, pymarc_once, 0),
    Claim("No record repeated: MARCXML to records", xml_once, pymarc_xml_once, 0),
)

help_page = Job("`lianguan --help`", "", command=(PYTHON, "-m", "lianguan", "--help"))
LIMITS = (Limit("`lianguan --help`, whole process", help_page, 0.4),)


def jobs() -> list[Job]:
    """Each job once; those that are compared stand near each other."""
    pairs = [job for claim in CLAIMS for job in (claim.job, claim.peer)]
    return list(dict.fromkeys([*pairs, *(limit.job for limit in LIMITS)]))
