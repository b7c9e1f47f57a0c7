"""How well, and how long before, attacks would be told: curves and times from scored histories.

The curve is the cumulative/dynamic one (Heagerty, Lumley and Pepe 2000): a case is a history and a step with
the attack ahead within so many weeks, a control is one without; both still below the limit. Cases are
compared with controls of the same step, since while nothing is reported all scores drift alike, and the
calendar must not count as warning (a curve adjusted for a covariate: Janes and Pepe 2009).

An alarm sounds where the score passes a threshold. The threshold is set so that in a quarter without an
attack, and without one soon after, an alarm sounds at all with the stated chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.ask.collect.answer import FrontWarning, Lead, RocPoint, TimeToWarning
from tocsin.ask.collect.channels import Channel, Shares, cover, presence_over, reliability
from tocsin.ask.collect.filter import FrontFilter, learn, scores
from tocsin.ask.collect.histories import Histories
from tocsin.ask.estimate import Chance, Number
from tocsin.case.model import Indicator
from tocsin.game.plan import F64, I32
from tocsin.infer.evidence import owner_of
from tocsin.infer.posterior import pool

FALSE_ALARMS = (0.01, 0.05, 0.10)  # a quarter
MIDDLE = 1
QUARTER_WEEKS = 13.0
# A last stretch this much of a quarter long still counts as one.
WHOLE_ENOUGH = 0.9
# Histories with and without an attack that are scored, at the most, a front.
SCORED = 2_500
# Fewer simulated attacks than this, and no curve is drawn.
FEWEST_ATTACKS = 40
BINS = 2_000
ROC_POINTS = 41


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A front made ready to be scored under any allocation: J histories of it."""

    front: int
    histories: Histories
    channels: tuple[Channel, ...]
    within: I32  # (T+1,)
    filters: tuple[FrontFilter, FrontFilter]
    lanes: I32  # (J,)
    fold: I32  # (J,) the filter that scores each
    weight: F64  # (J,)
    attack: I32  # (J,) row of the attack
    island: I32  # (J,)
    said: np.ndarray  # (C, T, J) chance of what is said
    luck: np.ndarray  # (C, T, J) the same under every allocation
    below: np.ndarray  # (T+1, J)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the scores of one allocation come to, by island, so that two can be compared."""

    auc: float
    auc_without: F64  # (M,) with each island left out
    roc: tuple[RocPoint, ...]
    thresholds: tuple[float, ...]
    realised: tuple[float, ...]
    lead: np.ndarray  # (rates, attacks) weeks, 0 where never warned
    weight: F64  # (attacks,)
    island: I32  # (attacks,)
    islands: int


def bears_on(histories: Histories, front: int, indicator: Indicator) -> bool:
    """Whether an indicator tells of a front: of it, of the front that answers it, or of who would attack."""
    game = histories.game
    if owner_of(indicator) is None:
        return False
    kind, reference = indicator.about.target
    back = int(game.plan.reverse[front])
    if kind == "disposition":
        return bool(reference == game.actors[game.plan.front_from[front]])
    return reference == game.fronts[front] or (back >= 0 and reference == game.fronts[back])


def said_by(
    histories: Histories, channel: Channel, indicator: Indicator, lanes: np.ndarray | slice
) -> np.ndarray:
    """(T+1, n) chance of what a channel's reporter says, before what is covered."""
    faithful = reliability(histories.game, channel, histories.values[:, lanes])
    return np.asarray(
        (faithful * presence_over(histories, indicator, lanes) + (1.0 - faithful) * channel.base).astype(
            np.float32
        )
    )


