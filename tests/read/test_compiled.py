"""Compiled code is kept on disk for as long as what it was made from is the same."""

import types

from lianguan.engine.read.compiled import _version_of


def place_of(numbers):  # type: ignore[no-untyped-def]
    return numbers[PLACE]  # type: ignore[name-defined]  # noqa: F821 - each twin has its own


def with_place(place: int) -> types.FunctionType:
    return types.FunctionType(place_of.__code__, {"PLACE": place})


def test_a_number_of_another_module_that_changes_has_the_code_compiled_again() -> None:
    assert _version_of((with_place(3),)) == _version_of((with_place(3),))
    assert _version_of((with_place(3),)) != _version_of((with_place(4),))
