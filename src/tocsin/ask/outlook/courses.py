"""Named courses: groups of alike futures, what is typical of each, where it parts from the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from tocsin.ask.estimate import Chance, Number
from tocsin.ask.futures import chances
from tocsin.ask.outlook.answer import Course, Fork, Grouping, Sign, Spread, Turn
from tocsin.ask.outlook.groups import SAMPLE, group
from tocsin.ask.outlook.naming import names_of, traits_of
from tocsin.ask.outlook.runs import Futures
from tocsin.ask.outlook.signature import (
    Conflicts,
    Signature,
    importance,
    read_signature,
    thresholds,
)
from tocsin.game.plan import F64
from tocsin.infer.filter import systematic
from tocsin.infer.posterior import Posterior

Label = NDArray[np.int64]

# The first fork is where the parting has come to half of what it will come to; a sign tells from a factor of
# two in the odds on and hints from a quarter on, if it is clear of chance by two errors; so many are told.
PARTED = 0.5
TELLS = 2.0
HINTS = 1.25
MOST_SIGNS = 5


def find_courses(
    posterior: Posterior, conflicts: Conflicts, under_way: tuple[int, ...], futures: Futures
) -> tuple[tuple[Course, ...], Grouping, Label]:
    """The courses, likeliest first, how they were found, and which one every particle takes (N,)."""
    game, until = posterior.game, futures.until
    paths, calm = posterior.paths, posterior.calm
    signature = read_signature(game, conflicts, paths.posture, paths.deal, until)
    quiet = read_signature(game, conflicts, calm.posture, calm.deal, until)
    worth = importance(game, conflicts)
    features = signature.features(worth)
    rng = np.random.Generator(
        np.random.Philox(np.random.SeedSequence(entropy=posterior.seed, spawn_key=(21,)))
    )
    sample = systematic(posterior.weight, rng.random(), min(SAMPLE, len(posterior.weight))).astype(np.int64)
    groups = group(features, sample)
    label = _nearest(features, features[groups.medoids])
    if_calm = _nearest(quiet.features(worth), features[groups.medoids])
    shares = np.bincount(label, weights=posterior.weight, minlength=len(groups.medoids))
    order = [k for k in np.argsort(-shares, kind="stable") if shares[k] > 0.0]
    incident = _after_incident(conflicts, signature, under_way, futures)
    members = [posterior.weight * (label == k) for k in order]
    traits = [
        traits_of(game, conflicts, signature, under_way, w, float(w @ incident / w.sum())) for w in members
    ]
    reached = _first_reached(posterior, until)
    found = chances(posterior, np.stack([label == k for k in order]))
    courses = []
    for k, name, w, chance in zip(order, names_of(traits), members, found, strict=True):
        medoid = int(groups.medoids[k])
        apart = np.abs(features - features[medoid]).sum(axis=1)
        courses.append(
            Course(
                name=name,
                chance=chance,
                halves=_halves(posterior, label == k),
                typical=_typical(posterior, medoid, until),
                distance=float(w @ apart / w.sum()),
                spread=_spread(posterior, conflicts, signature, w),
                incident=float(w @ incident / w.sum()),
                inadvertent=share_gone(posterior, label == k, if_calm == k),
                fork=_fork(posterior, label == k, reached, until),
                signs=_signs(posterior, label == k, futures),
            )
        )
    place = np.zeros(len(groups.medoids), dtype=np.int64)
    place[order] = np.arange(len(order))
    grouping = Grouping(sampled=len(sample), silhouette=groups.silhouette, tried=groups.tried)
    return tuple(courses), grouping, place[label]


def _nearest(features: F64, medoids: F64) -> Label:
    block = 20_000
    parts = [
        cdist(features[b : b + block], medoids, "cityblock").argmin(axis=1)
        for b in range(0, len(features), block)
    ]
    return np.concatenate(parts).astype(np.int64)


def share_gone(posterior: Posterior, truth: np.ndarray, calm: np.ndarray) -> Number | None:
    """Share of a chance that is gone when nobody misreads and nothing happens by accident; same chance."""
    m = posterior.islands
    weight = posterior.weight.reshape(m, -1)
    with_errors = (weight * truth.reshape(m, -1)).sum(axis=1)
    without = (weight * calm.reshape(m, -1)).sum(axis=1)
    total = with_errors.sum()
    if total <= 0.0:
        return None
    share = 1.0 - without.sum() / total
    residual = (with_errors - without) - share * with_errors
    error = np.sqrt(m / (m - 1.0) * np.sum(residual**2)) / total
    return Number(value=float(share), mc_error=float(error))


def _halves(posterior: Posterior, truth: np.ndarray) -> tuple[float, float]:
    m = posterior.islands
    weight = posterior.weight.reshape(m, -1)
    inside = (weight * truth.reshape(m, -1)).sum(axis=1)
    one, other = (
        float(inside[part].sum() / max(weight[part].sum(), 1e-300))
        for part in (slice(0, m // 2), slice(m // 2, m))
    )
    return one, other


def _typical(posterior: Posterior, lane: int, until: int) -> tuple[Turn, ...]:
    """The days on which one future goes higher than ever since the as-of day, from the blow rung on."""
    game = posterior.game
    blow, _, _ = thresholds(game)
    posture, deal = posterior.paths.posture[:, :, lane], posterior.paths.deal[:, :, lane]
    highest = posture[game.now].copy()
    in_force = deal[game.now].copy()
    titles = {d.id: d.name for d in game.case.deals}
    turns = []
    for t in range(game.now + 1, until + 1):
        day = game.grid.first_day(t)
        for f, ref in enumerate(game.fronts):
            if posture[t, f] > highest[f]:
                highest[f] = posture[t, f]
                if posture[t, f] >= blow:
                    turns.append(Turn(day=day, what=f"{ref} reaches {game.rungs[posture[t, f]]}"))
        for g, name in enumerate(game.deals):
            if deal[t, g] and not in_force[g]:
                turns.append(Turn(day=day, what=f"{titles[name]} comes into force"))
            elif in_force[g] and not deal[t, g]:
                turns.append(Turn(day=day, what=f"{titles[name]} ends"))
        in_force = deal[t].copy()
    return tuple(turns)


def _spread(
    posterior: Posterior, conflicts: Conflicts, signature: Signature, weight: F64
) -> tuple[Spread, ...]:
    game, total = posterior.game, float(weight.sum())
    out = []
    for c in range(len(conflicts.pairs)):
        beyond = float(weight @ (signature.level[c] >= 2) / total)
        order = np.argsort(signature.leaves[c], kind="stable")
        at = int(np.searchsorted(np.cumsum(weight[order]), 0.5 * total))
        out.append(
            Spread(
                conflict=conflicts.name(game, c),
                beyond=beyond,
                attack=float(weight @ (signature.level[c] >= 3) / total),
                median_day=game.grid.first_day(int(signature.leaves[c][order[at]])) if beyond > 0.5 else None,
            )
        )
    return tuple(sorted(out, key=lambda s: -s.beyond))


def _after_incident(
    conflicts: Conflicts, signature: Signature, under_way: tuple[int, ...], futures: Futures
) -> F64:
    """Whether the first conflict to leave the limit did so within a step of an incident on it: (N,)."""
    fresh = [c for c in range(len(conflicts.pairs)) if c not in under_way]
    if not fresh:
        return np.zeros(signature.leaves.shape[1])
    first = signature.leaves[fresh].argmin(axis=0)
    opener = np.take_along_axis(signature.opener[fresh], first[None], axis=0)[0]
    hit = np.take_along_axis(futures.incident, np.maximum(opener, 0)[None], axis=0)[0]
    return np.where(opener >= 0, hit, 0).astype(np.float64)


def _first_reached(posterior: Posterior, until: int) -> NDArray[np.int16]:
    """(F, L, N) first step after the as-of step on which each front has reached each rung, or until + 1."""
    game, posture = posterior.game, posterior.paths.posture
    n_rungs = len(game.rungs)
    first = np.full((posture.shape[1], n_rungs, posture.shape[2]), until + 1, dtype=np.int16)
    for t in range(until, game.now, -1):
        for r in range(1, n_rungs):
            first[:, r][posture[t] >= r] = t
    return first


def _fork(posterior: Posterior, on: np.ndarray, reached: np.ndarray, until: int) -> Fork | None:
    """The first front, rung and day that part a course from the rest half as well as anything does later."""
    game = posterior.game
    inside, outside = posterior.weight * on, posterior.weight * ~on
    if until <= game.now or inside.sum() <= 0.0 or outside.sum() <= 0.0:
        return None
    blow, _, _ = thresholds(game)
    n_fronts, n_rungs, _ = reached.shape
    gap = np.zeros((until - game.now, n_fronts, n_rungs))
    for f in range(n_fronts):
        for r in range(blow, n_rungs):
            by_on = np.bincount(reached[f, r], weights=inside, minlength=until + 2)[game.now + 1 : until + 1]
            by_off = np.bincount(reached[f, r], weights=outside, minlength=until + 2)[
                game.now + 1 : until + 1
            ]
            gap[:, f, r] = np.cumsum(by_on) / inside.sum() - np.cumsum(by_off) / outside.sum()
    by_step = np.abs(gap).max(axis=(1, 2))
    if by_step.max() <= 0.0:
        return None
    k = int(np.argmax(by_step >= PARTED * by_step.max()))
    f, r = divmod(int(np.abs(gap[k]).argmax()), n_rungs)
    step = game.now + 1 + k
    has = reached[f, r] <= step
    return Fork(
        day=game.grid.first_day(step),
        front=game.fronts[f],
        rung=game.rungs[r],
        reached_on=given(posterior, has, on),
        reached_off=given(posterior, has, ~on),
        then=given(posterior, on, has),
        else_=given(posterior, on, ~has),
    )


def given(posterior: Posterior, truth: np.ndarray, condition: np.ndarray) -> Chance:
    """Chance of one thing given another; not a number where the other never happens."""
    weight = posterior.weight * condition
    if not weight.sum() > 0.0:
        return Chance(probability=float("nan"), mc_error=float("nan"))
    mean, error = posterior.expect(truth.astype(np.float64), weight)
    return Chance(probability=float(mean), mc_error=float(error))


def _signs(posterior: Posterior, on: np.ndarray, futures: Futures) -> tuple[Sign, ...]:
    """Indicators that tell the course from the rest, or hint at it."""
    game = posterior.game
    inside, outside = posterior.weight * on, posterior.weight * ~on
    if not futures.looks or inside.sum() <= 0.0 or outside.sum() <= 0.0:
        return ()
    seen_on, error_on = posterior.expect(futures.seen, inside)
    seen_off, error_off = posterior.expect(futures.seen, outside)
    ratio = seen_on / np.maximum(seen_off, 1e-12)
    error = np.sqrt(
        (error_on / np.maximum(seen_on, 1e-12)) ** 2 + (error_off / np.maximum(seen_off, 1e-12)) ** 2
    )
    clear = np.log(np.maximum(ratio, 1e-12)) > 2.0 * error
    signs = []
    for k, indicator in enumerate(game.case.indicators):
        tells, hints = clear[k] & (ratio[k] >= TELLS), clear[k] & (ratio[k] >= HINTS)
        if not hints.any():
            continue
        # The first look that tells; where none does, the one that hints most.
        at = int(tells.argmax()) if tells.any() else int(np.where(hints, ratio[k], 0.0).argmax())
        weeks, step = futures.looks[at]
        signs.append(
            Sign(
                indicator=indicator.id,
                name=indicator.name,
                by=game.grid.first_day(step),
                weeks=weeks,
                seen_on=Chance(probability=float(seen_on[k, at]), mc_error=float(error_on[k, at])),
                seen_off=Chance(probability=float(seen_off[k, at]), mc_error=float(error_off[k, at])),
                ratio=float(ratio[k, at]),
            )
        )
    # Those that tell, earliest first; then those that hint, strongest first.
    signs.sort(key=lambda s: (0, s.weeks, -s.ratio) if s.ratio >= TELLS else (1, -s.ratio, s.weeks))
    return tuple(signs[:MOST_SIGNS])


__all__ = ["find_courses", "given", "share_gone"]
