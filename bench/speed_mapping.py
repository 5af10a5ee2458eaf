"""Ours: the full mapping, as records and as columns."""

from pathlib import Path
from typing import BinaryIO

from lianguan.engine.mapping.fast import FastReader
from lianguan.engine.mapping.marc21 import TABLE
from lianguan.engine.mapping.opened import open_file
from lianguan.engine.mapping.stream import PlainReader
from lianguan.engine.read import files
from lianguan.engine.read.files import source_files
from lianguan.engine.record import Record


def records(file: BinaryIO) -> int:
    """The stream of neutral records that an import reads, repairs included."""
    (source,) = source_files(Path(file.name))
    return sum(isinstance(read.what, Record) for read in open_file(source).reads)


def columns(file: BinaryIO) -> int:
    """The same values by slot; no object is made for a record."""
    return _columns(file, files.ISO2709)


def xml_columns(file: BinaryIO) -> int:
    return _columns(file, files.MARCXML)


def _columns(file: BinaryIO, container: str) -> int:
    (source,) = source_files(Path(file.name))
    reader = FastReader(source, container, PlainReader(TABLE))
    return sum(batch.size for _, batch in reader.batches())
