"""Ours: the full mapping, as records and as columns."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from lianguan.engine.mapping.bulk import BulkMapper, Numbered
from lianguan.engine.mapping.fast import ahead
from lianguan.engine.mapping.marc21 import TABLE
from lianguan.engine.mapping.opened import open_file
from lianguan.engine.read.blocks import blocks
from lianguan.engine.read.files import source_files
from lianguan.engine.record import Record


def records(file: BinaryIO) -> int:
    """The stream of neutral records that an import reads, repairs included."""
    (source,) = source_files(Path(file.name))
    return sum(isinstance(read.what, Record) for read in open_file(source).reads)


def columns(file: BinaryIO) -> int:
    """The same values by slot; no object is made for a record."""
    mapper = BulkMapper(TABLE)

    def numbered() -> Iterator[Numbered]:
        for block in blocks(file, mapper.plan.first, mapper.plan.columns):
            all_in_utf8 = np.zeros(len(block.frames), np.uint8)
            yield mapper.number(block.array, block.hits, all_in_utf8)

    return sum(mapper.map(block).size for block in ahead(numbered()))
