"""Histories and their reports drawn from a case, by the game as told a second time; and where a truth ranks.

For simulation-based calibration (Talts, Betancourt, Simpson, Vehtari and Gelman 2018): draw a truth from the
prior and data from the truth; in the posterior given the data, the truth's rank is uniform.
"""

# ruff: noqa: E501 - one kind of thing a line

from __future__ import annotations

import datetime as dt
import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.infer.cases import day, exactly
from tests.infer.told import QUIET_DAYS, State, World
from tocsin.case import words
from tocsin.case.known import as_known
from tocsin.case.model import Case, Report
from tocsin.game.compile import compile_case
from tocsin.infer.evidence import compile_evidence
from tocsin.infer.filter import filter_island

STEPS = 12


@dataclass(frozen=True, kw_only=True)
class Truth:
    """One history and what it comes from."""

    numbers: dict[str, float]
    kinds: tuple[int, ...]
    deceives: tuple[int, ...]
    path: tuple[State, ...]  # steps 0 to now


def crisis() -> Case:
    """Three actors on three fronts over a dozen weeks, everything about them unknown as it usually is."""
    return Case.model_validate(
        {
            "tocsin": 1, "title": "t", "question": "q", "start": day(1), "end": day(STEPS, 6),
            "pace": {"revision": 1.5},
            "actors": [
                {"id": "a", "name": "A", "deception": 0.5, "dispositions": {"restrained": 0.4, "opportunist": 0.3, "committed": 0.3}},
                {"id": "b", "name": "B", "deception": 0.2},
                {"id": "c", "name": "C", "deception": 0.2, "standing": "high"},
            ],
            "ties": [
                {"from": "b", "to": "c", "kind": "alliance", "strength": "strong", "since": "2001"},
                {"from": "a", "to": "b", "kind": "rivalry", "strength": "moderate", "since": "2001"},
            ],
            "fronts": [
                {"from": "a", "to": "b", "posture": "shows", "preparation": [0.5, 0.3, 0.2, 0.0], "incidents": 0.1},
                {"from": "b", "to": "a", "posture": "shows"},
                {"from": "c", "to": "a"},
            ],
            "factors": [
                {"id": "anger", "name": "n", "start": 0.4, "pace": 0.2, "volatility": 0.1,
                 "drivers": [{"front": "b -> a", "from": "exchange", "gain": 0.5}]},
            ],
            "reasons": [
                {"id": "revenge", "front": "a -> b", "direction": "pull", "weight": "strong", "factor": "anger", "from": "exchange", "text": "t"},
                {"id": "cost", "front": "b -> a", "direction": "restrain", "weight": "considerable", "from": "strikes", "text": "t"},
            ],
            "threats": [{"by": "c", "against": "a", "protects": "b", "strength": "considerable", "from": "offensive"}],
            "indicators": [
                {"id": "massing", "name": "n", "about": {"preparation": "a -> b"}, "concealable": 0.7, "plantable": 0.3,
                 "likelihood": {"0": "very unlikely", "1": "unlikely", "2": "likely", "3": "very likely"}},
                {"id": "fire", "name": "n", "about": {"posture": "b -> a"}, "concealable": 0.3,
                 "likelihood": {"calm": "remote", "exchange": "likely", "strikes": "almost certain"}},
                {"id": "hardline", "name": "n", "about": {"disposition": "a"}, "plantable": 0.3,
                 "likelihood": {"restrained": "unlikely", "opportunist": "roughly even", "committed": "very likely"}},
                {"id": "crowds", "name": "n", "about": {"factor": "anger"}, "likelihood": {"low": "unlikely", "high": "very likely"}},
            ],
            "sources": [
                {"id": "press", "name": "n", "grade": "C", "reason": "r"},
                {"id": "radio", "name": "n", "grade": "F", "reason": "r", "base_rate": "roughly even"},
                {"id": "spotters", "name": "n", "grade": "B", "reason": "r",
                 "watches": [{"indicator": "massing", "coverage": exactly(0.7)}]},
            ],
            "questions": [{"id": "q", "text": "t", "by": day(STEPS), "rule": {"front": "a -> b", "reaches": "war"}}],
        }
    )  # fmt: skip


def draw_truth(world: World, rng: np.random.Generator) -> Truth:
    """A history from the prior, up to the as-of step."""
    case = world.case
    numbers = {
        label: float(world.value(prior, rng.standard_normal())) for label, prior in world.priors().items()
    }

    def one(chances: Any) -> int:
        return int(rng.choice(len(chances), p=np.array(chances) / np.sum(chances)))

    kinds = tuple(
        one([actor.dispositions.get(d.id, 0.0) for d in case.dispositions]) for actor in case.actors
    )
    deceives = tuple(int(rng.random() < words.strength(actor.deception).median) for actor in case.actors)
    starts = world.start()
    path = [starts[one([p for p, _ in starts])][1]]
    for t in range(1, world.now + 1):
        state = path[-1]
        factor = world.next_factors(state, tuple(rng.standard_normal(len(world.factors))))
        goals, postures, levels, agreed = [], [], [], True
        for f in range(len(world.fronts)):
            ways = world.decide(f, state, factor, numbers, kinds[world.who[f][0]])
            _, chances, accepts = ways[one([p for p, _, _ in ways])]
            goals.append(one(chances))
            outcomes = world.ready(f, state, goals[-1])
            _, posture, level = outcomes[one([p for p, _, _ in outcomes])]
            postures.append(posture)
            levels.append(level)
            agreed &= bool(rng.random() < accepts)
        if state.deal:
            deal = bool(rng.random() >= 1.0 - math.exp(-case.deals[0].breakdown))
        else:
            deal = agreed and bool(rng.random() < world.talks(t))
        now = tuple(postures)
        path.append(State(now, tuple(goals), tuple(levels), *world.follow(state, now), factor, deal))
    return Truth(numbers=numbers, kinds=kinds, deceives=deceives, path=tuple(path))


