"""One island of particles: weighted histories of the game, held as arrays that the kernels work on in place.

An island is filtered from the case's start to the as-of step by itself; islands never exchange anything, so
the scatter between them measures the Monte Carlo error of whatever is computed from them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.game import chance, kernel
from tocsin.game.plan import F32, F64, I32, U8, Game, Plan
from tocsin.game.reference import draw_statics, initial_state
from tocsin.infer import kernel as evidence_kernel

U32 = NDArray[np.uint32]


@dataclass(slots=True, kw_only=True)
class Particles:
    """N weighted histories. Arrays end in N; histories start with step 0 and are filled up to `step`."""

    game: Game
    seed: int
    island: int
    step: int
    keys: U32  # (T+1,) this run's key of each step
    log_weight: F64  # (N,) since the last resampling
    log_evidence: float  # up to the last resampling
    z: F32  # (Z, N) standard-normal coordinates of every uncertain number
    disposition: U8  # (A, N)
    deceives: U8  # (A, N)
    values: F32  # (Q, N) quantities
    rows: F32  # (P, N) parameter rows
    posture: U8  # (T+1, F, N)
    goal: U8  # (T+1, F, N)
    readiness: U8  # (T+1, F, N)
    factor: F32  # (T+1, K, N)
    standing: F32  # (T+1, A, N)
    wear: F32  # (T+1, A, N)
    deal: U8  # (T+1, G, N) bits: 1 in force, 2 talks were held, 4 and 8 who accepted
    slots: U32  # (T+1, N) addresses of each history's chance
    ancestor: I32  # (N,) particle of step 0 that each descends from
    log_choice: F32  # (A, N) log chance of the goals each actor took
    rng: np.random.Generator
    resamplings: list[int] = field(default_factory=list)

    @property
    def n(self) -> int:
        """N, the number of particles."""
        return int(self.log_weight.shape[0])

    def weights(self) -> F64:
        """Weights that sum to one."""
        top = self.log_weight.max()
        weight = np.exp(self.log_weight - top)
        return np.asarray(weight / weight.sum())

    def log_evidence_now(self) -> float:
        """Log chance of all evidence so far, estimated by this island."""
        top = float(self.log_weight.max())
        return self.log_evidence + top + float(np.log(np.mean(np.exp(self.log_weight - top))))

    def effective_sample_size(self) -> float:
        """Number of equally weighted particles this island is worth (Kong, Liu and Wong 1994)."""
        weight = self.weights()
        return float(1.0 / np.sum(weight**2))

    def derive_all(self) -> None:
        """Recompute quantities and parameter rows from the coordinates."""
        statics = self.game.statics
        derive(self.game, self.z, np.arange(len(statics.labels), dtype=np.int32), self.values)
        fill_rows(
            self.game,
            self.values,
            self.disposition,
            np.arange(len(statics.row_sign), dtype=np.int32),
            self.rows,
        )

    def take(self, ancestors: I32) -> None:
        """Replace the particles by these ancestors, each with its whole past; their number may change."""
        for name in _BY_PARTICLE:
            setattr(self, name, self._columns(name, ancestors, len(self.keys)))
        # What is still to come draws its chance by lane.
        self.slots[self.step + 1 :] = np.arange(len(ancestors), dtype=np.uint32)
        self.ancestor = self.ancestor[ancestors]
        self.log_weight = np.zeros(len(ancestors))

    def subset(self, lanes: I32, n_steps: int | None = None) -> Particles:
        """A copy of some of the particles with their past, and room for `n_steps` rows."""
        parts: dict[str, Any] = {
            name: self._columns(name, lanes, n_steps or self.step + 1) for name in _BY_PARTICLE
        }
        return replace(self, log_weight=self.log_weight[lanes], ancestor=self.ancestor[lanes], **parts)

    def put(self, lanes: I32, moved: Particles) -> None:
        """Overwrite some lanes, their past included, by the particles of a subset."""
        past = slice(0, self.step + 1)
        for name in _BY_PARTICLE:
            source, into = getattr(moved, name), getattr(self, name)
            if name in _HISTORIES:
                source, into = source[past].reshape(-1, moved.n), into[past].reshape(-1, self.n)
            evidence_kernel.scatter(lanes, source, into)
        self.ancestor[lanes] = moved.ancestor

    def _columns(self, name: str, lanes: I32, n_steps: int) -> np.ndarray:
        """Some lanes of one array; of a history only what has happened, with room for `n_steps` rows."""
        source = getattr(self, name)
        if name in _HISTORIES:
            into = np.empty((n_steps, *source.shape[1:-1], len(lanes)), dtype=source.dtype)
            past = slice(0, self.step + 1)
            evidence_kernel.gather(
                lanes, source[past].reshape(-1, self.n), into[past].reshape(-1, len(lanes))
            )
        else:
            into = np.empty((len(source), len(lanes)), dtype=source.dtype)
            evidence_kernel.gather(lanes, source, into)
        return into


# Every array that ends in the particles.
_FIXED = ("z", "disposition", "deceives", "values", "rows", "log_choice")
_HISTORIES = ("posture", "goal", "readiness", "factor", "standing", "wear", "deal", "slots")
_BY_PARTICLE = (*_FIXED, *_HISTORIES)


def derive(game: Game, z: F32, which: I32, values: F32) -> None:
    """Fill rows `which` of `values` (Q, N) from coordinates z (Z, N)."""
    s = game.statics
    kernel.derive(s.link, s.location, s.scale, s.coordinate, s.tables, z, which, values)


def fill_rows(game: Game, values: F32, disposition: U8, which: I32, rows: F32) -> None:
    """Fill parameter rows `which` of `rows` (P, N)."""
    s = game.statics
    kernel.fill_rows(
        s.row_quantities, s.row_sign, s.row_multiplier, s.row_actor, values, disposition, which, rows
    )


def step_keys(game: Game, seed: int, island: int) -> U32:
    """(T+1,) an island's key of each step. The island is in the key, not in the slots: a slot is a lane."""
    own = np.random.SeedSequence(entropy=seed, spawn_key=(island, 1)).generate_state(1, np.uint64)[0]
    return np.array([chance.step_key(int(own), t) for t in range(game.grid.n_steps + 1)], dtype=np.uint32)


