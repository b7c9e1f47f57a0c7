"""What does the filter cost beside the field's package, and do both give the same answer?

The crisis of the calibration tests (3 actors, 3 fronts, 7 rungs, 12 weekly steps, every number unknown) with
the reports of one simulated history, all known in their own step. `particles` (Chopin and Papaspiliopoulos
2020) runs its bootstrap filter on the same model, whose step is NumPy over all fronts and particles at once.
Both carry as many particles all along, resample below 0.8, and leave fixed numbers alone. Log evidence and
posteriors have to agree within 4 standard errors over 60 runs of each; then seconds of processor time a run
are compared, in turns and the best of each, and seconds for equal variance of the log evidence.

    uv run python -m benchmarks.filter

Writes docs/validation/filter.md; prints one line of JSON.
"""

from __future__ import annotations

import itertools
import json
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from particles import SMC, FeynmanKac

from tests.infer.cases import day
from tests.infer.pooled import pooled, pooled_log_evidence
from tests.infer.simulate import STEPS, crisis, draw_reports, draw_truth
from tests.infer.told import World
from tocsin.case.known import as_known
from tocsin.case.model import Case
from tocsin.game import plan as p
from tocsin.game import reference
from tocsin.game.compile import compile_case
from tocsin.game.plan import Game
from tocsin.infer import filter as here
from tocsin.infer.evidence import (
    ON_DISPOSITION,
    ON_FACTOR,
    ON_READINESS,
    POSTURE_REPORT,
    Evidence,
    compile_evidence,
)
from tocsin.infer.filter import filter_island

F32 = NDArray[np.float32]
N, RUNS, SEED = 2_500, 60, 11  # as many as an island ships with
OUT = Path(__file__).parents[1] / "docs" / "validation" / "filter.md"


def told_case() -> Case:
    """The crisis, and what was said of one history of it, each report known at once."""
    rng, case = np.random.default_rng(SEED), crisis()
    world = World(case, day(STEPS, 6))
    reports = draw_reports(world, draw_truth(world, rng), rng)
    return case.model_copy(
        update={"reports": tuple(report.model_copy(update={"known": None}) for report in reports)}
    )


