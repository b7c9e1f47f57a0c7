"""Who would report what: sources by their watches, collectors by where they look.

A channel is one reporter and one indicator. In a step of w weeks it reports with chance

    cover(w) * (a p + (1 - a) base),

the formula by which evidence is weighed (`tocsin.infer.evidence`): `a` is the reporter's reliability, `p` the
chance that the indicator is there to see, after what a deceiver conceals and plants, `base` what is said
anyway. A watch covers ``1 - (1 - coverage)^w``; a collector of quality q, a share s of which looks at the
actor, covers ``1 - (1 - q)^(s w)``: random search (Koopman 1956). As the whole is proportional to `cover`,
less looking is more looking with some of its reports lost, and never tells more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tocsin.ask.collect.histories import Histories
from tocsin.ask.inferred import AskError
from tocsin.case import words
from tocsin.case.model import Case, Collector, Indicator
from tocsin.game.plan import F32, F64, U8, Game
from tocsin.infer.evidence import ON_DISPOSITION, ON_FACTOR, ON_POSTURE, level_chances, owner_of

# What a collector without a source says though nothing is there: as the good source of the watch list.
BASE_RATE = words.LIKELIHOODS["remote"]
# (collector, actor) -> share
Shares = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One reporter and one indicator."""

    reporter: str  # a source or a collector
    indicator: str
    actor: str | None  # whom the collector looks at; None for a watch
    rate: float  # - ln(1 - chance a week), of all of it
    since: dt.date | None
    until: dt.date | None
    source: int | None  # whose reliability it has, in the order of the case
    mean_reliability: float  # where there is no source
    base: float


def rate_of(quality: float) -> float:
    """Sightings a week by random search that make this chance a week; a chance of one is held below it."""
    return float(-np.log1p(-min(quality, 1.0 - 1e-9)))


def qualities(collector: Collector) -> dict[str, float]:
    """Chance a week by actor, as numbers."""
    return {actor: words.likelihood(value).median for actor, value in collector.quality.items()}


def sees(collector: Collector, indicator: Indicator) -> str | None:
    """The actor at whom this collector must look to see the indicator; None if it cannot."""
    actor = owner_of(indicator)
    if actor is None or actor not in collector.quality or actor == collector.actor:
        return None
    if collector.sees is not None and indicator.id not in collector.sees:
        return None
    return actor


def present(collectors: tuple[Collector, ...]) -> dict[tuple[str, str], float]:
    """Where the collectors look now."""
    return {
        (collector.id, actor): collector.looks.get(actor, 0.0)
        for collector in collectors
        for actor in collector.quality
        if actor != collector.actor
    }


def moved(
    shares: Shares, collectors: tuple[Collector, ...], moves: tuple[tuple[str, str, float], ...]
) -> dict[tuple[str, str], float]:
    """The shares after some were set anew: (collector, actor, share).

    Raises
    ------
    AskError for a collector or actor that there is not, one that is fixed, or shares above one
    """
    by_id = {collector.id: collector for collector in collectors}
    after = dict(shares)
    for collector, actor, share in moves:
        if collector not in by_id:
            raise AskError(
                f"found the collector {collector!r}; "
                f"expected one of {', '.join(by_id) or 'none: the case has none'}"
            )
        if (collector, actor) not in after:
            can = ", ".join(a for c, a in after if c == collector)
            raise AskError(f"found {collector}:{actor}; expected an actor it has a quality for: {can}")
        if by_id[collector].fixed:
            raise AskError(f"{collector} is fixed in the case; it cannot be pointed elsewhere")
        if not 0.0 <= share <= 1.0:
            raise AskError(f"found the share {share:g} for {collector}:{actor}; expected 0 to 1")
        after[collector, actor] = share
    for collector in {collector for collector, _, _ in moves}:
        total = sum(share for (c, _), share in after.items() if c == collector)
        if total > 1.0 + 1e-9:
            raise AskError(
                f"the looks of {collector} would add up to {total:.2f}; expected 1 at the most: "
                "give a smaller share for another actor too"
            )
    return after


