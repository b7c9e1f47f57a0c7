"""The compiled game: arrays that the reference and the kernel both read, and the labels that explain them.

Shapes: ``A`` actors, ``F`` fronts, ``L`` rungs, ``K`` factors, ``T`` steps (rows 0 to T), ``J`` terms,
``P`` parameter rows, ``Q`` quantities, ``Z`` standard-normal coordinates, ``G`` deals, ``N`` particles.

What an analyst does not know is one vector ``z`` of standard normals per particle and two discrete marks per
actor: its disposition, and whether it runs deception. `Statics` turns these into **parameter rows**, the
coefficients that utilities are linear in; everything is divided by the actor's temperature once, here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tocsin.case.model import Case
from tocsin.game.grid import Grid

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]

# Kinds of term in a front's utility, by what scales the coefficient.
CONSTANT, FACTOR, PERIL, CREDIBLE, WEAK, WEAR = range(6)
# Links from a standard normal to a quantity; TABLE is a quantile function on the grid of Z_GRID.
LOG, LOGIT, PLAIN, TABLE = range(4)
Z_GRID = np.linspace(-5.0, 5.0, 201)


class Plan(NamedTuple):
    """Arrays of the game as the step reads them; rates are already chances per step, by step."""

    # who
    front_from: I32  # (F,) initiating actor
    front_to: I32  # (F,) target actor
    reverse: I32  # (F,) the front that answers, or -1
    # ladder
    need: I32  # (L,) readiness a rung needs
    relief_rung: np.int32  # suffering this or more lowers the need
    contact: np.int32  # incidents from here on both sides
    blow: np.int32  # acts that call for an answer
    reach: np.int32  # highest rung within reach from a standing start
    # perception and choice: parameter rows by actor
    row_reciprocity: I32  # (A,) omega / tau
    row_inertia: I32  # (A,) rho / tau
    row_bias: I32  # (A,) b, rungs
    row_misperception: I32  # (A,) s, rungs
    row_inverse_temperature: I32  # (A,) 1 / tau
    lean: F32  # (T+1, F) rungs of hostility read into the other: rivalry and provocation
    p_incident: F32  # (T+1, F)
    p_revise: F32  # (T+1,)
    # terms, front by front
    term_start: I32  # (F+1,) terms of front f are term_start[f]:term_start[f+1]
    term_kind: I32  # (J,)
    term_from: I32  # (J,) rung from which the term counts
    term_row: I32  # (J,) parameter row of the coefficient
    term_shift_row: I32  # (J,) parameter row that one unit of scheduled shift multiplies
    term_ref: I32  # (J,) factor, front in peril, or actor whose standing or wear scales the term
    term_gate: F32  # (T+1, J) 1 while the term is in force, 0 while not
    term_shift: F32  # (T+1, J) scheduled shift of the coefficient
    # readiness
    p_gain: F32  # (T+1, 4) chance of gaining exactly 0, 1, 2, 3-or-more levels
    p_lose: F32  # (T+1, 4) chance of losing exactly 0, 1, 2, 3-or-more levels
    # factors
    factor_keep: F32  # (T+1, K) 1 - share of the gap closed
    factor_target: F32  # (T+1, K)
    factor_noise: F32  # (T+1, K) standard deviation of the step's noise
    factor_jump: F32  # (T+1, K) what events add at once
    driver_factor: I32  # (D,)
    driver_front: I32  # (D,)
    driver_from: I32  # (D,)
    driver_gain: F32  # (D,)
    # standing and wear
    standing_base: F32  # (T+1, A)
    standing_pull: F32  # (T+1,) share of the gap closed
    standing_gain: F32  # (T+1,)
    standing_loss: F32  # (T+1,)
    surprise: np.float32
    wear_cost: F32  # (T+1, L)
    wear_heal: F32  # (T+1,)
    # deals
    deal_front: I32  # (G, 2) fronts of the two sides, -1 where there is none
    deal_cap: I32  # (G,)
    deal_terms: F32  # (G, 2) nats
    deal_open: U8  # (T+1, G) on the table
    deal_force: np.ndarray  # (T+1, G) int8: 1 signed by an event, -1 ended by one
    p_talks: F32  # (T+1, G)
    p_breakdown: F32  # (T+1, G)
    # numbers
    scale: F32  # (2,) 1 while misperception and bias are on; 1 while incidents are


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The coordinates and rows that belong to one actor's way of deciding."""

    coordinates: I32
    quantities: I32
    rows: I32
    fronts: I32


@dataclass(frozen=True, slots=True, kw_only=True)
class Statics:
    """What stays fixed in one history: priors of every uncertain number, and how they make parameter rows."""

    labels: tuple[str, ...]  # (Q,) what each quantity is
    link: I32  # (Q,)
    location: F32  # (Q,)
    scale: F32  # (Q,)
    coordinate: I32  # (Q,) index into z, -1 where the number is exact
    tables: F32  # (n_tables, len(Z_GRID)); of a TABLE quantity `location` is the row
    n_coordinates: int
    row_quantities: I32  # (P, 3) factors of each row, -1 for none
    row_sign: F32  # (P,)
    row_multiplier: F32  # (P, n_dispositions) times this, by the actor's disposition
    row_actor: I32  # (P,)
    disposition_prior: F64  # (A, n_dispositions)
    deception_prior: F64  # (A,)
    blocks: tuple[Block, ...]  # one an actor
    reliability: I32  # (S,) quantity of each source's reliability
    clarity: I32  # (I,) quantity of each indicator's shift, log-odds


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What one term of a utility stands for."""

    front: int
    name: str  # family: reason, disposition, alliance, deterrence, opportunity, weariness, event
    label: str  # the words an analyst reads
    reference: str  # id of the reason, tie, threat ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The state before the first step."""

    posture: I32  # (F,)
    preparation: F64  # (F, 4) chance of each level
    factor: F64  # (K,)
    standing: F64  # (A,)
    wear: F64  # (A,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """A case, compiled: the plan, its statics, its start, and names for everything that has an index."""

    case: Case
    as_of: dt.date
    grid: Grid
    plan: Plan
    statics: Statics
    start: Start
    terms: tuple[Term, ...]
    actors: tuple[str, ...]
    fronts: tuple[str, ...]
    factors: tuple[str, ...]
    rungs: tuple[str, ...]
    dispositions: tuple[str, ...]
    deals: tuple[str, ...]

    @property
    def now(self) -> int:
        """The step that holds the as-of day."""
        return self.grid.step_of(self.as_of)