class Crisis(FeynmanKac):  # type: ignore[misc]
    """The game as a Feynman-Kac model: a particle is a row, its fixed numbers are found by its origin."""

    def __init__(self, game: Game, evidence: Evidence, n: int, seed: int) -> None:
        super().__init__(game.now)
        self.game, self.evidence, self.rng = game, evidence, np.random.default_rng(seed)
        z, disposition, deceives = reference.draw_statics(game.statics, n, self.rng)
        values = reference.quantities(game.statics, z)
        self.rows = reference.parameter_rows(game.statics, values, disposition).astype(np.float32)
        self.values, self.disposition = values.astype(np.float32), disposition
        self.deceives = deceives.astype(np.float32)
        f, k, a = len(game.fronts), len(game.factors), len(game.actors)
        edges = np.cumsum([0, f, f, f, k, a, a, 1])
        self.columns = [slice(*pair) for pair in itertools.pairwise(edges)]
        rung, n_rungs = np.arange(len(game.rungs)), len(game.rungs)
        self.ramps = np.array([np.clip((rung - q + 1) / (n_rungs - q), 0, 1) for q in rung], dtype=np.float32)

    def M0(self, n: int) -> F32:  # noqa: N802 - the package's name
        """Particles at step 0."""
        start = reference.initial_state(self.game, n, self.rng)
        parts = (start.posture, start.goal, start.preparation, start.factor, start.standing, start.wear)
        return np.concatenate([*parts, np.arange(n)[None]], axis=0).T.astype(np.float32)

    def M(self, t: int, xp: F32) -> F32:  # noqa: N802 - the package's name
        """One step of all particles."""
        plan, rng, n = self.game.plan, self.rng, len(xp)
        posture, goal, level, factor, standing, wear, origin = (xp[:, c].T.copy() for c in self.columns)
        rows = self.rows[:, origin[0].astype(np.int64)]
        i, j, back = plan.front_from, plan.front_to, plan.reverse
        target = np.repeat(plan.factor_target[t][:, None], n, axis=1)
        for k, f, from_, gain in zip(
            plan.driver_factor, plan.driver_front, plan.driver_from, plan.driver_gain, strict=True
        ):
            target[k] += gain * self.ramps[from_][posture[f].astype(np.int64)]
        keep = plan.factor_keep[t][:, None]
        noise = plan.factor_noise[t][:, None] * rng.standard_normal(factor.shape, dtype=np.float32)
        factor = np.clip(keep * factor + (1 - keep) * np.clip(target, 0, 1) + noise, 0, 1)

        theirs = np.where((back < 0)[:, None], 0, posture[back])
        seen = theirs + plan.lean[t][:, None] + rows[plan.row_bias[i]]
        seen += rows[plan.row_misperception[i]] * rng.standard_normal(seen.shape, dtype=np.float32)
        contact = (np.minimum(posture, theirs) >= plan.contact) & (back >= 0)[:, None]
        incident = (rng.random(seen.shape, dtype=np.float32) < plan.p_incident[t][:, None]) & contact
        seen[incident] += rng.integers(1, 4, int(incident.sum()))
        rung = np.arange(len(plan.need), dtype=np.float32)[:, None, None]
        utility = -0.5 * rows[plan.row_reciprocity[i]] * (rung - seen) ** 2
        utility -= rows[plan.row_inertia[i]] * np.abs(rung - posture)
        for f in range(len(i)):
            for k in range(plan.term_start[f], plan.term_start[f + 1]):
                kind, ref, x = plan.term_kind[k], plan.term_ref[k], rows[plan.term_row[k]]
                if kind == p.FACTOR:
                    x = x * factor[ref]
                elif kind == p.PERIL:
                    x = x * self.ramps[plan.blow][posture[ref].astype(np.int64)]
                elif kind == p.CREDIBLE:
                    x = x * standing[ref]
                elif kind == p.WEAK:
                    x = x * (1 - standing[ref])
                elif kind == p.WEAR:
                    x = x * wear[ref]
                first = plan.term_from[k]
                utility[first:, f] += self.ramps[first][first:, None] * x
        chances = np.cumsum(np.exp(utility - utility.max(axis=0)), axis=0)
        draw = rng.random(seen.shape, dtype=np.float32) * chances[-1]
        picked = (draw >= chances[:-1]).sum(axis=0)
        revises = incident | (rng.random(seen.shape, dtype=np.float32) < plan.p_revise[t])
        goal = np.where(revises, picked, goal)

        needed = plan.need[goal.astype(np.int64)]
        need = np.maximum(needed - 2 * ((theirs >= plan.relief_rung) & (back >= 0)[:, None]), 0)
        u = rng.random(seen.shape, dtype=np.float32)
        gained, lost = (
            (u >= np.cumsum(chance[:3])[:, None, None]).sum(axis=0)
            for chance in (plan.p_gain[t], plan.p_lose[t])
        )
        within = needed == 0
        more = np.where(level >= need, level, np.minimum(level + gained, 3))
        level = np.where(within, np.maximum(level - lost, 0), more)
        before, posture = posture, np.where(within | (level >= need), goal, posture)

        held, top = standing[j], len(plan.need) - 1.0
        standing += plan.standing_pull[t] * (plan.standing_base[t][:, None] - standing)
        wear *= 1 - plan.wear_heal[t]
        gap = (posture - np.where((back < 0)[:, None], 0, posture[back])) / top
        gain = plan.standing_gain[t] * (1 - held)
        change = np.where(gap <= 0, gain, -plan.standing_loss[t] * gap * held) * (posture >= plan.blow)
        jump = posture - before
        change -= ((jump >= 2) & (posture > plan.reach)) * plan.surprise * jump / top * held
        cost = plan.wear_cost[t][posture.astype(np.int64)]
        for f in range(len(i)):
            standing[j[f]] += change[f]
            wear[i[f]] += cost[f]
            wear[j[f]] += cost[f]
        parts = (posture, goal, level, factor, np.clip(standing, 0, 1), np.clip(wear, 0, 1), origin)
        return np.concatenate(parts, axis=0).T.astype(np.float32)

    def logG(self, t: int, xp: F32 | None, x: F32) -> NDArray[np.float64]:  # noqa: ARG002, N802 - the package's name
        """Log chance of what was said in a step."""
        e = self.evidence
        posture, _, level, factor, _, _, origin = (x[:, c].T for c in self.columns)
        who = origin[0].astype(np.int64)
        out = np.zeros(len(x))  # in 32 bits the package's resampling runs past the last particle
        for y in np.flatnonzero(e.known == t):
            a = self.values[e.reliability[y], who] * e.grade[y]
            ref, table = e.ref[y], e.level[y, : e.n_levels[y]]
            if e.kind[y] == POSTURE_REPORT:
                out += np.log(a * table[posture[ref].astype(np.int64)] + (1 - a) * e.base[y])
                continue
            shown = 1 / (1 + np.exp(-(table[:, None] + self.values[e.clarity[y], who])))
            if e.owner[y] >= 0:
                d = self.deceives[e.owner[y], who]
                shown = shown * (1 - e.conceal[y] * d)
                shown = shown + (1 - shown) * e.plant[y] * d
            if e.kind[y] == ON_FACTOR:
                at = factor[ref] * (len(table) - 1)
                low = np.minimum(at.astype(np.int64), len(table) - 2)
                lanes, part = np.arange(len(x)), at - low
                q = (1 - part) * shown[low, lanes] + part * shown[low + 1, lanes]
            else:
                true = (
                    self.disposition[ref, who]
                    if e.kind[y] == ON_DISPOSITION
                    else (level if e.kind[y] == ON_READINESS else posture)[ref].astype(np.int64)
                )
                q = shown[true, np.arange(len(x))]
            out += np.log(e.offset[y] + e.slope[y] * (a * q + (1 - a) * e.base[y]))
        return out

    def done(self, smc: SMC) -> bool:
        """Steps 0 to T, both counted."""
        return bool(smc.t > self.T)