def start_island(game: Game, n: int, seed: int, island: int) -> Particles:
    """N particles of the prior at the case's start; everything is fixed by (seed, island)."""
    n_steps = game.grid.n_steps
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence(entropy=seed, spawn_key=(island,))))
    z, disposition, deceives = draw_statics(game.statics, n, rng)
    state = initial_state(game, n, rng)

    def history(kind: type, first: np.ndarray) -> np.ndarray:
        array = np.zeros((n_steps + 1, *first.shape), dtype=kind)
        array[0] = first
        return array

    statics = game.statics
    particles = Particles(
        game=game,
        seed=seed,
        island=island,
        step=0,
        keys=step_keys(game, seed, island),
        log_weight=np.zeros(n),
        log_evidence=0.0,
        z=z.astype(np.float32),
        disposition=disposition.astype(np.uint8),
        deceives=deceives.astype(np.uint8),
        values=np.zeros((len(statics.labels), n), dtype=np.float32),
        rows=np.zeros((len(statics.row_sign), n), dtype=np.float32),
        posture=history(np.uint8, state.posture),
        goal=history(np.uint8, state.goal),
        readiness=history(np.uint8, state.preparation),
        factor=history(np.float32, state.factor),
        standing=history(np.float32, state.standing),
        wear=history(np.float32, state.wear),
        deal=history(np.uint8, state.deal),
        slots=np.tile(np.arange(n, dtype=np.uint32), (n_steps + 1, 1)),
        ancestor=np.arange(n, dtype=np.int32),
        log_choice=np.zeros((len(game.actors), n), dtype=np.float32),
        rng=rng,
    )
    particles.derive_all()
    return particles


def log_chance_of_goals(
    particles: Particles, fronts: I32, plan: Plan | None = None, rows: F32 | None = None
) -> F32:
    """(N,) log chance of the goals that these fronts' histories took, under another plan or other rows."""
    out = np.zeros(particles.n, dtype=np.float32)
    kernel.path_log_choice(
        plan or particles.game.plan,
        particles.rows if rows is None else rows,
        fronts,
        particles.posture,
        particles.goal,
        particles.factor,
        particles.standing,
        particles.wear,
        particles.deal,
        particles.slots,
        particles.keys,
        particles.step,
        out,
    )
    return out


def run_on(particles: Particles, until: int, plan: Plan | None = None) -> U8:
    """Run an island on from its step without evidence; returns the posture history (T+1, F, N).

    The histories past `particles.step` are overwritten; those before it are left alone, and so the same
    island can be run on again under another plan with the same chance.
    """
    game = particles.game
    kernel.advance(
        plan or game.plan,
        particles.rows,
        particles.posture,
        particles.goal,
        particles.readiness,
        particles.factor,
        particles.standing,
        particles.wear,
        particles.deal,
        particles.slots,
        particles.keys,
        particles.step,
        until,
        False,
        particles.log_choice,
        particles.log_weight,
        *kernel.no_evidence(len(game.fronts), len(game.rungs)),
    )
    return particles.posture
