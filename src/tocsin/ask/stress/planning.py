"""Plans: the fewest reports across a word's edge, the best that a budget buys, how far one source reaches."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tocsin.ask.bands import YARDSTICKS, band
from tocsin.ask.estimate import Chance
from tocsin.ask.futures import chances
from tocsin.ask.stress.answer import Budgeted, Fewest, Plan, Prices, Reach, SourcePrice, Trick
from tocsin.ask.stress.prices import price_of
from tocsin.ask.stress.search import NODES, Found, Problem, best_plan
from tocsin.ask.stress.tricks import Move, clashes, groups, origin_of
from tocsin.ask.stress.weighing import Alone, Truth, Weigher, reweigh
from tocsin.infer.filter import systematic
from tocsin.infer.posterior import Posterior
from tocsin.infer.work import Progress, stop_if

# Searched are so many particles, drawn from all by weight; what a plan does is then read off all of them.
SEARCHED = 6_000
# Plans that rest on fewer particles than this, of those searched, on either side of the question, are not
# proposed (or than a quarter of what is there): a search would find a plan to suit the few.
LEAST_EFFECTIVE = 30.0
# Tricks kept for the search: the strongest of each source each way, and of all.
KEPT_BY_SOURCE, KEPT_OF_ALL, KEPT_HIDES = 8, 30, 40
# Of thousands of tricks some seem strong by luck alone, and a search would find just these. So many of those
# kept may be such, by the rule of Benjamini and Hochberg (1995) on the errors of what each does alone.
FALSE_SHARE = 0.05
REACH_NODES = 60


class Planner:
    """The tricks that are worth a search, on one posterior and one question."""

    def __init__(
        self,
        weigher: Weigher,
        truth: Truth,
        moves: tuple[Move, ...],
        alone: Alone,
        *,
        prices: Prices,
        source_prices: tuple[SourcePrice, ...],
        deceiver: str | None,
        yardstick: str,
        plausible: float,
        cancel: threading.Event | None = None,
    ) -> None:
        self.weigher, self.posterior, self.truth = weigher, weigher.posterior, truth
        self.yardstick, self.deceiver, self.cancel = yardstick, deceiver, cancel
        self.now = chances(self.posterior, truth[None, :])[0]
        believable = ~alone.idle & ~(alone.chance < plausible)
        self.implausible = int((~alone.idle & (alone.chance < plausible)).sum())
        islands = float(1.0 / np.sum(self.posterior.island_weight**2))
        kept = _kept(moves, alone, believable, islands)
        rest = believable.copy()
        rest[kept] = False
        rest &= told(alone, islands)
        self.weakest = float(10.0 / math.log(10.0) * np.max(np.abs(alone.move[rest]), initial=0.0))
        self.untold = int((believable & ~told(alone, islands)).sum())
        self.moves = tuple(moves[k] for k in kept)
        self.chance = alone.chance[kept]
        self.log_factor = (
            np.stack([weigher.log_factor(move) for move in self.moves])
            if len(kept)
            else np.zeros((0, truth.size), dtype=np.float32)
        )
        self.names = [price.source for price in source_prices]
        place = {name: k for k, name in enumerate(self.names)}
        lanes, weight = _searched(self.posterior)
        self.searched = len(lanes)
        self.cost = np.array([price_of(move, prices) for move in self.moves], dtype=np.float64)
        self.count = np.array([move.count for move in self.moves], dtype=np.float64)
        full = Problem(
            log_factor=np.ascontiguousarray(self.log_factor[:, lanes]),
            weight=weight,
            truth=truth[lanes],
            cost=self.cost,
            needs=tuple(tuple(place[s] for s in move.sources) for move in self.moves),
            control=np.array([price.price for price in source_prices]),
            clash=clashes(self.moves),
            group=groups(self.moves),
            least_effective=(_least(weight * truth[lanes]), _least(weight * (1.0 - truth[lanes]))),
        )
        self.priced = full
        self.counted = Problem(
            log_factor=full.log_factor,
            weight=full.weight,
            truth=full.truth,
            cost=self.count,
            needs=((),) * len(self.moves),
            control=np.zeros(0),
            clash=full.clash,
            group=full.group,
            least_effective=full.least_effective,
        )
        self._tricks: dict[int, Trick] = {}

    def check(self) -> None:
        """Stop here if that is wanted."""
        stop_if(self.cancel)

    def trick(self, k: int) -> Trick:
        """One of the tricks kept, as it is told."""
        if k not in self._tricks:
            move = self.moves[k]
            alone = reweigh(self.posterior, self.truth, self.log_factor[k])
            chance = float(self.chance[k])
            self._tricks[k] = trick_of(move, None if math.isnan(chance) else chance, alone.shift)
        return self._tricks[k]

    def plan(self, which: Iterable[int]) -> Plan:
        """A plan, read off all particles."""
        which = tuple(which)
        told = reweigh(self.posterior, self.truth, self.log_factor[list(which)].sum(axis=0))
        sources = tuple(dict.fromkeys(s for k in which for s in self.moves[k].sources))
        return Plan(
            tricks=tuple(self.trick(k) for k in sorted(which, key=lambda k: (self.moves[k].date, k))),
            reports=int(self.count[list(which)].sum()),
            sources=sources,
            cost=self.priced.price(which),
            after=told.after,
            word=band(told.after, self.yardstick).word,
            shift=told.shift,
            effective=told.effective,
            rough=told.rough,
            deceives=self.flag(which),
        )

    def flag(self, which: tuple[int, ...]) -> Chance | None:
        """Probability that the deceiver deceives, after a plan."""
        if self.deceiver is None:
            return None
        marks = self.posterior.deceives[self.posterior.game.actors.index(self.deceiver)].astype(np.float64)
        return reweigh(self.posterior, marks, self.log_factor[list(which)].sum(axis=0)).after

    def after(self, which: tuple[int, ...]) -> float:
        """The probability after a plan, on all particles."""
        log_factor = self.log_factor[list(which)].sum(axis=0)
        return reweigh(self.posterior, self.truth, log_factor).after.probability

    def moves_of(self, plan: tuple[int, ...]) -> tuple[Move, ...]:
        """A plan as it is played."""
        return tuple(self.moves[k] for k in plan)

    # Fewest reports

    def fewest(self, up: bool, means: str, most: int) -> tuple[Fewest, tuple[int, ...]]:
        """The fewest reports that move the answer into the next word, by planting, hiding or both."""
        edge = edge_of(self.now.probability, self.yardstick, up)
        wanted = {"plant": ("plant",), "hide": ("hide",), "both": ("plant", "hide", "change")}[means]
        among = np.array([k for k, move in enumerate(self.moves) if move.kind in wanted], dtype=np.int64)
        direction = "up" if up else "down"
        none = {"direction": direction, "means": means, "plan": None, "clear": False, "minimal": False}
        if edge is None or not len(among):
            here = self.now.probability
            return Fewest(**none, edge=edge, tried_up_to=0, exact=True, bound=here), ()  # type: ignore[arg-type]
        problem, exact, bound = self.counted.among(among), True, self.now.probability
        for size in range(1, most + 1):
            self.check()
            found = best_plan(problem, float(size), up=up, at_least=_log_odds(edge), nodes=NODES)
            plan = tuple(int(among[k]) for k in found.plan)
            if plan and self.crosses(plan, edge, up):
                plan, minimal = self.shrunk(plan, edge, up)
                told = self.plan(plan)
                beyond = (told.after.probability - edge) * (1.0 if up else -1.0)
                return (
                    Fewest(
                        direction=direction, means=means, edge=edge, plan=told,
                        clear=beyond > 2.0 * told.after.mc_error, tried_up_to=size, exact=exact,
                        minimal=minimal, bound=bound,
                    ),
                    plan,
                )  # fmt: skip
            exact &= found.exact
            bound = _probability(found.bound)
        return Fewest(**none, edge=edge, tried_up_to=most, exact=exact, bound=bound), ()  # type: ignore[arg-type]

    def crosses(self, plan: tuple[int, ...], edge: float, up: bool) -> bool:
        """Whether a plan moves the answer into another word."""
        p = self.after(plan)
        return p >= edge if up else p < edge

    def shrunk(self, plan: tuple[int, ...], edge: float, up: bool) -> tuple[tuple[int, ...], bool]:
        """The smallest part of a plan that does it too, and whether no part of that one does."""
        for size in range(1, len(plan)):
            parts = [p for p in combinations(plan, size) if self.crosses(p, edge, up)]
            if parts:
                return min(parts, key=lambda p: self.count[list(p)].sum()), True
        return plan, True

    # Budgets

    def budgets(
        self, most: float, progress: Progress | None = None
    ) -> tuple[list[Budgeted], list[tuple[int, ...]]]:
        """The best plans for a quarter, half, three quarters and all of a budget, each way."""
        out: list[Budgeted] = []
        plans: list[tuple[int, ...]] = []
        for up in (True, False):
            start: tuple[int, ...] = ()
            for part in (0.25, 0.5, 0.75, 1.0):
                self.check()
                if progress:
                    progress(len(out), 8, "budgets spent")
                # What less money bought is still to be had: more never achieves less.
                found = best_plan(self.priced, part * most, up=up, start=start, nodes=NODES)
                start = found.plan
                plans.append(found.plan)
                out.append(
                    Budgeted(
                        direction="up" if up else "down",
                        budget=part * most,
                        plan=self.plan(found.plan) if found.plan else None,
                        exact=found.exact,
                        bound=_probability(found.bound),
                    )
                )
        return out, plans

    # Reach

    def reach(self, most: int, progress: Progress | None = None) -> list[Reach]:
        """How far each source, origin, discipline and actor's own sources can drive the answer."""
        case = self.posterior.game.case
        sources = {source.id: source for source in case.sources}
        units: list[tuple[str, str, tuple[str, ...]]] = [("source", s, (s,)) for s in sources]
        origins = sorted({r.origin for r in case.reports if r.origin and r.origin not in sources})
        for origin in origins:
            passing = tuple(dict.fromkeys(r.source for r in case.reports if r.origin == origin))
            units.append(("origin", origin, passing))
        for discipline in dict.fromkeys(s.discipline for s in sources.values()):
            units.append(
                ("discipline", discipline, tuple(s for s in sources if sources[s].discipline == discipline))
            )
        for actor in dict.fromkeys(s.controlled_by for s in sources.values() if s.controlled_by):
            units.append(("actor", actor, tuple(s for s in sources if sources[s].controlled_by == actor)))
        done: dict[tuple[str, bool], Found] = {}
        out = []
        for n, (kind, name, members) in enumerate(units):
            self.check()
            if progress:
                progress(n, len(units), "sources tried")
            among = self.open_to(kind, name, members)
            ends: list[tuple[int, ...]] = []
            exact = True
            for up in (False, True):
                found = self.farthest(among, members, most, up, done)
                exact &= found.exact
                if kind == "source":
                    done[name, up] = found
                ends.append(found.plan)
            lowest, highest = (self.plan(plan) if plan else None for plan in ends)
            out.append(
                Reach(
                    kind=kind,
                    name=name,
                    members=members,
                    tricks=len(among),
                    lowest=lowest,
                    highest=highest,
                    exact=exact,
                    low=lowest.after.probability if lowest else self.now.probability,
                    high=highest.after.probability if highest else self.now.probability,
                )
            )
        kinds = ("source", "origin", "discipline", "actor")
        return sorted(out, key=lambda r: (kinds.index(r.kind), r.low - r.high))

    def open_to(self, kind: str, name: str, members: tuple[str, ...]) -> NDArray[np.int64]:
        """Tricks open to whoever controls a unit."""
        if kind == "origin":
            chosen = [
                k for k, m in enumerate(self.moves) if m.gone and all(origin_of(r) == name for r in m.gone)
            ]
        else:
            chosen = [k for k, m in enumerate(self.moves) if set(m.sources) <= set(members)]
        return np.array(chosen, dtype=np.int64)

    def farthest(
        self,
        among: NDArray[np.int64],
        members: tuple[str, ...],
        most: int,
        up: bool,
        done: dict[tuple[str, bool], Found],
    ) -> Found:
        """The best plan of some tricks, never worse than what one member does alone."""
        place = {int(k): n for n, k in enumerate(among)}
        starts = [
            tuple(place[k] for k in done[member, up].plan)
            for member in members
            if (member, up) in done and all(k in place for k in done[member, up].plan)
        ]
        problem = self.counted.among(among)
        sign = 1.0 if up else -1.0
        start = max(starts, key=lambda plan: sign * problem.log_odds(plan), default=())
        found = best_plan(problem, float(most), up=up, start=start, nodes=REACH_NODES)
        return Found(
            plan=tuple(int(among[k]) for k in found.plan),
            log_odds=found.log_odds,
            bound=found.bound,
            exact=found.exact,
            nodes=found.nodes,
        )