class Runs:
    """Posteriors of one contestant's runs, their log evidence, and their seconds of processor time."""

    def __init__(self) -> None:
        self.parts: dict[str, list[NDArray[np.float64]]] = {}
        self.logs: list[float] = []
        self.seconds: list[float] = []

    def add(self, log_evidence: float, seconds: float, parts: dict[str, NDArray[np.float64]]) -> None:
        self.logs.append(log_evidence)
        self.seconds.append(seconds)
        for name, values in parts.items():
            self.parts.setdefault(name, []).append(values)

    @property
    def log_evidence(self) -> NDArray[np.float64]:
        """Of each run."""
        return np.array(self.logs)


def by_particles(game: Game, evidence: Evidence, run: int, into: Runs) -> None:
    """One run of the package's bootstrap filter."""
    began = time.process_time()
    model = Crisis(game, evidence, N, run)
    np.random.seed(run)  # noqa: NPY002 - the package draws its resampling from the global generator
    smc = SMC(fk=model, N=N, resampling="systematic", ESSrmin=0.8)
    smc.run()
    seconds = time.process_time() - began
    who = smc.X[:, model.columns[6]][:, 0].astype(np.int64)
    posture = smc.X[:, model.columns[0]].T
    into.add(
        float(smc.logLt), seconds, summary(smc.W, model.disposition[:, who], model.deceives[:, who], posture)
    )


def by_tocsin(game: Game, evidence: Evidence, run: int, into: Runs) -> None:
    """One island of the filter here, without moves."""
    began = time.process_time()
    island, _ = filter_island(game, evidence, n=N, seed=SEED, island=run, moves=False)
    seconds = time.process_time() - began
    parts = summary(island.weights(), island.disposition, island.deceives, island.posture[game.now])
    into.add(island.log_evidence_now(), seconds, parts)


def summary(weight, disposition, deceives, posture) -> dict[str, NDArray[np.float64]]:  # type: ignore[no-untyped-def]
    """Shares that both have to agree on."""
    return {
        "dispositions": np.stack([(disposition == d) @ weight for d in range(3)]),
        "deception": deceives @ weight,
        "postures": np.stack([(posture == r) @ weight for r in range(7)]),
    }


