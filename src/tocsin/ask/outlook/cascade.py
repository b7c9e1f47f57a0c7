"""Who joins after whom, what carries each step, and when each rung is first reached."""

from __future__ import annotations

import numpy as np

from tocsin.ask.estimate import Chance, Joiner
from tocsin.ask.futures import chances, joiners_of
from tocsin.ask.outlook.answer import Carrier, Joining, Link, Reach
from tocsin.ask.outlook.courses import given, share_gone
from tocsin.ask.outlook.runs import Futures
from tocsin.ask.outlook.signature import thresholds
from tocsin.infer.posterior import Posterior

WITHIN_WEEKS = 8
# Of those who hardly ever join nothing is said that would rest on a handful of runs.
LEAST_CHANCE = 0.01
MOST_CARRIERS = 4
MOST_LINKS = 12


def find_joinings(posterior: Posterior, futures: Futures) -> tuple[Joining, ...]:
    """Every front still within the limit, likeliest to join first."""
    game = posterior.game
    out = []
    for joiner in joiners_of(posterior, futures.until):
        f = game.fronts.index(joiner.ref)
        weight = posterior.weight * (futures.joined[f] <= futures.until)
        total = float(weight.sum())
        told = joiner.joins.probability >= LEAST_CHANCE
        carriers = _carriers(posterior, futures, f) if told else ()
        out.append(
            Joining(
                front=joiner.ref,
                joiner=joiner,
                carried_by=carriers[:MOST_CARRIERS],
                tie=next((c for c in carriers if c.kind == "alliance" and c.change > 0.0), None),
                incident=float(weight @ futures.incident[f] / total) if total > 0.0 else 0.0,
            )
        )
    return tuple(out)


def _carriers(posterior: Posterior, futures: Futures, f: int) -> tuple[Carrier, ...]:
    """What changed most in the decision, from the as-of day to the decision to join."""
    game = posterior.game
    total = futures.terms_weight[:, f].sum()
    if total <= 0.0:
        return ()
    n_terms, n_fronts = len(game.terms), len(game.fronts)
    before, after = futures.terms_now.sum(axis=0) / total, futures.terms_then.sum(axis=0) / total
    one, other = game.fronts[f].split(" -> ")
    carriers = [
        Carrier(
            kind=game.terms[j].name,
            label=game.terms[j].label,
            change=float(after[j] - before[j]),
            at=float(after[j]),
        )
        for j in range(n_terms)
        if game.terms[j].front == f
    ]
    for k, (kind, label) in enumerate(
        (("reciprocity", f"answers {other} in kind"), ("inertia", f"{one} stays where it is"))
    ):
        j = n_terms + k * n_fronts + f
        carriers.append(
            Carrier(kind=kind, label=label, change=float(after[j] - before[j]), at=float(after[j]))
        )
    return tuple(sorted(carriers, key=lambda c: -c.change))


def find_links(posterior: Posterior, futures: Futures, joiners: tuple[Joiner, ...]) -> tuple[Link, ...]:
    """Pairs in which one front's joining is followed by the other's more often than chance explains."""
    game, never = posterior.game, futures.until + 1
    weeks = np.cumsum([0.0, *game.grid.weeks[game.now + 1 : never]])
    likely = [game.fronts.index(j.ref) for j in joiners if j.joins.probability >= LEAST_CHANCE]
    # Weeks from the as-of step to the joining; far off where it never comes.
    when = {
        f: np.where(
            futures.joined[f] < never, weeks[np.minimum(futures.joined[f], futures.until) - game.now], np.inf
        )
        for f in likely
    }
    links = []
    for a in likely:
        for b in likely:
            # Answering in kind is no spreading.
            if a == b or int(game.plan.reverse[a]) == b:
                continue
            first, then = when[a], when[b]
            came_first = (futures.joined[a] < never) & (futures.joined[b] > futures.joined[a])
            with np.errstate(invalid="ignore"):
                soon = came_first & (then - first <= WITHIN_WEEKS)
            follows = given(posterior, soon, came_first)
            without = _otherwise(posterior, futures, (a, b), weeks, came_first)
            if not follows.probability - without.probability > 2.0 * np.hypot(
                follows.mc_error, without.mc_error
            ):
                continue
            links.append(
                Link(
                    first=game.fronts[a],
                    then=game.fronts[b],
                    within_weeks=WITHIN_WEEKS,
                    follows=follows,
                    without=without,
                )
            )
    links.sort(key=lambda link: -(link.follows.probability - link.without.probability))
    return tuple(links[:MOST_LINKS])


def _otherwise(
    posterior: Posterior, futures: Futures, pair: tuple[int, int], weeks: np.ndarray, came_first: np.ndarray
) -> Chance:
    """Chance that the second joins in as long a time where the first has not, at the dates the first does."""
    now = posterior.game.now
    first, then = futures.joined[pair[0]], futures.joined[pair[1]]
    dates = np.bincount(first[came_first], weights=posterior.weight[came_first], minlength=futures.until + 2)
    value = np.zeros(posterior.weight.size)
    if not dates.sum() > 0.0:
        return Chance(probability=float("nan"), mc_error=float("nan"))
    for t in np.flatnonzero(dates):
        last = now + int(np.searchsorted(weeks, weeks[t - now] + WITHIN_WEEKS, side="right")) - 1
        neither = (first > t) & (then > t)
        share = float(posterior.weight @ neither)
        if share > 0.0:
            value += dates[t] / dates.sum() / share * (neither & (then <= min(last, futures.until)))
    mean, error = posterior.expect(value)
    return Chance(probability=float(mean), mc_error=float(error))


def find_reaches(posterior: Posterior, until: int) -> tuple[Reach, ...]:
    """When each front first reaches each rung from the blow rung on, above where it likeliest stands now."""
    game = posterior.game
    blow, _, _ = thresholds(game)
    n_rungs, now = len(game.rungs), game.now
    out = []
    for f, ref in enumerate(game.fronts):
        path, calm = (
            posterior.paths.posture[now + 1 : until + 1, f],
            posterior.calm.posture[now + 1 : until + 1, f],
        )
        stands = int(
            np.argmax(
                np.bincount(posterior.paths.posture[now, f], weights=posterior.weight, minlength=n_rungs)
            )
        )
        for r in range(max(blow, stands + 1), n_rungs):
            above = path >= r
            ever, ever_calm = np.asarray(above.any(axis=0)), np.asarray((calm >= r).any(axis=0))
            (never,) = chances(posterior, ~ever[None])
            days = (None, None, None)
            if ever.any():
                step = now + 1 + above[:, ever].argmax(axis=0)
                weight = posterior.weight[ever]
                order = np.argsort(step, kind="stable")
                edges = np.cumsum(weight[order]) / weight.sum()
                at = [min(int(np.searchsorted(edges, q)), len(order) - 1) for q in (0.1, 0.5, 0.9)]
                days = tuple(game.grid.first_day(int(step[order[k]])) for k in at)  # type: ignore[assignment]
            out.append(
                Reach(
                    front=ref,
                    rung=game.rungs[r],
                    never=never,
                    early=days[0],
                    median=days[1],
                    late=days[2],
                    inadvertent=share_gone(posterior, ever, ever_calm),
                )
            )
    return tuple(out)


__all__ = ["WITHIN_WEEKS", "find_joinings", "find_links", "find_reaches"]
