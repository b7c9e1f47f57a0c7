"""The crisis that the game's benchmarks run: 8 actors, 12 fronts, 7 rungs, 12 reasons, as large as asked.

`particles` and `histories` lay out what the kernel takes; both are the same for every benchmark.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.case.model import Case
from tocsin.game import chance, kernel, reference
from tocsin.game.compile import compile_case
from tocsin.game.plan import Game

START = dt.date(2024, 1, 1)
RUNGS = ("calm", "words", "shows", "exchange", "strikes", "offensive", "war")


def crisis(n_actors: int = 8, n_fronts: int = 12, n_weeks: int = 52, n_reasons: int | None = None) -> Case:
    """Actors in a ring, each facing its neighbours; every other pair is tied, a few are threatened."""
    n_reasons = n_fronts if n_reasons is None else n_reasons
    names = [f"a{i}" for i in range(n_actors)]
    pairs: list[tuple[int, int]] = []
    gap = 1
    while len(pairs) < n_fronts:
        for i in range(n_actors):
            j = (i + gap) % n_actors
            pairs += [pair for pair in ((i, j), (j, i)) if pair not in pairs]
        gap += 1
    fronts = [(names[i], names[j]) for i, j in pairs[:n_fronts]]
    postures = ("exchange", "words", "shows", "calm")
    return Case.model_validate(
        {
            "tocsin": 1,
            "title": "A crisis of any size",
            "question": "How fast?",
            "start": START,
            "end": START + dt.timedelta(days=7 * n_weeks - 1),
            "actors": [{"id": name, "name": name.upper()} for name in names],
            "ties": [
                {
                    "from": names[i],
                    "to": names[(i + 2) % n_actors],
                    "kind": "patron",
                    "strength": "strong",
                    "since": 1990,
                }
                for i in range(0, n_actors, 2)
            ],
            "fronts": [
                {"from": a, "to": b, "posture": postures[k // 2 % 4]} for k, (a, b) in enumerate(fronts)
            ],
            "factors": [{"id": f"f{k}", "name": "F", "start": 0.3 + 0.1 * k} for k in range(4)],
            "reasons": [
                {
                    "id": f"r{k}",
                    "front": "{} -> {}".format(*fronts[k % n_fronts]),
                    "direction": "restrain" if k % 3 else "pull",
                    "weight": ("modest", "considerable", "strong")[k % 3],
                    "factor": f"f{k % 4}" if k % 2 else None,
                    "from": RUNGS[3 + k % 3],
                    "text": "T.",
                }
                for k in range(n_reasons)
            ],
            "threats": [
                {"by": b, "against": a, "strength": "considerable", "from": "strikes"} for a, b in fronts[::3]
            ],
            "questions": [
                {
                    "id": "q",
                    "text": "Q?",
                    "by": START + dt.timedelta(days=7),
                    "rule": {"front": "{} -> {}".format(*fronts[0]), "reaches": "war"},
                }
            ],
        }
    )


def crisis_game(n_actors: int = 8, n_fronts: int = 12, n_weeks: int = 52) -> Game:
    """The crisis, compiled as of its first day."""
    return compile_case(crisis(n_actors, n_fronts, n_weeks), START)


@dataclass(frozen=True, kw_only=True)
class Histories:
    """The arrays `kernel.advance` fills, over rows 0 to T."""

    posture: NDArray[np.uint8]  # (T+1, F, N)
    goal: NDArray[np.uint8]  # (T+1, F, N)
    level: NDArray[np.uint8]  # (T+1, F, N)
    factor: NDArray[np.float32]  # (T+1, K, N)
    standing: NDArray[np.float32]  # (T+1, A, N)
    wear: NDArray[np.float32]  # (T+1, A, N)
    deal: NDArray[np.uint8]  # (T+1, G, N)
    slots: NDArray[np.uint32]  # (T+1, N)
    log_choice: NDArray[np.float32]  # (A, N)
    log_weight: NDArray[np.float64]  # (N,)

    def part(self, first: int, last: int) -> Histories:
        """The same for some of the particles, copied."""
        return Histories(
            **{name: np.ascontiguousarray(getattr(self, name)[..., first:last]) for name in self.__slots()}
        )

    def __slots(self) -> tuple[str, ...]:
        return tuple(self.__dataclass_fields__)


def particles(game: Game, n: int, seed: int) -> tuple[NDArray[np.float32], Histories, NDArray[np.uint32]]:
    """Parameter rows (P, N) drawn from the priors, histories whose row 0 is the start, keys (T+1,)."""
    rng = np.random.default_rng(seed)
    z, disposition, _ = reference.draw_statics(game.statics, n, rng)
    rows = reference.parameter_rows(game.statics, reference.quantities(game.statics, z), disposition)
    return rows.astype(np.float32), histories(game, n, rng), keys(game, seed)


def keys(game: Game, seed: int) -> NDArray[np.uint32]:
    """The run's keys by step."""
    return np.array([chance.step_key(seed, t) for t in range(game.grid.n_steps + 1)], dtype=np.uint32)


def histories(game: Game, n: int, rng: np.random.Generator) -> Histories:
    """Room for T steps of N particles; row 0 holds the case's start."""
    state = reference.initial_state(game, n, rng)

    def over_time(first: NDArray[Any], kind: type) -> NDArray[Any]:
        whole = np.zeros((game.grid.n_steps + 1, *first.shape), dtype=kind)
        whole[0] = first
        return whole

    slots = np.empty((game.grid.n_steps + 1, n), dtype=np.uint32)
    slots[:] = np.arange(n, dtype=np.uint32)
    return Histories(
        posture=over_time(state.posture, np.uint8),
        goal=over_time(state.goal, np.uint8),
        level=over_time(state.preparation, np.uint8),
        factor=over_time(state.factor, np.float32),
        standing=over_time(state.standing, np.float32),
        wear=over_time(state.wear, np.float32),
        deal=over_time(state.deal, np.uint8),
        slots=slots,
        log_choice=np.zeros((len(game.actors), n), dtype=np.float32),
        log_weight=np.zeros(n),
    )


def advance(
    game: Game,
    rows: NDArray[np.float32],
    held: Histories,
    run_keys: NDArray[np.uint32],
    *,
    last: int,
    first: int = 0,
    track: bool = False,
) -> None:
    """Run the kernel over steps first + 1 to last, without evidence."""
    kernel.advance(
        game.plan, rows, held.posture, held.goal, held.level, held.factor, held.standing, held.wear,
        held.deal, held.slots, run_keys, first, last, track, held.log_choice, held.log_weight,
        *kernel.no_evidence(len(game.fronts), len(game.rungs)),
    )  # fmt: skip