def main() -> None:
    case = told_case()
    as_of = day(STEPS, 6)
    game = compile_case(as_known(case, as_of), as_of)
    evidence = compile_evidence(game)
    here.MOST_EARLY = 1  # as many particles early as late, like the other
    for contestant in (by_tocsin, by_particles):
        contestant(game, evidence, 0, Runs())  # compiles
    ours, theirs = Runs(), Runs()
    for run in range(RUNS):
        by_particles(game, evidence, run, theirs)
        by_tocsin(game, evidence, run, ours)
    our_logs, their_logs = ours.log_evidence, theirs.log_evidence
    worst = 0.0
    for name in ours.parts:
        one, e1 = pooled(np.array(ours.parts[name]), our_logs)
        two, e2 = pooled(np.array(theirs.parts[name]), their_logs)
        least = np.sqrt(np.maximum(one * (1.0 - one), 0.0) / (N * RUNS))
        worst = max(worst, float((np.abs(one - two) / np.sqrt(e1**2 + e2**2 + least**2 + 1e-9)).max()))
    (log_ours, error_ours), (log_theirs, error_theirs) = map(pooled_log_evidence, (our_logs, their_logs))
    apart = abs(log_ours - log_theirs) / float(np.hypot(error_ours, error_theirs))
    # A shared machine only ever slows a run down.
    best = min(ours.seconds), min(theirs.seconds)
    ratio = best[1] / best[0]
    variance = float(np.var(their_logs, ddof=1) / np.var(our_logs, ddof=1))
    result = {
        "benchmark": "filter",
        "particles": N,
        "runs": RUNS,
        "items": evidence.n_items,
        "log_evidence": [round(log_ours, 3), round(log_theirs, 3)],
        "log_evidence_apart_in_errors": round(apart, 2),
        "posterior_apart_in_errors_at_most": round(worst, 2),
        "seconds_a_run": [round(seconds, 4) for seconds in best],
        "faster": round(ratio, 1),
        "variance_of_log_evidence_lower": round(variance, 2),
        "faster_at_equal_variance": round(ratio * variance, 1),
    }
    assert max(apart, worst) <= 4.0, result
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(page(result, our_logs, their_logs, error_ours, error_theirs), encoding="utf-8")
    print(json.dumps(result))


def page(result, our_logs, their_logs, error_ours, error_theirs) -> str:  # type: ignore[no-untyped-def]
    """The figures as a page."""
    ours, theirs = result["seconds_a_run"]
    intro = (
        "The same model and reports in the field's package `particles` 0.4 (its bootstrap filter, over a "
        f"step in NumPy) and here: 3 fronts, {STEPS} steps, {result['items']} reports and silences, "
        f"{result['particles']} particles all along, {result['runs']} runs of each, one thread, fixed "
        "numbers not moved. Made by `uv run python -m benchmarks.filter`."
    )
    logs, errors = result["log_evidence"], (error_ours, error_theirs)
    rows = {
        "pooled log evidence": [f"{log} ± {error:.3f}" for log, error in zip(logs, errors, strict=True)],
        "scatter of one run's log evidence": [f"{np.std(x, ddof=1):.3f}" for x in (our_logs, their_logs)],
        "seconds a run, best": [ours, theirs],
    }
    lines = [f"| {name} | {one} | {two} |" for name, (one, two) in rows.items()]
    table = "\n".join(["| | tocsin | particles |", "|---|---|---|", *lines])
    apart, farthest = result["log_evidence_apart_in_errors"], result["posterior_apart_in_errors_at_most"]
    verdict = (
        f"Log evidence: {apart} standard errors apart; the farthest of 33 posterior shares: {farthest}. "
        f"Processor time: **{result['faster']} times** less a run, **{result['faster_at_equal_variance']} "
        "times** less for equal variance of the log evidence, since postures are drawn given what was "
        "reported of them. The rival is written for speed (all fronts at once, fixed numbers found by index "
        "and not copied) and keeps no past, which tocsin's answers need."
    )
    return "\n\n".join(["# The filter beside `particles`", intro, table, verdict]) + "\n"


if __name__ == "__main__":
    main()