def trick_of(move: Move, chance: float | None, alone: object) -> Trick:
    """A trick in words and numbers."""
    said = (move.added or move.gone)[0]
    before = " and ".join(dict.fromkeys(r.value for r in move.gone))
    value = said.value if move.added else ""
    about = " and ".join(dict.fromkeys(r.indicator or r.front or "" for r in (*move.gone, *move.added)))
    ids = ", ".join(r.id for r in move.gone)
    source = " and ".join(move.sources)
    text = {
        "plant": f"{source} reports {about}: {value}, of {move.date}",
        "hide": f"{source} does not report {about}: {before}, of {move.date} ({ids})",
        "change": f"{source} reports {about}: {value} instead of {before}, of {move.date} ({ids})",
    }[move.kind]
    origins = {r.origin for r in move.gone if r.origin}
    return Trick(
        kind=move.kind,
        source=said.source,
        sources=move.sources,
        origin=next(iter(origins)) if len(origins) == 1 else None,
        about=about,
        value=value,
        instead_of=before,
        date=move.date,
        reports=tuple(r.id for r in move.gone),
        count=move.count,
        chance=chance,
        alone=alone,  # type: ignore[arg-type]
        text=text,
    )


def edge_of(p: float, yardstick: str, up: bool) -> float | None:
    """The probability at which the next word begins, above or below; None where there is none.

    A yardstick with gaps between its words gives each gap's halves to the nearer one.

    Examples
    --------
    >>> edge_of(0.12, "ICD 203", True), edge_of(0.12, "ICD 203", False), edge_of(0.02, "ICD 203", False)
    (0.2, 0.05, None)
    """
    words = YARDSTICKS[yardstick]
    now = band(Chance(probability=p, mc_error=0.0), yardstick).word
    k = [word for word, _, _ in words].index(now)
    if up:
        return 0.5 * (words[k][2] + words[k + 1][1]) if k + 1 < len(words) else None
    return 0.5 * (words[k - 1][2] + words[k][1]) if k > 0 else None


