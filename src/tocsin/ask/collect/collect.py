"""The answer of ``tocsin collect``: put together from its four parts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

from tocsin.ask.collect.allocation import allocate
from tocsin.ask.collect.answer import Collection, CollectorState, FrontWarning, Look, Neglect
from tocsin.ask.collect.channels import Channel, Shares, channels, moved, present, qualities
from tocsin.ask.collect.histories import Histories, histories_afresh, histories_ahead
from tocsin.ask.collect.neglect import neglected, without
from tocsin.ask.collect.warning import Told, Watched, bears_on, front_warning, told, watched
from tocsin.ask.collect.worth import worth
from tocsin.ask.heading import heading
from tocsin.ask.inferred import AskError, Inferred
from tocsin.ask.resolve import outcomes
from tocsin.case.model import Case, Collector
from tocsin.infer.posterior import Posterior
from tocsin.infer.work import Progress, do_all, stop_if

WITHIN_WEEKS, HORIZON_WEEKS, UNIT, SPARED = 8.0, 26.0, 0.1, 0.5
NO_COLLECTORS = (
    "the case has no collectors: write collectors.yaml, one entry for each, with an id, a name, a "
    "discipline, quality (by actor: the chance a week that what is there is passed on) and looks (the share "
    "now)"
)
Part = TypeVar("Part")


def collect(
    inferred: Inferred,
    *,
    within_weeks: float = WITHIN_WEEKS,
    horizon_weeks: float = HORIZON_WEEKS,
    unit: float = UNIT,
    spared: float = SPARED,
    weights: Mapping[str, float] | None = None,
    moves: tuple[tuple[str, str, float], ...] = (),
    side: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Collection:
    """Where to look, and what is lost by looking elsewhere.

    Parameters
    ----------
    inferred : the posterior to start from
    within_weeks : an attack within so many weeks is what a warning warns of
    horizon_weeks : the game is run on for so long, and not beyond the case
    unit : share of a collector whose further looking is valued
    spared : share of an attack's harm that warning in time spares
    weights : by front, how much its harm counts for us; all alike if left out
    moves : (collector, actor, share) to set anew, all at once, and to compare with the present
    side : take only this actor's collectors and those of nobody; all if left out
    threads : at most so many fronts at once; all cores if left out. The answer does not depend on it
    progress : called with (done, total, what)
    cancel : set it to stop

    Raises
    ------
    AskError for what is not in the case or not a share; CancelledError

    Examples
    --------
    >>> collect(infer(tocsin.load("cases/lebanon-2023"), "2023-10-06"))  # doctest: +SKIP
    """
    posterior = inferred.posterior
    case = posterior.game.case
    collectors = _of_side(case, side)
    _must_make_sense(posterior, within_weeks, horizon_weeks, unit, spared, weights or {})
    shares = present(collectors)
    changed = moved(shares, collectors, moves) if moves else None
    every = channels(case, collectors)
    looks = _looks(collectors, shares)
    truth = outcomes(posterior.game, posterior.paths, posterior.followed)
    with _one_thread_each():
        ahead = histories_ahead(posterior, horizon_weeks, threads=threads, progress=progress, cancel=cancel)
        afresh = histories_afresh(posterior, horizon_weeks, cancel=cancel)
        worker = _Worker(posterior.seed, threads, progress, cancel)
        ready, now, warnings = worker.warnings(ahead, every, shares, within_weeks, "attacks ahead scored")
        _, _, record = worker.warnings(afresh, every, shares, within_weeks, "attacks afresh scored")
        neglect = worker.neglect(ready, now, collectors, shares, changed, posterior.game.fronts)
        values = worth(posterior, truth, every, collectors, shares, looks, unit, worker.each)
        if progress:
            progress(0, 1, "the allocation that holds")
        stop_if(cancel)
        found = (
            allocate(
                ahead, every, collectors, looks, shares, within_weeks,
                spared=spared, weights=weights or {}, side=side,
            )
            if collectors
            else NO_COLLECTORS
        )  # fmt: skip
    none = None
    if not collectors:
        none = NO_COLLECTORS if not case.collectors else f"no collector of the case is {side}'s or nobody's"
    return Collection(
        head=heading(inferred),
        side=side,
        none=none,
        within_weeks=within_weeks,
        horizon_weeks=(ahead.days(ahead.n_steps) - ahead.days(0)).days / 7.0,
        collectors=tuple(_state(collector, looks) for collector in collectors),
        ahead=warnings,
        record=record,
        worth=values,
        allocation=None if isinstance(found, str) else found,
        why_no_allocation=found if isinstance(found, str) else None,
        neglect=neglect,
    )


def _of_side(case: Case, side: str | None) -> tuple[Collector, ...]:
    if side is None:
        return case.collectors
    if side not in {actor.id for actor in case.actors}:
        raise AskError(f"found the side {side!r}; expected an actor: {', '.join(a.id for a in case.actors)}")
    return tuple(collector for collector in case.collectors if collector.actor in (None, side))


def _must_make_sense(
    posterior: Posterior,
    within_weeks: float,
    horizon_weeks: float,
    unit: float,
    spared: float,
    weights: Mapping[str, float],
) -> None:
    if not 0.0 < within_weeks < horizon_weeks:
        raise AskError(
            f"found {within_weeks:g} weeks of warning within a look ahead of {horizon_weeks:g}; "
            "expected more than 0 and less than the look ahead"
        )
    if not 0.0 < unit <= 1.0:
        raise AskError(f"found the unit {unit:g}; expected a share above 0 and at most 1")
    if not 0.0 < spared <= 1.0:
        raise AskError(f"found {spared:g} as the share that warning spares; expected above 0, at most 1")
    for front, weight in weights.items():
        if front not in posterior.game.fronts:
            raise AskError(f"found the front {front!r}; expected one of {', '.join(posterior.game.fronts)}")
        if not 0.0 < weight < 1e6:
            raise AskError(f"found the weight {weight:g} for {front}; expected a number above 0")


def _one_thread_each() -> AbstractContextManager[object]:
    """Fronts share the cores; products are small, and idle threads that spin cost more than they bring."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits


def _looks(collectors: tuple[Collector, ...], shares: Shares) -> dict[tuple[str, str], Look]:
    quality = {collector.id: qualities(collector) for collector in collectors}
    return {
        (c, a): Look(collector=c, actor=a, quality=quality[c][a], share=share)
        for (c, a), share in shares.items()
    }


def _state(collector: Collector, looks: Mapping[tuple[str, str], Look]) -> CollectorState:
    own = tuple(look for (c, _), look in looks.items() if c == collector.id)
    return CollectorState(
        id=collector.id,
        name=collector.name,
        owner=collector.actor,
        discipline=collector.discipline,
        fixed=collector.fixed,
        looks=own,
        idle=max(1.0 - sum(look.share for look in own), 0.0),
    )


class _Worker:
    """Fronts scored side by side, results in their order."""

    def __init__(
        self,
        seed: int,
        threads: int | None,
        progress: Progress | None,
        cancel: threading.Event | None,
    ) -> None:
        self.seed, self.threads = seed, threads
        self.progress, self.cancel = progress, cancel

    def each(self, jobs: Sequence[Callable[[], Part]], what: str) -> list[Part]:
        """Do all jobs, at most so many at once."""
        return do_all(jobs, what, threads=self.threads, progress=self.progress, cancel=self.cancel)

    def warnings(
        self,
        histories: Histories,
        every: tuple[Channel, ...],
        shares: Shares,
        within_weeks: float,
        what: str,
    ) -> tuple[dict[int, Watched], dict[int, Told], tuple[FrontWarning, ...]]:
        """Every front made ready, scored under the present allocation, and answered."""
        game = histories.game
        indicators = {indicator.id: indicator for indicator in game.case.indicators}

        def job(f: int) -> Callable[[], tuple[Watched | None, Told | None, FrontWarning]]:
            def work() -> tuple[Watched | None, Told | None, FrontWarning]:
                ready = watched(histories, f, every, within_weeks, self.seed)
                found = None if ready is None else told(ready, shares)
                reporters = dict.fromkeys(
                    c.reporter
                    for c in every
                    if bears_on(histories, f, indicators[c.indicator])
                    and (c.actor is None or shares.get((c.reporter, c.actor), 0.0) > 0.0)
                )
                return ready, found, front_warning(histories, f, ready, found, tuple(reporters))

            return work

        parts = self.each([job(f) for f in range(len(game.fronts))], what)
        readies = {f: ready for f, (ready, _, _) in enumerate(parts) if ready is not None}
        tolds = {f: found for f, (_, found, _) in enumerate(parts) if found is not None}
        return readies, tolds, tuple(answer for _, _, answer in parts)

    def neglect(
        self,
        ready: Mapping[int, Watched],
        now: Mapping[int, Told],
        collectors: tuple[Collector, ...],
        shares: dict[tuple[str, str], float],
        changed: dict[tuple[str, str], float] | None,
        fronts: tuple[str, ...],
    ) -> tuple[Neglect, ...]:
        """The allocation that was named, then each actor in turn no longer looked at."""
        plans: list[tuple[str, str | None, dict[tuple[str, str], float]]] = []
        if changed is not None:
            plans.append(("the allocation named", None, changed))
        for actor in dict.fromkeys(actor for (_, actor), share in shares.items() if share > 0.0):
            after = without(shares, collectors, actor)
            if after != shares:
                plans.append((f"nobody who can be pointed looks at {actor}", actor, after))

        def job(f: int, plan: dict[tuple[str, str], float]) -> Callable[[], Told]:
            own = {(c.reporter, c.actor) for c in ready[f].channels if c.actor is not None}
            same = all(plan[key] == shares[key] for key in plan if key in own)
            return lambda: now[f] if same else told(ready[f], plan)

        order = [(k, f) for k in range(len(plans)) for f in ready]
        found = self.each([job(f, plans[k][2]) for k, f in order], "allocations compared")
        by_plan: list[dict[int, Told]] = [{} for _ in plans]
        for (k, f), result in zip(order, found, strict=True):
            by_plan[k][f] = result
        return tuple(
            neglected(what, actor, tuple(_looks(collectors, plan).values()), fronts, now, by_plan[k])
            for k, (what, actor, plan) in enumerate(plans)
        )
