"""Random small cases, and runs of them by the reference and by the kernel from the same chance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from tocsin.case.model import Case
from tocsin.game import chance, kernel, reference
from tocsin.game.compile import compile_case
from tocsin.game.plan import Game

START = dt.date(2024, 1, 1)
SEVEN = ("calm", "words", "shows", "exchange", "strikes", "offensive", "war")
KINDS = ("patron", "alliance", "guarantee", "training", "joint command", "hosting", "rivalry")
WORDS = ("slight", "modest", "considerable", "strong", "decisive")


def case_of(**parts: Any) -> Case:
    """A case from its parts; what every case must have is filled in."""
    front = parts["fronts"][0]
    whole = {
        "tocsin": 1,
        "title": "t",
        "question": "q",
        "start": START,
        "end": START + dt.timedelta(days=83),
        "questions": [
            {
                "id": "q",
                "text": "t",
                "by": START + dt.timedelta(days=7),
                "rule": {"front": f"{front['from']} -> {front['to']}", "reaches": "war"},
            }
        ],
    }
    return Case.model_validate(whole | parts)


def actors(*names: str, **common: Any) -> list[dict[str, Any]]:
    return [{"id": name, "name": name.upper()} | common for name in names]


def between(*pairs: str, **common: Any) -> list[dict[str, Any]]:
    """Fronts written "ab": from a to b."""
    return [{"from": pair[0], "to": pair[1]} | common for pair in pairs]


def random_case(seed: int) -> Case:
    """A small case in which everything that a case can hold turns up for some seed."""
    rng = np.random.default_rng(seed)

    def some(options, least: int = 0) -> list[Any]:
        count = int(rng.integers(least, len(options) + 1))
        return [options[k] for k in sorted(rng.permutation(len(options))[:count])]

    def one(options) -> Any:
        return options[int(rng.integers(len(options)))]

    ladder, rungs = _ladder(rng)
    names = list("abcd"[: int(rng.integers(2, 5))])
    pairs = [x + y for x in names for y in names if x != y]
    # any subset: reverse fronts may be missing
    chosen = some(pairs, least=1)[:6]
    refs = [f"{p[0]} -> {p[1]}" for p in chosen]
    start = dt.date(2024, 1, 1)
    n_days = int(rng.integers(30, 80))
    step = one(("day", "week", "week", "month"))
    end = start + dt.timedelta(days=n_days * (3 if step == "month" else 1))

    def day() -> dt.date:
        return start + dt.timedelta(days=int(rng.integers(-10, (end - start).days)))

    def dated() -> dict[str, Any]:
        since = day()
        return {"since": since} | ({"until": since + dt.timedelta(days=20)} if rng.random() < 0.5 else {})

    factors = [f"f{k}" for k in range(int(rng.integers(0, 4)))]
    parties = [p for p in pairs if p[0] < p[1]]
    deals = [f"deal{k}" for k in range(int(rng.integers(0, 3)))]
    ties = [
        {"from": p[0], "to": p[1], "kind": one(KINDS), "strength": one(("weak", "moderate", "strong"))}
        | dated()
        for p in some(pairs * 2)[:6]
    ]
    threats = [{"by": f[5], "against": f[0], "strength": one(WORDS), "from": one(rungs)} for f in some(refs)]
    targets: list[dict[str, Any]] = [{"standing": names[0], "shift": 0.2}]
    targets += [{"pull": f, "shift": float(rng.normal())} for f in refs]
    targets += [{"provokes": f, "shift": float(rng.normal())} for f in refs]
    targets += [{"factor": f, "shift": 0.3, "at_once": bool(rng.random() < 0.5)} for f in factors]
    targets += [{"threat": f"{x['by']} -> {x['against']}", "shift": 0.7} for x in threats]
    targets += [{"tie": f"{x['from']} -> {x['to']}", "shift": -0.3} for x in ties]
    targets += [{one(("deal", "table")): deal, "shift": float(one((1, -1)))} for deal in deals]
    pace = {"incidents": float(rng.choice([0.0, 0.02, 1.0])), "revision": float(rng.choice([0.3, 1.0, 4.0]))}
    return case_of(
        start=start,
        end=end,
        step=step,
        fine=[{"since": start + dt.timedelta(days=9), "until": start + dt.timedelta(days=15)}] * one((0, 1)),
        pace=pace | {"preparation": 1.0, "stand_down": 0.5},
        ladder=ladder,
        actors=[
            {
                "id": name,
                "name": name,
                "standing": one(("low", "moderate", "high")),
                "wear": float(rng.random() / 2),
            }
            | (
                {"style": {"temperature": one(("modest", "considerable")), "bias": 0.4}}
                if rng.random() < 0.5
                else {}
            )
            for name in names
        ],
        ties=ties,
        fronts=[
            {"from": p[0], "to": p[1], "posture": one(rungs), "preparation": int(rng.integers(0, 4))}
            for p in chosen
        ],
        factors=[
            {
                "id": f,
                "name": f,
                "start": float(rng.random()),
                "target": float(rng.random()),
                "volatility": float(one((0.0, 0.05))),
                "drivers": [{"front": one(refs), "from": one(rungs), "gain": float(one((-0.5, 0.5)))}]
                * one((0, 2)),
            }
            for f in factors
        ],
        reasons=[
            {
                "id": f"r{k}",
                "front": one(refs),
                "direction": one(("restrain", "pull")),
                "weight": one(WORDS),
                "factor": one([*factors, None]),
                "from": one(rungs),
                "text": "t",
            }
            for k in range(int(rng.integers(0, 6)))
        ],
        threats=threats,
        deals=[
            {
                "id": deal,
                "name": deal,
                "between": list(parties[k % len(parties)]),
                "cap": one(rungs[:-1]),
                "on_table": start + dt.timedelta(days=int(rng.integers(0, 20))),
                "pace": 1.0,
                "terms": {parties[k % len(parties)][0]: 0.5},
                "breakdown": 0.2,
            }
            for k, deal in enumerate(deals)
        ],
        events=[
            {"id": f"e{k}", "date": day(), "text": "t", "effects": some(targets)[:4]}
            | ({"until": end - dt.timedelta(days=5)} if k % 2 else {})
            for k in range(int(rng.integers(0, 4)))
        ],
        questions=[
            {"id": "q", "text": "t", "by": end, "rule": {"front": refs[0], "reaches": rungs[-1]}},
        ],
    )


def _ladder(rng: np.random.Generator) -> tuple[dict[str, Any], tuple[str, ...]]:
    if rng.random() < 0.5:
        case = Case.model_fields["ladder"].default
        return case.model_dump(by_alias=True), SEVEN
    # ladders of every allowed length, readiness never falling
    n = int(rng.integers(2, 13))
    readiness = [0, *np.sort(rng.integers(0, 4, n - 1))]
    rungs = tuple(f"rung{k}" for k in range(n))
    parts = [int(k) for k in rng.integers(0, n, 3)]
    return {
        "rungs": [
            {"id": rung, "readiness": int(readiness[k]), "wear": 0.02 * k} for k, rung in enumerate(rungs)
        ],
        "contact": rungs[parts[0]],
        "blow": rungs[parts[1]],
        "attack": rungs[parts[2]],
    }, rungs


def game_of(case: Case, **compiled: Any) -> Game:
    return compile_case(case, case.start, **compiled)


def rows_of(game: Game, n: int, seed: int) -> np.ndarray:
    """Parameter rows (P, N) drawn from the priors, float32."""
    z, disposition, _ = reference.draw_statics(game.statics, n, np.random.default_rng(seed))
    rows = reference.parameter_rows(game.statics, reference.quantities(game.statics, z), disposition)
    return rows.astype(np.float32)


@dataclass(kw_only=True)
class Run:
    """The arrays that the kernel reads and fills."""

    game: Game
    rows: np.ndarray
    posture: np.ndarray
    goal: np.ndarray
    level: np.ndarray
    factor: np.ndarray
    standing: np.ndarray
    wear: np.ndarray
    deal: np.ndarray
    slots: np.ndarray
    keys: np.ndarray
    log_choice: np.ndarray
    log_weight: np.ndarray

    def state(self, t: int) -> reference.State:
        """What the kernel holds after step t, as the reference writes it."""
        return reference.State(
            posture=self.posture[t].astype(np.int64),
            goal=self.goal[t].astype(np.int64),
            preparation=self.level[t].astype(np.int64),
            factor=self.factor[t].astype(np.float64),
            standing=self.standing[t].astype(np.float64),
            wear=self.wear[t].astype(np.float64),
            deal=(self.deal[t] & 1).astype(bool),
        )

    def advance(self, first: int, last: int, *, track: bool = False, evidence: tuple | None = None) -> None:
        kernel.advance(
            self.game.plan, self.rows, self.posture, self.goal, self.level, self.factor, self.standing,
            self.wear, self.deal, self.slots, self.keys, first, last, track, self.log_choice, self.log_weight,
            *(evidence or kernel.no_evidence(len(self.game.fronts), len(self.game.rungs))),
        )  # fmt: skip

    def some(self, first: int, last: int) -> Run:
        """A run of some of the particles, all of its arrays its own."""
        own: dict[str, Any] = {
            f.name: getattr(self, f.name)
            if f.name in ("game", "keys")
            else np.ascontiguousarray(getattr(self, f.name)[..., first:last])
            for f in fields(self)
        }
        return Run(**own)


def run_of(game: Game, n: int, seed: int, rows: np.ndarray | None = None) -> Run:
    """N particles at the case's start, with room for all of its steps."""
    rng = np.random.default_rng(seed)
    n_steps = game.grid.n_steps
    state = reference.initial_state(game, n, rng)

    def over_time(first: np.ndarray, kind: type) -> np.ndarray:
        whole = np.zeros((n_steps + 1, *first.shape), dtype=kind)
        whole[0] = first
        return whole

    return Run(
        game=game,
        rows=rows_of(game, n, seed) if rows is None else rows,
        posture=over_time(state.posture, np.uint8),
        goal=over_time(state.goal, np.uint8),
        level=over_time(state.preparation, np.uint8),
        factor=over_time(state.factor, np.float32),
        standing=over_time(state.standing, np.float32),
        wear=over_time(state.wear, np.float32),
        deal=over_time(state.deal, np.uint8),
        slots=np.tile(np.arange(n, dtype=np.uint32), (n_steps + 1, 1)),
        keys=np.array([chance.step_key(seed, t) for t in range(n_steps + 1)], dtype=np.uint32),
        log_choice=np.zeros((len(game.actors), n), dtype=np.float32),
        log_weight=np.zeros(n),
    )