def _log_odds(p: float) -> float:
    return math.log(p) - math.log1p(-p)


def _probability(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds)) if log_odds > -700.0 else 0.0


def told(alone: Alone, islands: float) -> NDArray[np.bool_]:
    """Tricks whose effect can be told from nothing, but for a share of `FALSE_SHARE` among them.

    Each has a p-value by Student's t of its effect over its jackknife error, with as many degrees of freedom
    as the islands that the weights are worth, less one. Those up to the largest k with p_(k) <= k q / C are
    taken (Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57). That is proved for
    independent tests and for some that hang together (Benjamini and Yekutieli 2001, Annals of Statistics 29).
    These share their particles, and so the share is a guide and no guarantee.
    """
    from scipy.special import stdtr

    known = np.isfinite(alone.move) & (alone.error > 0.0)
    p = np.ones(len(alone.move))
    p[known] = 2.0 * stdtr(max(islands - 1.0, 0.5), -np.abs(alone.move[known] / alone.error[known]))
    order = np.argsort(p, kind="stable")
    tested = int((~alone.idle).sum())
    below = np.flatnonzero(p[order] <= FALSE_SHARE * np.arange(1, len(p) + 1) / max(tested, 1))
    out = np.zeros(len(p), dtype=bool)
    if len(below):
        out[order[: below[-1] + 1]] = True
    return out & known


