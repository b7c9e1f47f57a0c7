"""What neglect costs: the same attacks, the same luck, and the collectors pointed elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tocsin.ask.collect.answer import FrontLoss, Look, Neglect
from tocsin.ask.collect.warning import MIDDLE, Told, island_chance, jackknife
from tocsin.ask.estimate import Chance, Number
from tocsin.case.model import Collector


def without(
    shares: Mapping[tuple[str, str], float], collectors: tuple[Collector, ...], actor: str
) -> dict[tuple[str, str], float]:
    """Shares with one actor no longer looked at, and what is freed given to the others in proportion.

    A collector that looked at nobody else spreads over the others it could look at; with none, it is idle.

    Examples
    --------
    >>> without({("eye", "a"): 0.5, ("eye", "b"): 0.1, ("eye", "c"): 0.4}, (), "a")[("eye", "c")]
    0.8
    """
    fixed = {collector.id for collector in collectors if collector.fixed}
    after = dict(shares)
    for (collector, looked_at), freed in shares.items():
        if looked_at != actor or collector in fixed or freed <= 0.0:
            continue
        after[collector, actor] = 0.0
        others = [key for key in shares if key[0] == collector and key[1] != actor]
        held = sum(shares[key] for key in others)
        for key in others:
            part = shares[key] / held if held > 0.0 else 1.0 / len(others)
            after[key] = shares[key] + freed * part
    return after


def neglected(
    what: str,
    actor: str | None,
    looks: tuple[Look, ...],
    fronts: tuple[str, ...],
    before: Mapping[int, Told],
    after: Mapping[int, Told],
) -> Neglect:
    """Warning before and after, by front, worst first."""
    losses = [_loss(fronts[f], before[f], after[f]) for f in before]
    return Neglect(
        what=what,
        actor=actor,
        looks=looks,
        fronts=tuple(sorted(losses, key=lambda loss: (loss.auc_change.value, loss.front))),
    )


def _loss(front: str, before: Told, after: Told) -> FrontLoss:
    was, is_ = before.lead[MIDDLE] > 0.0, after.lead[MIDDLE] > 0.0
    change, error = island_chance(is_.astype(np.float64) - was, before)
    return FrontLoss(
        front=front,
        auc_before=jackknife(before.auc, before.auc_without),
        auc_after=jackknife(after.auc, after.auc_without),
        auc_change=jackknife(after.auc - before.auc, after.auc_without - before.auc_without),
        warned_before=_chance(was, before),
        warned_after=_chance(is_, after),
        warned_change=Number(value=change, mc_error=error),
    )


def _chance(truth: np.ndarray, told: Told) -> Chance:
    share, error = island_chance(truth, told)
    return Chance(probability=share, mc_error=error)