def draw_reports(
    world: World, truth: Truth, rng: np.random.Generator, often: float = 0.3
) -> tuple[Report, ...]:
    """What the sources say of a history: whatever they are asked, and what their watches come upon.

    A source that is asked answers seen or not seen, or names a rung; some of it is learned late. A watch
    that comes upon its indicator says so, and then not again while that counts as said.
    """
    case, out = world.case, []
    ids = (f"r{k}" for k in itertools.count())
    sources = {source.id: source for source in case.sources}
    watched = {(source.id, watch.indicator) for source in case.sources for watch in source.watches}

    def chance(item: Any) -> float:
        return float(
            item.chance(
                world.level(item, truth.path[item.step], truth.kinds),
                truth.numbers[f"{item.source}: reliability"],
                truth.numbers[f"{item.indicator}: clarity"] if item.indicator else 0.0,
                truth.deceives[item.owner] if item.owner is not None else 0,
            )
        )

    for step in range(1, world.now + 1):
        for source, indicator in itertools.product(case.sources, case.indicators):
            if (source.id, indicator.id) in watched or rng.random() >= often:
                continue
            grade = int(rng.integers(1, 7))
            trust = words.ITEM_FACTOR[grade]
            seen = rng.random() < chance(world.shows("", step, step, source, indicator, trust, 0.0, 1.0))
            value = "seen" if seen else "not seen"
            known = day(step, int(rng.integers(0, 30)))
            out.append(
                Report(id=next(ids), date=day(step), known=known, source=source.id, indicator=indicator.id, value=value, grade=grade)
            )  # fmt: skip
        for source, front in itertools.product(case.sources, world.fronts):
            if rng.random() >= often:
                continue
            grade = int(rng.integers(1, 7))
            said = [
                chance(world.names("", step, step, source, front, rung, words.ITEM_FACTOR[grade]))
                for rung in world.rungs
            ]
            rung = world.rungs[int(rng.choice(len(said), p=np.array(said) / sum(said)))]
            out.append(
                Report(id=next(ids), date=day(step), source=source.id, front=front, value=rung, grade=grade)
            )
    indicators = {indicator.id: indicator for indicator in case.indicators}
    for source_id, indicator_id in sorted(watched):
        watch = next(w for w in sources[source_id].watches if w.indicator == indicator_id)
        last = dt.date.min
        for step in range(1, world.now + 1):
            if (day(step) - last).days < QUIET_DAYS:
                continue
            coverage = words.likelihood(watch.coverage).median
            item = world.shows("", step, step, sources[source_id], indicators[indicator_id], 1.0, 0.0, 1.0)
            if rng.random() < coverage * chance(item):
                last = day(step)
                out.append(Report(id=next(ids), date=last, source=source_id, indicator=indicator_id))
    return tuple(out)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A truth in its posterior."""

    rank: float  # share of the posterior below it, (0, 1); among equals at random
    mean: float  # of the posterior
    chance: float  # of exactly this value, for what is discrete
    true: float


def place(
    case: Case, truth: Truth, as_of: dt.date, rng: np.random.Generator, *, islands: int, n: int, seed: int
) -> dict[str, Placed]:
    """Where everything unknown of the truth falls in the pooled posterior."""
    game = compile_case(as_known(case, as_of), as_of)
    evidence = compile_evidence(game)
    runs = [filter_island(game, evidence, n=n, seed=seed, island=k)[0] for k in range(islands)]
    log_evidence = np.array([p.log_evidence_now() for p in runs])
    share = np.exp(log_evidence - log_evidence.max())
    weight = np.concatenate([s * p.weights() for s, p in zip(share / share.sum(), runs, strict=True)])
    now, out = game.now, dict[str, Placed]()

    def put(name: str, values: list[np.ndarray], true: float) -> None:
        drawn = np.concatenate(values)
        below, same = weight[drawn < true].sum(), weight[drawn == true].sum()
        rank = float(min(max(below + rng.random() * same, 0.0), 1.0))
        out[name] = Placed(rank=rank, mean=float(weight @ drawn), chance=float(same), true=float(true))

    for q, label in enumerate(game.statics.labels):
        if game.statics.coordinate[q] >= 0:
            true = truth.numbers[label]
            put(label, [p.values[q] for p in runs], 1.0 / true if label.endswith(": temperature") else true)
    state = truth.path[now]
    for i, actor in enumerate(game.actors):
        put(f"{actor}: disposition", [p.disposition[i] for p in runs], truth.kinds[i])
        put(f"{actor}: deceives", [p.deceives[i] for p in runs], truth.deceives[i])
    for f, front in enumerate(game.fronts):
        put(f"{front}: posture", [p.posture[now, f] for p in runs], state.posture[f])
        put(f"{front}: goal", [p.goal[now, f] for p in runs], state.goal[f])
        put(f"{front}: readiness", [p.readiness[now, f] for p in runs], state.level[f])
    for k, factor in enumerate(game.factors):
        put(f"{factor}: now", [p.factor[now, k] for p in runs], state.factor[k])
    return out


def replicate(seed: int, *, islands: int, n: int) -> dict[str, Placed]:
    """One truth, its reports, and its place in the posterior given them."""
    rng = np.random.default_rng([20180418, seed])
    case, as_of = crisis(), day(STEPS, 6)
    world = World(case, as_of)
    truth = draw_truth(world, rng)
    told = case.model_copy(update={"reports": draw_reports(world, truth, rng)})
    return place(told, truth, as_of, rng, islands=islands, n=n, seed=seed)