def _kept(
    moves: tuple[Move, ...], alone: Alone, believable: NDArray[np.bool_], islands: float
) -> NDArray[np.int64]:
    """The tricks to be searched: of each source and of all the strongest each way, and what can be hidden."""
    telling = believable & told(alone, islands)
    by_source: dict[tuple[str, ...], list[int]] = {}
    for k in np.flatnonzero(telling):
        by_source.setdefault(moves[k].sources, []).append(int(k))
    everything = [int(k) for k in np.flatnonzero(telling)]
    kept: set[int] = set()
    for sign in (1.0, -1.0):
        for group in (*by_source.values(), everything):
            right = sorted(
                (k for k in group if sign * alone.move[k] > 0), key=lambda k: -sign * alone.move[k]
            )
            most = KEPT_OF_ALL if group is everything else KEPT_BY_SOURCE
            kept.update(int(k) for k in right[:most])
    hides = [k for k in np.flatnonzero(telling) if moves[k].kind == "hide"]
    kept.update(int(k) for k in sorted(hides, key=lambda k: -abs(alone.move[k]))[:KEPT_HIDES])
    return np.array(sorted(kept), dtype=np.int64)


def _least(weight: np.ndarray) -> float:
    """Particles that a plan must rest on, of those on one side of the question."""
    return (
        min(LEAST_EFFECTIVE, 0.25 * float(weight.sum() ** 2 / np.sum(weight**2)))
        if weight.sum() > 0.0
        else 0.0
    )


def _searched(posterior: Posterior) -> tuple[NDArray[np.int64], np.ndarray]:
    """Particles to search on and their weights: all, or so many drawn from all by weight."""
    n = posterior.weight.size
    if n <= SEARCHED:
        return np.arange(n), posterior.weight.copy()
    drawn = systematic(posterior.weight / posterior.weight.sum(), 0.5, SEARCHED)
    lanes, copies = np.unique(drawn, return_counts=True)
    return lanes.astype(np.int64), copies / SEARCHED


__all__ = ["Planner", "edge_of", "trick_of"]