def channels(case: Case, collectors: tuple[Collector, ...]) -> tuple[Channel, ...]:
    """Every watch of a source, and every indicator that a collector could see."""
    source_index = {source.id: k for k, source in enumerate(case.sources)}
    found = []
    for k, source in enumerate(case.sources):
        for watch in source.watches:
            found.append(
                Channel(
                    reporter=source.id,
                    indicator=watch.indicator,
                    actor=None,
                    rate=rate_of(words.likelihood(watch.coverage).median),
                    since=watch.since,
                    until=watch.until,
                    source=k,
                    mean_reliability=0.0,
                    base=words.likelihood(source.base_rate).median,
                )
            )
    for collector in collectors:
        quality = qualities(collector)
        right, wrong = words.RELIABILITY[collector.grade]
        named = source_index.get(collector.source) if collector.source is not None else None
        for indicator in case.indicators:
            actor = sees(collector, indicator)
            if actor is None:
                continue
            found.append(
                Channel(
                    reporter=collector.id,
                    indicator=indicator.id,
                    actor=actor,
                    rate=rate_of(quality[actor]),
                    since=None,
                    until=None,
                    source=named,
                    mean_reliability=right / (right + wrong),
                    base=BASE_RATE
                    if named is None
                    else words.likelihood(case.sources[named].base_rate).median,
                )
            )
    return tuple(found)


def presence(game: Game, indicator: Indicator, level: np.ndarray, values: F32, deceives: U8) -> np.ndarray:
    """Chance that an indicator is there to see, deception included.

    Parameters
    ----------
    level : (..., N) its level as a number: rung, readiness, disposition, or the factor itself
    values : (Q, N) quantities of the particles
    deceives : (A, N)
    """
    kind, chances = level_chances(game, indicator)
    k = [i.id for i in game.case.indicators].index(indicator.id)
    shift = values[game.statics.clarity[k]].astype(np.float64)
    chances = np.clip(chances, 1e-9, 1.0 - 1e-9)
    by_level = 1.0 / (1.0 + np.exp(-(np.log(chances / (1.0 - chances))[:, None] + shift)))
    lanes = np.arange(len(shift))
    if kind == ON_FACTOR:
        at = level * (len(chances) - 1)
        low = np.minimum(at.astype(np.int64), len(chances) - 2)
        p = by_level[low, lanes] + (at - low) * (by_level[low + 1, lanes] - by_level[low, lanes])
    else:
        p = by_level[level, lanes]
    owner = owner_of(indicator)
    if owner:
        marks = deceives[game.actors.index(owner)].astype(np.float64)
        p = p * (1.0 - words.strength(indicator.concealable).median * marks)
        p = p + (1.0 - p) * words.strength(indicator.plantable).median * marks
    return np.asarray(p)


def presence_over(
    histories: Histories, indicator: Indicator, lanes: np.ndarray | slice = slice(None)
) -> np.ndarray:
    """Chance that an indicator on a front or a disposition is there to see in each row: (T+1, n)."""
    game = histories.game
    kind, _ = level_chances(game, indicator)
    _, reference = indicator.about.target
    if kind == ON_DISPOSITION:
        of_actor = histories.disposition[game.actors.index(reference)][lanes]
        level = np.broadcast_to(of_actor, (histories.n_steps + 1, len(of_actor)))
    else:
        paths = histories.posture if kind == ON_POSTURE else histories.readiness
        level = paths[:, game.fronts.index(reference)][:, lanes]
    return presence(game, indicator, level, histories.values[:, lanes], histories.deceives[:, lanes])


def reliability(game: Game, channel: Channel, values: F32) -> F64:
    """(N,) chance that the reporter reports faithfully."""
    if channel.source is None:
        return np.full(values.shape[1], channel.mean_reliability)
    return np.asarray(values[game.statics.reliability[channel.source]].astype(np.float64))


def cover(game: Game, channel: Channel, shares: Shares, steps: range) -> F64:
    """Chance in each of some steps that what is said is passed on: (len(steps),)."""
    grid = game.grid
    rate = channel.rate * (
        1.0 if channel.actor is None else shares.get((channel.reporter, channel.actor), 0.0)
    )
    weeks = []
    for step in steps:
        begin = max(grid.first_day(step), channel.since or grid.first_day(step))
        after = min(grid.day_after(step), channel.until or grid.day_after(step))
        weeks.append(max((after - begin).days, 0) / 7.0)
    return np.asarray(-np.expm1(-rate * np.array(weeks)))
