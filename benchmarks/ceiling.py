"""Compile `ceiling.cpp` and call it on the kernel's own arrays."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.crisis import Histories
from tocsin.game.plan import Game

SOURCE = Path(__file__).with_name("ceiling.cpp")
FLAGS = ("-O3", "-march=native", "-ffast-math", "-shared", "-fPIC")
_WHOLE = ("relief_rung", "contact", "blow", "reach")
_INTEGERS = (
    "front_from", "front_to", "reverse", "need", "row_reciprocity", "row_inertia", "row_bias",
    "row_misperception", "term_start", "term_kind", "term_from", "term_row", "term_shift_row", "term_ref",
    "driver_factor", "driver_front", "driver_from",
)  # fmt: skip
_FLOATS = (
    "driver_gain", "lean", "p_incident", "p_revise", "term_gate", "term_shift", "p_gain", "p_lose",
    "factor_keep", "factor_target", "factor_noise", "factor_jump", "standing_base", "standing_pull",
    "standing_gain", "standing_loss", "wear_cost", "wear_heal",
)  # fmt: skip


class _Plan(ctypes.Structure):
    _fields_ = (
        [(name, ctypes.c_int) for name in ("F", "A", "K", "J", "D", *_WHOLE)]
        + [("surprise", ctypes.c_float)]
        + [(name, ctypes.c_void_p) for name in (*_INTEGERS, *_FLOATS)]
    )


class Ceiling:
    """The step by hand in C++, for one game without deals, on seven rungs."""

    def __init__(self, game: Game, folder: Path) -> None:
        if len(game.rungs) != 7 or game.deals:
            raise ValueError("the ceiling is written for seven rungs and no deals")
        library = folder / "ceiling.so"
        subprocess.run([compiler(), *FLAGS, str(SOURCE), "-o", str(library)], check=True)
        self._advance = ctypes.CDLL(str(library)).advance
        plan = game.plan
        counts = (
            len(game.fronts),
            len(game.actors),
            len(game.factors),
            len(plan.term_kind),
            len(plan.driver_from),
        )
        whole = [int(getattr(plan, name)) for name in _WHOLE]
        self._kept = [np.ascontiguousarray(getattr(plan, name), dtype=np.int32) for name in _INTEGERS]
        self._kept += [np.ascontiguousarray(getattr(plan, name), dtype=np.float32) for name in _FLOATS]
        self._plan = _Plan(
            *counts, *whole, float(plan.surprise), *(array.ctypes.data for array in self._kept)
        )

    def advance(
        self,
        rows: NDArray[np.float32],
        held: Histories,
        keys: NDArray[np.uint32],
        particles: range,
        first: int,
        last: int,
    ) -> None:
        """Run steps first + 1 to last for some of the particles, a multiple of 256; no lock is held."""
        arrays: list[NDArray[Any]] = [
            rows, held.posture, held.goal, held.level, held.factor, held.standing, held.wear, held.slots,
            keys,
        ]  # fmt: skip
        self._advance(
            ctypes.byref(self._plan), ctypes.c_long(rows.shape[1]), ctypes.c_long(particles.start),
            ctypes.c_long(particles.stop), first, last,
            *(ctypes.c_void_p(array.ctypes.data) for array in arrays),
        )  # fmt: skip


def compiler() -> str:
    """The C++ compiler; FileNotFoundError where there is none."""
    found = shutil.which("g++") or shutil.which("clang++")
    if found is None:
        raise FileNotFoundError("no C++ compiler, so no ceiling")
    return found
