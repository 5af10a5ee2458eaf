"""Numba twins of plain functions, made only when a whole file is read.

The plain functions stay plain: a page that shows one record never loads Numba (0.3 s),
and where Numba is not installed the same code runs uncompiled.
"""

import hashlib
import os
import tempfile
import types
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

NO_COUNTING: dict[str, Any] = {"_nrt": False, "forceinline": True}
"""No reference counting of arrays, which the functions here never make: without this every
call between them pays for it, and the pass over a file takes twice as long (measured)."""


def available() -> bool:
    """Numba is installed and not switched off (`LIANGUAN_PLAIN=1`, for tests and measuring)."""
    if os.environ.get("LIANGUAN_PLAIN"):
        return False
    try:
        import numba  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


def compile_all(*functions: Callable[..., Any]) -> dict[str, Any]:
    """Compiled twins by name. Each may call those before it and use its module's constants.

    Compiled code is kept on disk, so compiling is paid once for each version of the code.
    """
    import numba  # noqa: PLC0415

    _use_cache_folder(_version_of(functions))
    twins: dict[str, Any] = {}
    for function in functions:
        names = {**function.__globals__, **twins}
        plain = types.FunctionType(function.__code__, names, function.__name__)
        plain.__qualname__ = function.__qualname__
        plain.__module__ = function.__module__
        twins[function.__name__] = numba.njit(cache=True, nogil=True, **NO_COUNTING)(plain)
    return twins


def _version_of(functions: tuple[Callable[..., Any], ...]) -> str:
    """Changes when any source file of the functions does, or a number of another module that they
    use. Numba itself looks only at the file of the outermost function, and would run old code
    after a change in another."""
    files = sorted({__file__, *(function.__code__.co_filename for function in functions)})
    said = [_bytes_of(file) for file in files]
    said += [repr(_numbers_of(function)).encode() for function in functions]
    return hashlib.sha256(b"".join(said)).hexdigest()[:12]


def _numbers_of(function: Callable[..., Any]) -> list[tuple[str, int | float]]:
    """The numbers that a function finds in its module by their names: they are compiled into it."""
    known = ((name, function.__globals__.get(name)) for name in function.__code__.co_names)
    return [(name, value) for name, value in known if isinstance(value, int | float)]


@cache
def _bytes_of(file: str) -> bytes:
    return Path(file).read_bytes()


def _use_cache_folder(version: str) -> None:
    import numba  # noqa: PLC0415

    beside_source = Path(__file__).parent / "__pycache__"
    for parent in (beside_source, Path(tempfile.gettempdir()) / f"lianguan-{os.getuid()}"):
        folder = parent / f"compiled-{version}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]  # set at run time
            return
