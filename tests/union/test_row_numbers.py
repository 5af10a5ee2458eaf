"""Sets of row numbers give what NumPy's own give."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lianguan.engine.match.grouping import Numbers
from lianguan.engine.union.row_numbers import are_among, distinct, without

numbers = st.lists(st.integers(0, 50)).map(lambda some: np.array(some, np.int64))


@given(numbers, numbers)
def test_they_give_what_sorting_gives(a: Numbers, b: Numbers) -> None:
    assert distinct(a, b).tolist() == np.union1d(a, b).tolist()
    assert without(a, b).tolist() == np.setdiff1d(a, b).tolist()
    assert are_among(a, b).tolist() == np.isin(a, b).tolist()