def watched(
    histories: Histories, front: int, every: tuple[Channel, ...], within_weeks: float, seed: int
) -> Watched | None:
    """Make a front ready; None if nobody could report anything of it or too few attacks come."""
    game = histories.game
    indicators = {indicator.id: indicator for indicator in game.case.indicators}
    own = tuple(c for c in every if bears_on(histories, front, indicators[c.indicator]))
    when = histories.attacks(front)
    if not own or enough(histories, when) < FEWEST_ATTACKS:
        return None
    within = histories.steps_within(within_weeks)
    everyone = slice(None)
    said = [said_by(histories, channel, indicators[channel.indicator], everyone) for channel in own]
    fold = histories.island % 2
    filters = tuple(learn(histories, front, said, within, fold != k) for k in (0, 1))
    lanes, weight = _chosen(histories, when)
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence(entropy=seed, spawn_key=(front, 11))))
    beyond = histories.posture[:, front][:, lanes] > game.plan.reach
    rows = np.arange(histories.n_steps + 1)[:, None]
    return Watched(
        front=front,
        histories=histories,
        channels=own,
        within=within,
        filters=(filters[0], filters[1]),
        lanes=lanes,
        fold=fold[lanes],
        weight=weight,
        attack=when[lanes],
        island=histories.island[lanes],
        said=np.stack([chance[1:, lanes] for chance in said]),
        luck=rng.random((len(own), histories.n_steps, len(lanes)), dtype=np.float32),
        below=~beyond & (rows < when[lanes]),
    )


def enough(histories: Histories, when: I32) -> int:
    """Attacks that are not in the first step: the number of equal weight that they are worth."""
    weight = histories.weight[(when > 1) & (when <= histories.n_steps)]
    square = float(np.sum(weight**2))
    return int(float(weight.sum()) ** 2 / square + 1e-6) if square > 0.0 else 0


def _chosen(histories: Histories, when: I32) -> tuple[I32, F64]:
    """Histories to score: with an attack and without, evenly spread, weighted to stand for all."""
    lanes, weights = [], []
    comes = when <= histories.n_steps
    for group in (np.flatnonzero(comes), np.flatnonzero(~comes)):
        if not len(group):
            continue
        places = np.unique(np.linspace(0, len(group) - 1, min(SCORED, len(group))).astype(np.int64))
        taken = group[places]
        total = histories.weight[taken].sum()
        scale = histories.weight[group].sum() / total if total > 0.0 else 0.0
        lanes.append(taken)
        weights.append(histories.weight[taken] * scale)
    joined = np.concatenate(lanes)
    order = np.argsort(joined, kind="stable")
    return joined[order].astype(np.int32), np.concatenate(weights)[order]


def told(ready: Watched, shares: Shares) -> Told:
    """Scores under one allocation, and what they come to."""
    histories = ready.histories
    steps = range(histories.first + 1, histories.first + histories.n_steps + 1)
    covered = np.stack([cover(histories.game, channel, shares, steps) for channel in ready.channels])
    reports = ready.luck < covered[:, :, None].astype(np.float32) * ready.said
    score = np.zeros((histories.n_steps + 1, len(ready.lanes)))
    for k, learned in enumerate(ready.filters):
        mine = ready.fold == k
        score[:, mine] = scores(learned, reports[:, :, mine], covered)
    auc, without, roc = _curve(ready, score)
    thresholds, realised = _thresholds(ready, score)
    comes = (ready.attack > 1) & (ready.attack <= histories.n_steps)
    return Told(
        auc=auc,
        auc_without=without,
        roc=roc,
        thresholds=thresholds,
        realised=realised,
        lead=np.stack([_leads(ready, score, comes, threshold) for threshold in thresholds]),
        weight=ready.weight[comes],
        island=ready.island[comes],
        islands=histories.islands,
    )


def _curve(ready: Watched, score: F64) -> tuple[float, F64, tuple[RocPoint, ...]]:
    n_steps, islands = ready.histories.n_steps, ready.histories.islands
    rows = np.flatnonzero(ready.within < n_steps)
    rows = rows[rows > 0] if (rows > 0).any() else np.array([1])
    at_risk = ready.below[rows]
    soon = (ready.attack[None, :] <= ready.within[rows][:, None])[at_risk]
    value = score[rows][at_risk]
    island = np.broadcast_to(ready.island, at_risk.shape)[at_risk]
    weight = np.broadcast_to(ready.weight, at_risk.shape)[at_risk]
    row = np.broadcast_to(np.arange(len(rows))[:, None], at_risk.shape)[at_risk]
    # Bins by rank, equal scores together.
    levels = np.unique(value)
    if len(levels) > BINS:
        levels = levels[np.unique(np.linspace(0, len(levels) - 1, BINS).astype(np.int64))]
    place = np.searchsorted(levels, value, side="right") - 1
    size = len(levels)
    keyed = (island.astype(np.int64) * len(rows) + row) * size + place

    def histogram(which: np.ndarray) -> F64:
        counts = np.bincount(keyed[which], weights=weight[which], minlength=islands * len(rows) * size)
        return np.asarray(counts.reshape(islands, len(rows), size), dtype=np.float64)

    cases, controls = histogram(soon), histogram(~soon)
    all_cases, all_controls = cases.sum(axis=0), controls.sum(axis=0)
    whole = area(all_cases, all_controls)
    without = np.array([area(all_cases - cases[m], all_controls - controls[m]) for m in range(islands)])
    return whole, without, curve(all_cases, all_controls)


