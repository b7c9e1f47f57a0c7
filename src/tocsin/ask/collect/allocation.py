"""The allocation that holds against an adversary who sees where we look and moves where we do not.

The adversary picks a front. What an attack there is worth is read off the histories: the chance that it comes
(how far its actor means it) times its harm, the highest rung that follows on a scale from the standing limit
(0) to the top (1). Warning in time spares a stated share of the harm. It is warned of in time if in the weeks
before it, and a step ahead at least, somebody truly passed on a sign of its preparation that would not have
been there without: the chance of the indicator beyond that at no readiness, after concealment.

For one history the chance that all miss it is a product of ``1 - r (1 - exp(-theta w x))`` over steps,
indicators and collectors. The logarithm of each factor is convex in the share x, so the product and its mean
over histories are convex, and detection is jointly concave in all shares: what
`tocsin.ask.collect.commitment` needs to solve the game to a stated gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tocsin.ask.collect.answer import Allocation, Look, Target
from tocsin.ask.collect.channels import Channel, Shares, cover, presence, presence_over, reliability
from tocsin.ask.collect.commitment import Held, Looks, Payoffs, commit_looks, gains, hold, losses
from tocsin.ask.collect.histories import Histories
from tocsin.ask.collect.warning import FEWEST_ATTACKS, enough
from tocsin.ask.estimate import Chance, Number
from tocsin.case.model import Collector
from tocsin.game.plan import F64, I32
from tocsin.infer.posterior import pool

# Attacks of a front that detection is computed from, evenly spread over its attacks.
ATTACKS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """The attacks on one front, and what of them could be seen: n attacks, R rows, V shares."""

    front: int
    worth: F64  # (n,) weight times harm
    island: I32  # (n,)
    islands: int
    missed_anyway: F64  # (n,) chance that watches and fixed collectors miss it
    share: I32  # (E,) which share each movable exposure hangs on
    rate: F64  # (E,) times the weeks of its step
    sign: F64  # (E, n) chance of a true sign there, 0 outside the weeks before the attack

    @property
    def total(self) -> float:
        """Worth of the attack, unwarned."""
        return float(self.worth.sum())

    def missed(self, shares: F64) -> F64:
        """(n,) chance that each attack is not warned of."""
        passed = -np.expm1(-self.rate * shares[self.share])
        return np.asarray(self.missed_anyway * np.prod(1.0 - self.sign * passed[:, None], axis=0))

    def detect(self, shares: F64) -> tuple[float, F64]:
        """Chance that an attack is warned of, by worth, and its gradient (V,)."""
        missed = self.missed(shares)
        weight = self.worth / self.total
        passed = -np.expm1(-self.rate * shares[self.share])
        slope = self.rate * (1.0 - passed)
        by_exposure = (
            weight * missed * self.sign / np.maximum(1.0 - self.sign * passed[:, None], 1e-12)
        ).sum(axis=1)
        gradient = np.bincount(self.share, weights=slope * by_exposure, minlength=len(shares))
        return max(float(1.0 - weight @ missed), 0.0), np.asarray(gradient, dtype=np.float64)


def exposure(
    histories: Histories,
    front: int,
    every: tuple[Channel, ...],
    free: Mapping[tuple[str, str], int],
    shares: Shares,
    within: I32,
) -> Exposure | None:
    """What could be seen of the attacks on a front; None if too few come.

    Parameters
    ----------
    free : (collector, actor) -> number of the share that can be set
    within : (T+1,) last row that counts as soon after each row
    """
    game = histories.game
    when = histories.attacks(front)
    if enough(histories, when) < FEWEST_ATTACKS:
        return None
    comes = np.flatnonzero((when <= histories.n_steps) & (histories.weight > 0.0))
    lanes = comes[np.unique(np.linspace(0, len(comes) - 1, min(ATTACKS, len(comes))).astype(np.int64))]
    weight = histories.weight[lanes] * (histories.weight[comes].sum() / histories.weight[lanes].sum())
    at = when[lanes]
    rows = np.arange(histories.n_steps + 1)[:, None]
    top = np.where(rows >= at, histories.posture[:, front][:, lanes], 0).max(axis=0).astype(np.float64)
    reach, highest = float(game.plan.reach), len(game.rungs) - 1.0
    counts = (rows >= 1) & (rows < at) & (within[:, None] >= at)
    used = np.flatnonzero(counts.any(axis=1))
    steps = range(histories.first + 1, histories.first + histories.n_steps + 1)
    indicators = {i.id: i for i in game.case.indicators}
    missed = np.ones(len(lanes))
    share, rate, sign = [], [], []
    for channel in every:
        indicator = indicators[channel.indicator]
        if indicator.about.target != ("preparation", game.fronts[front]):
            continue
        there = presence_over(histories, indicator, lanes)
        values, deceives = histories.values[:, lanes], histories.deceives[:, lanes]
        unready = presence(game, indicator, np.zeros(len(lanes), dtype=np.int64), values, deceives)
        faithful = reliability(game, channel, values)
        true_sign = np.where(counts, faithful * np.maximum(there - unready, 0.0), 0.0)
        key = (channel.reporter, channel.actor or "")
        if key in free:
            # The rate of each step by its length: what a share of one would cover there.
            whole = cover(game, channel, {(channel.reporter, channel.actor or ""): 1.0}, steps)
            for row in used:
                share.append(free[key])
                rate.append(float(-np.log1p(-min(whole[row - 1], 1.0 - 1e-12))))
                sign.append(true_sign[row])
        else:
            passed = cover(game, channel, shares, steps)
            missed *= np.prod(1.0 - true_sign[1:] * passed[:, None], axis=0)
    n_exposures = len(share)
    return Exposure(
        front=front,
        worth=weight * (top - reach) / (highest - reach),
        island=histories.island[lanes],
        islands=histories.islands,
        missed_anyway=missed,
        share=np.array(share, dtype=np.int32),
        rate=np.array(rate, dtype=np.float64),
        sign=np.array(sign, dtype=np.float64).reshape(n_exposures, len(lanes)),
    )


def allocate(
    histories: Histories,
    every: tuple[Channel, ...],
    collectors: tuple[Collector, ...],
    looks: Mapping[tuple[str, str], Look],
    shares: Mapping[tuple[str, str], float],
    within_weeks: float,
    *,
    spared: float,
    weights: Mapping[str, float],
    side: str | None,
) -> Allocation | str:
    """The optimum beside the present allocation, or why there is none.

    Parameters
    ----------
    spared : share of an attack's harm that warning in time spares, a judgement
    weights : by front, how much more its harm counts for us than for who attacks; 1 if left out
    side : whose attacks are not among the targets
    """
    game = histories.game
    fixed = {collector.id for collector in collectors if collector.fixed}
    free = {key: k for k, key in enumerate(key for key in shares if key[0] not in fixed)}
    if not free:
        return "no collector can be pointed elsewhere: all are fixed, or have a quality for no actor"
    actors = {actor for _, actor in free}
    within = histories.steps_within(within_weeks)
    exposed = []
    for f, front in enumerate(game.fronts):
        initiator = front.split(" -> ")[0]
        if initiator in actors and initiator != side:
            found = exposure(histories, f, every, free, shares, within)
            if found is not None:
                exposed.append(found)
    if not exposed:
        return "no front of an actor that a collector can look at is attacked often enough in the histories"
    group_of = {collector.id: k for k, collector in enumerate(collectors)}
    group = np.array([group_of[collector] for collector, _ in free], dtype=np.int32)

    def detect(x: F64) -> tuple[F64, F64]:
        found = [e.detect(x) for e in exposed]
        return np.array([d for d, _ in found]), np.stack([g for _, g in found])

    worth = np.array([e.total for e in exposed])
    weight = np.array([weights.get(game.fronts[e.front], 1.0) for e in exposed])
    payoffs = Payoffs(
        attacker_free=worth,
        attacker_caught=(1.0 - spared) * worth,
        loss_free=weight * worth,
        loss_caught=(1.0 - spared) * weight * worth,
    )
    solver = Looks(group=group, detect=detect)
    held = hold(payoffs, solver)
    least = held
    if np.ptp(weight) > 0.0:
        held = commit_looks(payoffs, solver)
    now = np.array([shares[key] for key in free])
    return _answer(histories, exposed, payoffs, weight, spared, now, held, least, tuple(free), looks)


def _answer(
    histories: Histories,
    exposed: list[Exposure],
    payoffs: Payoffs,
    weight: F64,
    spared: float,
    now: F64,
    held: Held,
    least: Held,
    free: tuple[tuple[str, str], ...],
    looks: Mapping[tuple[str, str], Look],
) -> Allocation:
    game = histories.game
    detected = np.array([e.detect(now)[0] for e in exposed])
    gain_now, gain_best = gains(payoffs, detected), gains(payoffs, held.detection)
    loss_now, loss_best = losses(payoffs, detected), losses(payoffs, held.detection)
    answer_now, answer_best = int(gain_now.argmax()), held.target
    targets = tuple(
        _target(histories, e, w, float(detected[k]), now, float(held.detection[k]), gain_now[k], gain_best[k])
        for k, (e, w) in enumerate(zip(exposed, weight, strict=True))
    )
    optimum = tuple(
        Look(collector=c, actor=a, quality=looks[c, a].quality, share=abs(float(round(x, 6))))
        for (c, a), x in zip(free, held.shares, strict=True)
    )
    return Allocation(
        spared=spared,
        targets=tuple(sorted(targets, key=lambda t: -t.gain_now)),
        now=tuple(looks[key] for key in free),
        optimum=optimum,
        value_now=float(loss_now[answer_now]),
        value_optimum=float(loss_best[answer_best]),
        value_error=_difference(exposed, weight, spared, now, held, answer_now),
        gap=held.gap,
        exploitability_now=max(float(gain_now.max()) - least.value, 0.0),
        exploitability_optimum=max(float(gain_best.max()) - least.value, 0.0),
        expected_now=float(loss_now.sum()),
        expected_optimum=float(loss_best.sum()),
        answer_now=game.fronts[exposed[answer_now].front],
        answer_optimum=game.fronts[exposed[answer_best].front],
        programmes=held.programmes + (least.programmes if least is not held else 0),
    )


def _target(
    histories: Histories,
    e: Exposure,
    weight: float,
    detected: float,
    now: F64,
    optimum: float,
    gain_now: float,
    gain_best: float,
) -> Target:
    game, m = histories.game, e.islands
    comes = (histories.attacks(e.front) <= histories.n_steps).astype(np.float64)
    totals = histories.weight.reshape(m, -1).sum(axis=1)
    chance, error = pool((histories.weight * comes).reshape(m, -1).sum(axis=1), totals, len(e.worth))
    by_island = np.bincount(e.island, weights=e.worth, minlength=m)
    attacks = (histories.weight * comes).reshape(m, -1).sum(axis=1)
    harm, harm_error = pool(by_island, attacks, len(e.worth))
    caught = np.bincount(e.island, weights=e.worth * (1.0 - e.missed(now)), minlength=m)
    _, detection_error = pool(caught, by_island, len(e.worth))
    front = game.fronts[e.front]
    return Target(
        front=front,
        actor=front.split(" -> ")[0],
        attack=Chance(probability=float(chance), mc_error=float(error)),
        harm=Number(value=float(harm), mc_error=float(harm_error)),
        weight=float(weight),
        detection_now=Number(value=detected, mc_error=float(detection_error)),
        detection_optimum=optimum,
        gain_now=float(gain_now),
        gain_optimum=float(gain_best),
    )


def _difference(
    exposed: list[Exposure], weight: F64, spared: float, now: F64, held: Held, answer_now: int
) -> Number:
    """What the optimum takes off the loss, shares and answers kept; its error by leaving out islands."""
    m = exposed[0].islands
    by_island = np.zeros((2, len(exposed), m))
    for k, e in enumerate(exposed):
        there = e.detect(held.shares)[0]
        used = float(held.detection[k]) / there if there > 0.0 else 1.0
        for row, (shares, part) in enumerate(((now, 1.0), (held.shares, used))):
            each = weight[k] * e.worth * (1.0 - spared * part * (1.0 - e.missed(shares)))
            by_island[row, k] = np.bincount(e.island, weights=each, minlength=m)
    total = by_island.sum(axis=-1)
    alike = bool(np.ptp(weight) == 0.0)

    def difference(loss: F64) -> float:
        # Where losses are gains the adversary picks the largest; else the fronts it picked are kept.
        if alike:
            return float(loss[0].max() - loss[1].max())
        return float(loss[0, answer_now] - loss[1, held.target])

    # An island left out leaves the rest to stand for all.
    without = np.array([difference(total - by_island[:, :, i]) for i in range(m)]) * m / (m - 1.0)
    error = float(np.sqrt((m - 1.0) / m * np.sum((without - without.mean()) ** 2)))
    return Number(value=difference(total), mc_error=error)
