"""Whatever happens to a record, its neighbours are kept."""

import io
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianguan.engine.mapping import marc21 as marc21_table
from lianguan.engine.mapping.plan import Plan
from lianguan.engine.read import framing, iso2709
from lianguan.engine.read.blocks import Block, blocks
from lianguan.engine.read.framing import LOOKAHEAD, MEND, SOUND
from lianguan.engine.read.iso2709 import frames
from tests.damage import RULES, damaged
from tests.making import cnmarc, marc21

TITLES = ["The hunger games", "青海湖志", "མཚོ་བྱང་གི་ལོ་རྒྱུས།", "Été à la campagne", "x" * 900]


def some_records(count: int, seed: int = 1) -> list[bytes]:
    chance = random.Random(seed)
    made = []
    for i in range(count):
        title = chance.choice(TITLES)
        notes = " | ".join(f"500 $aNote {j}" for j in range(chance.randrange(8)))
        lines = f"001 r{i} | 008 s2016 | 245 10$a{title}$c{i} | {notes}"
        made.append(marc21(lines) if chance.random() < 0.7 else cnmarc(lines.replace("245", "200")))
    return made


def compiled_frames(data: bytes, size: int = 1 << 24) -> list[tuple[int, int, int]]:
    plan = Plan(marc21_table.TABLE)
    found: list[tuple[int, int, int]] = []

    def collect(block: Block) -> None:
        lines = block.frames[:, :3].astype(np.int64)
        found.extend((block.offset + a, block.offset + b, c) for a, b, c in lines.tolist())

    for block in blocks(io.BytesIO(data), plan.first, plan.columns, size=size):
        collect(block)
    return found


def plain_frames(data: bytes) -> list[tuple[int, int, int]]:
    return [(frame.start, frame.end, frame.finding) for frame in frames(data)]


@pytest.mark.parametrize("seed", range(40))
def test_every_undamaged_record_comes_out_byte_for_byte(seed: int) -> None:
    data, sound = damaged(some_records(60, seed), seed)
    found = [data[a:b] for a, b, finding in plain_frames(data) if finding == SOUND]
    assert [record for record in found if record in set(sound)] == sound


@pytest.mark.parametrize("seed", range(40))
def test_compiled_and_plain_reading_find_the_same_frames(seed: int) -> None:
    data, _ = damaged(some_records(60, seed), seed)
    assert compiled_frames(data) == plain_frames(data)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(range(12)), min_size=1, max_size=8),
    st.lists(st.tuples(st.sampled_from(RULES), st.integers(0, 2**32)), max_size=4),
    st.binary(max_size=40),
)
def test_compiled_and_plain_reading_agree_on_anything(
    which: list[int], harm: list[tuple[object, int]], noise: bytes
) -> None:
    pool = some_records(12, 3)
    pieces = [pool[i] for i in which]
    for rule, seed in harm:
        chance = random.Random(seed)
        at = chance.randrange(len(pieces))
        if len(pieces[at]) > 60:
            pieces[at] = rule(pieces[at], chance) if callable(rule) else pieces[at]
    data = noise.join(pieces)
    assert compiled_frames(data) == plain_frames(data)


def test_block_size_changes_nothing() -> None:
    records = some_records(14000, 5)
    data, _ = damaged(records, 5, one_in=9)
    assert len(data) > 3 * LOOKAHEAD
    whole = compiled_frames(data)
    assert compiled_frames(data, size=3 * LOOKAHEAD) == whole
    assert compiled_frames(data, size=3 * LOOKAHEAD + 77777) == whole


def test_frames_left_for_later_are_the_same_when_more_bytes_come() -> None:
    data, _ = damaged(some_records(14000, 6), 6)
    whole = plain_frames(data)
    early = [(f.start, f.end, f.finding) for f in frames(data[: 2 * LOOKAHEAD], last=False)]
    assert early == whole[: len(early)]
    assert early[-1][1] > LOOKAHEAD - 2000


def test_blank_lines_between_records_are_no_records() -> None:
    first, second = some_records(2)
    found = plain_frames(b"\r\n" + first + b"\r\n\r\n" + second + b"\n\x1a")
    assert [finding for _, _, finding in found] == [SOUND, SOUND]


def test_a_file_of_nothing_but_noise_ends() -> None:
    noise = random.Random(1).randbytes(3_000_000)
    found = plain_frames(noise)
    assert found[-1][1] == len(noise)
    assert all(b - a <= framing.LONGEST_FRAME for a, b, _ in found)


def test_a_sound_record_after_a_megabyte_of_digits_is_found() -> None:
    first, second = some_records(2)
    for size in (50_000, 99_990, 150_000, framing.LONGEST_FRAME - 50_000):
        data = b"7" * size + first + second
        assert plain_frames(data) == compiled_frames(data)
        assert plain_frames(data)[-2:] == [
            (size, size + len(first), SOUND),
            (size + len(first), len(data), SOUND),
        ]


def test_a_record_whose_end_was_dropped_does_not_swallow_the_next() -> None:
    first, second = some_records(2)
    found = plain_frames(first[:-1] + second)
    assert found == [
        (0, len(first) - 1, framing.RECORD_END_DAMAGED),
        (len(first) - 1, len(first) + len(second) - 1, SOUND),
    ]


def test_a_length_that_points_at_another_records_end_is_not_believed() -> None:
    first, second = some_records(2)
    lying = b"%05d" % (len(first) + len(second)) + first[5:]
    assert plain_frames(lying + second)[0] == (0, len(first), framing.LENGTH_WRONG)


def test_a_cut_record_is_a_frame_of_its_own() -> None:
    first, second, third = some_records(3)
    found = plain_frames(first[:100] + second + third)
    assert [finding for _, _, finding in found] == [MEND, SOUND, SOUND]


def test_read_record_reads_one_record() -> None:
    record = iso2709.read_record(marc21("001 a | 245 10$aTitle"))
    assert [f.tag for f in record.fields] == [b"001", b"245"]  # type: ignore[union-attr]