def curve(cases: F64, controls: F64) -> tuple[RocPoint, ...]:
    """Hits at even steps of false alarms, each step of the game by itself and then averaged over cases.

    Parameters
    ----------
    cases, controls : (R, B) weight by step of the game and rising score
    """
    at = np.linspace(0.0, 1.0, ROC_POINTS)
    hits, total = np.zeros(ROC_POINTS), 0.0
    for case, control in zip(cases, controls, strict=True):
        if not (case.sum() > 0.0 and control.sum() > 0.0):
            continue
        hit = np.concatenate([[0.0], np.cumsum(case[::-1])]) / case.sum()
        false = np.concatenate([[0.0], np.cumsum(control[::-1])]) / control.sum()
        hits += case.sum() * np.interp(at, false, hit)
        total += case.sum()
    if not total > 0.0:
        return ()
    found = np.maximum.accumulate(np.clip(hits / total, 0.0, 1.0))
    return tuple(RocPoint(false_alarm=float(f), hit=float(h)) for f, h in zip(at, found, strict=True))


def area(cases: F64, controls: F64) -> float:
    """P(score of a case above that of a control of the same step), ties by half, averaged over cases.

    Parameters
    ----------
    cases, controls : (R, B) weight by step of the game and rising score

    Examples
    --------
    >>> area(np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]])), area(np.array([[2.0]]), np.array([[3.0]]))
    (1.0, 0.5)
    """
    both = (cases.sum(axis=1) > 0.0) & (controls.sum(axis=1) > 0.0)
    if not both.any():
        return float("nan")
    cases, controls = cases[both], controls[both]
    under = np.cumsum(controls, axis=1) - controls
    above = (cases * (under + 0.5 * controls)).sum(axis=1) / controls.sum(axis=1)
    return float(above.sum() / cases.sum())


