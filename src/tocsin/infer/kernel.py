"""Evidence in compiled form: chances of items by lane, tables by level, and moving histories about.

The same formula as ``evidence.py``; see there. Lanes are a whole island (a few thousand particles).
"""

# ruff: noqa: E741 - l is the lane of an inner loop, everywhere

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from tocsin.game.kernel import _exp, _log

_options: dict[str, Any] = {"nogil": True, "cache": True, "fastmath": True, "error_model": "numpy"}
_inline: dict[str, Any] = {"nogil": True, "fastmath": True, "error_model": "numpy"}
_lane: dict[str, Any] = {"nogil": True, "fastmath": True, "error_model": "numpy", "forceinline": True}
_ONE, _ZERO, _TINY = np.float32(1.0), np.float32(0.0), np.float32(1e-37)


@njit(**_lane)
def _chance(p, deceives, conceal, plant, a, base, offset, slope):  # type: ignore[no-untyped-def]
    p = p * (_ONE - conceal * deceives)
    p = p + (_ONE - p) * plant * deceives
    return offset + slope * (a * p + (_ONE - a) * base)


@njit(**_options)
def tables(  # type: ignore[no-untyped-def]
    which, plane, kind, offset, slope, reliability, grade, base, level, n_levels, clarity, conceal, plant,
    owner, values, deceives, see_posture, see_level,
):  # fmt: skip
    """Multiply items on postures and readiness into planes (E, L, N) and (E, 4, N), set to 1 before."""
    n = values.shape[1]
    for y in which:
        table = see_level[plane[y]] if kind[y] == 2 else see_posture[plane[y]]
        a, i = values[reliability[y]], owner[y]
        for v in range(n_levels[y]):
            into, at = table[v], level[y, v]
            if kind[y] == 0:
                for l in range(n):
                    x = a[l] * grade[y]
                    into[l] *= x * at + (_ONE - x) * base[y]
                continue
            for l in range(n):
                p = _ONE / (_ONE + _exp(-(at + values[clarity[y], l])))
                d = np.float32(deceives[i, l]) if i >= 0 else _ZERO
                into[l] *= _chance(p, d, conceal[y], plant[y], a[l] * grade[y], base[y], offset[y], slope[y])


@njit(**_options)
def items_log_chance(  # type: ignore[no-untyped-def]
    which, kind, ref, happened, offset, slope, reliability, grade, base, level, n_levels, clarity, conceal,
    plant, owner, values, deceives, disposition, posture, readiness, factor, out,
):  # fmt: skip
    """Set out (N,) to the summed log chance of the items `which`, given each particle's own history.

    Consecutive items of one formula (the silences of one watch, above all) share one table of log chances by
    level, so that each further step costs a look-up.
    """
    n = values.shape[1]
    width = level.shape[1]
    table = np.empty((width, n), np.float32)
    out[:] = _ZERO
    previous = -1
    for y in which:
        k, r, t = kind[y], ref[y], happened[y]
        same = previous >= 0 and (
            kind[previous] == k
            and reliability[previous] == reliability[y]
            and clarity[previous] == clarity[y]
            and offset[previous] == offset[y]
            and slope[previous] == slope[y]
            and grade[previous] == grade[y]
            and (k != 0 or _same_row(level, previous, y))
        )
        previous = y
        if not same:
            a, i = values[reliability[y]], owner[y]
            for v in range(n_levels[y]):
                row, at = table[v], level[y, v]
                if k == 0:
                    _posture_row(row, a, grade[y], at, base[y])
                else:
                    marks = deceives[i] if i >= 0 else deceives[0]
                    on = _ONE if i >= 0 else _ZERO
                    _chance_row(
                        row, a, values[clarity[y]], marks, on, at, grade[y], base[y], conceal[y], plant[y],
                        offset[y], slope[y],
                    )  # fmt: skip
            if k != 3:
                for v in range(n_levels[y]):
                    _log_row(table[v])
        if k == 4:
            _look_up(out, table, disposition[r])
        elif k == 3:
            _interpolate(out, table, factor[t, r], n_levels[y] - 1)
        elif k == 2:
            _look_up(out, table, readiness[t, r])
        else:
            _look_up(out, table, posture[t, r])


@njit(**_inline)
def _same_row(level, a, b):  # type: ignore[no-untyped-def]
    same = True
    for v in range(level.shape[1]):
        same &= level[a, v] == level[b, v]
    return same


@njit(**_inline)
def _posture_row(row, a, grade, named, base):  # type: ignore[no-untyped-def]
    for l in range(row.shape[0]):
        x = a[l] * grade
        row[l] = max(x * named + (_ONE - x) * base, _TINY)


@njit(**_inline)
def _chance_row(row, a, shift, marks, on, at, grade, base, conceal, plant, offset, slope):  # type: ignore[no-untyped-def]
    for l in range(row.shape[0]):
        p = _ONE / (_ONE + _exp(-(at + shift[l])))
        d = np.float32(marks[l]) * on
        row[l] = max(_chance(p, d, conceal, plant, a[l] * grade, base, offset, slope), _TINY)


@njit(**_inline)
def _look_up(out, table, marks):  # type: ignore[no-untyped-def]
    for l in range(out.shape[0]):
        out[l] += table[marks[l], l]


@njit(**_inline)
def _log_row(row):  # type: ignore[no-untyped-def]
    for l in range(row.shape[0]):
        row[l] = _log(row[l])


@njit(**_inline)
def _interpolate(out, table, x, top):  # type: ignore[no-untyped-def]
    """Between the levels of a factor the chance itself is interpolated."""
    for l in range(out.shape[0]):
        at = x[l] * np.float32(top)
        low = min(np.int32(at), top - 1)
        part = at - np.float32(low)
        out[l] += _log(table[low, l] + (table[low + 1, l] - table[low, l]) * part)


@njit(**_options)
def gather(lanes, source, into):  # type: ignore[no-untyped-def]
    """into[r, l] = source[r, lanes[l]]: the columns of some lanes, row by row while the row is in cache."""
    for r in range(source.shape[0]):
        row, to = source[r], into[r]
        for l in range(lanes.shape[0]):
            to[l] = row[lanes[l]]


@njit(**_options)
def scatter(lanes, source, into):  # type: ignore[no-untyped-def]
    """into[r, lanes[l]] = source[r, l]."""
    for r in range(source.shape[0]):
        row, to = source[r], into[r]
        for l in range(lanes.shape[0]):
            to[lanes[l]] = row[l]


@njit(**_options)
def take_where(yes, source, into, rows):  # type: ignore[no-untyped-def]
    """into[r] = source[r] in the lanes where yes, for the given rows."""
    for r in rows:
        row, to = source[r], into[r]
        for l in range(to.shape[0]):
            to[l] = row[l] if yes[l] else to[l]


@njit(**_options)
def put_where(yes, source, into, rows):  # type: ignore[no-untyped-def]
    """into[rows[k]] = source[k] in the lanes where yes."""
    for k in range(rows.shape[0]):
        row, to = source[k], into[rows[k]]
        for l in range(to.shape[0]):
            to[l] = row[l] if yes[l] else to[l]