def _thresholds(ready: Watched, score: F64) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The lowest thresholds that quiet quarters pass no more often than stated."""
    histories = ready.histories
    ends = histories.steps_within(QUARTER_WEEKS)
    tops: list[F64] = []
    weights: list[F64] = []
    begin = 0
    while begin < histories.n_steps:
        end = int(ends[begin])
        # What is left at the end is no quarter; where the whole look ahead is shorter it must do.
        length = (histories.days(end) - histories.days(begin)).days
        if end <= begin or (tops and length < 7 * QUARTER_WEEKS * WHOLE_ENOUGH):
            break
        soon_after = int(ready.within[end])
        quiet = ready.below[begin + 1 : end + 1].all(axis=0) & (
            (ready.attack > soon_after) | (ready.attack > histories.n_steps)
        )
        tops.append(score[begin + 1 : end + 1][:, quiet].max(axis=0))
        weights.append(ready.weight[quiet])
        begin = end
    top, weight = np.concatenate(tops), np.concatenate(weights)
    if not weight.sum() > 0.0:
        return (float("inf"),) * len(FALSE_ALARMS), (0.0,) * len(FALSE_ALARMS)
    order = np.argsort(top, kind="stable")
    top, share = top[order], np.cumsum(weight[order]) / weight.sum()
    thresholds, realised = [], []
    for rate in FALSE_ALARMS:
        k = min(int(np.searchsorted(share, 1.0 - rate - 1e-12)), len(top) - 1)
        threshold = float(top[k])
        thresholds.append(threshold)
        realised.append(float(weight[order][top > threshold].sum() / weight.sum()))
    return tuple(thresholds), tuple(realised)


def _leads(ready: Watched, score: F64, comes: np.ndarray, threshold: float) -> F64:
    """Weeks from the first alarm to each attack, 0 where none sounds within the weeks before it."""
    weeks = ready.histories.weeks_between()
    when = ready.attack[comes]
    rows = np.arange(len(score))[:, None]
    counts = (rows >= 1) & (rows < when) & (ready.within[:, None] >= when)
    alarm = (score[:, comes] > threshold) & counts
    first = alarm.argmax(axis=0)
    return np.asarray(np.where(alarm.any(axis=0), weeks[first, when], 0.0))


def island_chance(truth: np.ndarray, told_: Told) -> tuple[float, float]:
    """Share of the attacks for which `truth` (or the mean of it) holds, and its error over islands."""
    sums = np.bincount(told_.island, weights=told_.weight * truth, minlength=told_.islands)
    totals = np.bincount(told_.island, weights=told_.weight, minlength=told_.islands)
    if not totals.sum() > 0.0:
        return float("nan"), float("nan")
    effective = float(totals.sum() ** 2 / np.sum(told_.weight**2))
    mean, error = pool(sums, totals, effective)
    return float(mean), float(error)


def jackknife(whole: float, without: F64) -> Number:
    """A number and its error from what it is with each island left out."""
    m = len(without)
    error = float(np.sqrt((m - 1.0) / m * np.sum((without - without.mean()) ** 2)))
    return Number(value=whole, mc_error=error)


def front_warning(
    histories: Histories, front: int, ready: Watched | None, found: Told | None, reporters: tuple[str, ...]
) -> FrontWarning:
    """The answer for one front."""
    game = histories.game
    when = histories.attacks(front)
    comes = _chance(histories, when <= histories.n_steps)
    at_once = _chance(histories, when == 1)
    simulated = enough(histories, when)
    rung = game.rungs[min(int(game.plan.reach) + 1, len(game.rungs) - 1)]
    why = None
    if ready is None or found is None:
        why = (
            f"only {simulated} simulated attacks; at least {FEWEST_ATTACKS} are needed"
            if simulated < FEWEST_ATTACKS
            else "no indicator tells of it that any source watches for or any collector could see"
        )
    return FrontWarning(
        front=game.fronts[front],
        rung=rung,
        attack=comes,
        at_once=at_once,
        simulated=simulated,
        reporters=reporters,
        auc=None if found is None else jackknife(found.auc, found.auc_without),
        roc=() if found is None else found.roc,
        alarms=() if found is None else tuple(_alarm(histories, found, k) for k in range(len(FALSE_ALARMS))),
        why_none=why,
    )


def _chance(histories: Histories, truth: np.ndarray) -> Chance:
    m = histories.islands
    totals = histories.weight.reshape(m, -1).sum(axis=1)
    sums = (histories.weight * truth).reshape(m, -1).sum(axis=1)
    mean, error = pool(sums, totals, float(1.0 / np.sum(histories.weight**2)))
    return Chance(probability=float(mean), mc_error=float(error))


def _alarm(histories: Histories, found: Told, k: int) -> TimeToWarning:
    lead = found.lead[k]
    never, error = island_chance(lead <= 0.0, found)
    weeks = histories.weeks_between()
    longest = float(lead.max(initial=0.0))
    # What the shortest step can tell apart, in whole weeks where steps are shorter.
    shortest = max(float(np.diff(weeks[0]).min()), 1.0)
    marks = np.arange(shortest, longest + 0.5 * shortest, shortest)
    leads = []
    for mark in marks:
        share, share_error = island_chance(lead >= mark - 1e-9, found)
        leads.append(Lead(weeks=float(mark), warned=Chance(probability=share, mc_error=share_error)))
    return TimeToWarning(
        false_alarms=FALSE_ALARMS[k],
        realised=found.realised[k],
        threshold=found.thresholds[k],
        never=Chance(probability=never, mc_error=error),
        median_weeks=_median(lead, found.weight),
        leads=tuple(leads),
    )


def _median(lead: F64, weight: F64) -> float | None:
    warned = (lead > 0.0) & (weight > 0.0)
    if not warned.any():
        return None
    order = np.argsort(lead[warned], kind="stable")
    share = np.cumsum(weight[warned][order])
    return float(lead[warned][order][np.searchsorted(share, 0.5 * share[-1])])
