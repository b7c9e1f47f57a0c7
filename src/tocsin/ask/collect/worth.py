"""What one more unit of looking would tell about the questions, net of what would be seen anyway.

Over the coming fortnight every channel reports or does not. Given a particle the reports are independent, so
the information that more looking adds, I(Q; reports after) - I(Q; reports before), is computed from the
particles themselves. A channel that looks less is one that looks more with some reports lost, hence the gain
is the information of the reports gained, given all the others: it is never below nothing.

The reports that come anyway are drawn (from particles, so as they are likely to be); for each draw the gain
is summed exactly over what the further looking would bring, indicator by indicator (chain rule), so that only
the draws scatter, and little (Rao-Blackwell). Errors count that scatter and, by leaving out islands, that of
the particles. Information: Shannon (1948), in bits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from tocsin.ask.bands import ICD_203
from tocsin.ask.collect.answer import IndicatorWorth, Look, QuestionWorth, Worth
from tocsin.ask.collect.channels import Channel, Shares, cover, presence, reliability
from tocsin.ask.estimate import Chance, Number
from tocsin.case.model import Collector, Indicator
from tocsin.game.plan import F64
from tocsin.infer.evidence import ON_DISPOSITION, ON_FACTOR, ON_POSTURE, level_chances
from tocsin.infer.posterior import Posterior

# Draws of what would be seen anyway.
DRAWS = 100
# Does jobs side by side, with progress; results in their order.
Each = Callable[[Sequence[Callable[[], Worth]], str], list[Worth]]
# Upper ends of the words of estimative probability.
EDGES = np.array([high for _, _, high in ICD_203[:-1]])


def soon(posterior: Posterior, indicator: Indicator) -> np.ndarray:
    """(N,) level of an indicator over the coming fortnight: the highest posture; the rest as at its end."""
    game = posterior.game
    kind, _ = level_chances(game, indicator)
    _, reference = indicator.about.target
    if kind == ON_FACTOR:
        return np.asarray(posterior.soon_factor[game.factors.index(reference)], dtype=np.float64)
    if kind == ON_DISPOSITION:
        return np.asarray(posterior.disposition[game.actors.index(reference)])
    f = game.fronts.index(reference)
    if kind == ON_POSTURE:
        ahead = posterior.paths.posture[game.now + 1 : posterior.soon_step + 1, f]
        return np.asarray(ahead.max(axis=0) if len(ahead) else posterior.paths.posture[game.now, f])
    return np.asarray(posterior.soon_readiness[f])


def said_soon(posterior: Posterior, every: tuple[Channel, ...]) -> F64:
    """(C, N) chance of what each channel's reporter says in the coming fortnight."""
    game = posterior.game
    by_id = {indicator.id: indicator for indicator in game.case.indicators}
    there = {
        name: presence(game, by_id[name], soon(posterior, by_id[name]), posterior.values, posterior.deceives)
        for name in {channel.indicator for channel in every}
    }
    out = np.zeros((len(every), posterior.weight.size))
    for k, channel in enumerate(every):
        faithful = reliability(game, channel, posterior.values)
        out[k] = faithful * there[channel.indicator] + (1.0 - faithful) * channel.base
    return out


def covered_soon(posterior: Posterior, every: tuple[Channel, ...], shares: Shares) -> F64:
    """(C,) chance that what is said in the coming fortnight is passed on."""
    steps = range(posterior.game.now + 1, posterior.soon_step + 1)
    if not steps:
        return np.zeros(len(every))
    return np.array(
        [1.0 - float(np.prod(1.0 - cover(posterior.game, channel, shares, steps))) for channel in every]
    )


def entropy(p: F64) -> F64:
    """Entropy of a yes or no in bits.

    Examples
    --------
    >>> entropy(np.array([0.0, 0.5, 1.0])).tolist()
    [0.0, 1.0, 0.0]
    """
    p = np.clip(p, 0.0, 1.0)
    q = 1.0 - p
    return np.asarray(
        -(p * np.log2(np.where(p > 0.0, p, 1.0)) + q * np.log2(np.where(q > 0.0, q, 1.0))) + 0.0
    )


def information(weight: F64, truth: F64, chance: F64) -> F64:
    """Mutual information in bits between questions and one report; exact for the particles.

    Parameters
    ----------
    weight, chance : (M, n) by island, of each particle and of the report given it
    truth : (M, Q, n) of 0 and 1

    Returns
    -------
    (1 + M, Q): the value, then with each island left out

    Examples
    --------
    >>> half, sure = np.array([[0.5, 0.5]]), np.array([[[1.0, 0.0]]])
    >>> information(half, sure, np.array([[1.0, 0.0]]))[0].tolist()
    [1.0]
    >>> information(half, sure, np.array([[0.3, 0.3]]))[0].tolist()
    [0.0]
    """
    seen = weight * chance
    mass, p_seen = _with_and_without(weight.sum(axis=1)), _with_and_without(seen.sum(axis=1))
    prior = _with_and_without((truth @ weight[:, :, None])[:, :, 0])
    both = _with_and_without((truth @ seen[:, :, None])[:, :, 0])
    mass, p_seen = np.maximum(mass, 1e-300)[:, None], p_seen[:, None]
    unseen = np.maximum(mass - p_seen, 0.0)
    after = p_seen * entropy(both / np.maximum(p_seen, 1e-300)) + unseen * entropy(
        (prior - both) / np.maximum(unseen, 1e-300)
    )
    return np.asarray(np.maximum(entropy(prior / mass) - after / mass, 0.0))


def _with_and_without(by_island: F64) -> F64:
    total = by_island.sum(axis=0)
    return np.asarray(np.concatenate([total[None], total - by_island]))


def gained(said: F64, before: float, after: float) -> F64:
    """(N,) chance that more looking brings a report, where what looks now has brought none.

    Parameters
    ----------
    said : (N,) chance of what is said
    before, after : chance that it is passed on
    """
    return np.asarray((after - before) * said / np.maximum(1.0 - before * said, 1e-12))


def word_of(p: F64) -> np.ndarray:
    """Index of the word of estimative probability (ICD 203) for each number."""
    return np.searchsorted(EDGES, p, side="right")


def worth(
    posterior: Posterior,
    truth: np.ndarray,
    every: tuple[Channel, ...],
    collectors: tuple[Collector, ...],
    shares: Mapping[tuple[str, str], float],
    looks: Mapping[tuple[str, str], Look],
    unit: float,
    each: Each,
    *,
    draws: int = DRAWS,
) -> tuple[Worth, ...]:
    """Every collector that can be pointed and every actor: what `unit` more of its share there would tell.

    Parameters
    ----------
    truth : (Q, N) whether each question of the case comes true on each particle's path
    unit : share added, whatever it is taken from; less where the collector looks there almost wholly
    each : does jobs side by side

    Returns
    -------
    largest expected information first
    """
    fixed = {collector.id for collector in collectors if collector.fixed}
    free = [key for key in shares if key[0] not in fixed]
    if not free:
        return ()
    said = said_soon(posterior, every)
    now = covered_soon(posterior, every, shares)
    rng = np.random.Generator(
        np.random.Philox(np.random.SeedSequence(entropy=posterior.seed, spawn_key=(0, 13)))
    )
    particles = rng.choice(posterior.weight.size, size=draws, p=posterior.weight / posterior.weight.sum())
    luck = rng.random((draws, len(every)))
    reported = luck < now * said[:, particles].T
    silent = np.log1p(-now[:, None] * np.minimum(said, 1.0 - 1e-9))
    difference = np.log(np.maximum(said, 1e-12)) - silent
    base = np.log(np.maximum(posterior.weight, 1e-300)) + silent.sum(axis=0)
    log_weight = np.stack([base + difference[row].sum(axis=0) for row in reported])
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    m = posterior.islands
    anyway = _Anyway(
        weight=weight.reshape(draws, m, -1),
        reported=reported,
        luck=luck,
        particle=particles,
        truth=np.ascontiguousarray(truth.astype(np.float64).reshape(len(truth), m, -1).transpose(1, 0, 2)),
    )
    named = {i.id: i.name for i in posterior.game.case.indicators}
    questions = tuple(question.id for question in posterior.game.case.questions)

    def job(key: tuple[str, str]) -> Worth:
        more = dict(shares)
        added = min(unit, 1.0 - shares[key])
        more[key] = shares[key] + added
        own = [k for k, channel in enumerate(every) if (channel.reporter, channel.actor) == key]
        after = covered_soon(posterior, tuple(every[k] for k in own), more)
        gain = _Gain(
            own=own,
            chance=[
                gained(said[k], float(now[k]), float(c)).reshape(m, -1)
                for k, c in zip(own, after, strict=True)
            ],
            comes=after[:, None] * said[own][:, particles],
        )
        indicators = tuple((every[k].indicator, named[every[k].indicator]) for k in own)
        return _answer(looks[key], added, gain, anyway, questions, indicators)

    out = each([partial(job, key) for key in free], "worth of further looks")
    return tuple(sorted(out, key=lambda w: (-w.best.bits.value, w.look.collector, w.look.actor)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Anyway:
    """Draws of what would be seen anyway: J draws, M islands of n particles, C channels, Q questions."""

    weight: F64  # (J, M, n) given it
    reported: np.ndarray  # (J, C)
    luck: F64  # (J, C)
    particle: np.ndarray  # (J,) it was drawn from
    truth: F64  # (M, Q, n)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gain:
    """What further looking of one collector at one actor adds: K channels."""

    own: list[int]
    chance: list[F64]  # (M, n) each, of a further report where there is none
    comes: F64  # (K, J) chance of a report at all, given the particle of each draw


def _answer(
    look: Look,
    unit: float,
    gain: _Gain,
    anyway: _Anyway,
    questions: tuple[str, ...],
    indicators: tuple[tuple[str, str], ...],
) -> Worth:
    draws, m = anyway.weight.shape[:2]
    n_questions, n_channels = len(questions), len(gain.own)
    bits = np.zeros((draws, 1 + m, n_questions))
    single = np.zeros((draws, n_channels, 1 + m, n_questions))
    crossing = np.zeros((draws, n_questions))
    for j in range(draws):
        weight = chained = anyway.weight[j]
        open_ = [i for i, k in enumerate(gain.own) if not anyway.reported[j, k]]
        for i in open_:
            single[j, i] = information(weight, anyway.truth, gain.chance[i])
            bits[j] += (
                single[j, i] if chained is weight else information(chained, anyway.truth, gain.chance[i])
            )
            if i != open_[-1]:
                # The draw goes on with what this indicator would have brought, on the same luck.
                came = anyway.luck[j, gain.own[i]] < gain.comes[i, j]
                chained = chained * (gain.chance[i] if came else 1.0 - gain.chance[i])
                chained = chained / max(float(chained.sum()), 1e-300)
        crossing[j] = _crossing(weight, anyway.truth, [gain.chance[i] for i in open_])
    found = tuple(
        QuestionWorth(
            question=question,
            bits=_mean(bits[:, :, q]),
            crosses=Chance(
                probability=float(np.clip(crossing[:, q].mean(), 0.0, 1.0)), mc_error=_scatter(crossing[:, q])
            ),
        )
        for q, question in enumerate(questions)
    )
    best = max(range(len(found)), key=lambda q: found[q].bits.value)
    each = [
        IndicatorWorth(indicator=id_, name=name, bits=_mean(single[:, i, :, best]))
        for i, (id_, name) in enumerate(indicators)
    ]
    return Worth(
        look=look,
        unit=unit,
        best=found[best],
        questions=found,
        indicators=tuple(sorted(each, key=lambda i: (-i.bits.value, i.indicator))),
    )


def _crossing(weight: F64, truth: F64, chances: list[F64]) -> F64:
    """(Q,) chance that the answer takes another word, by none or one more report; more are left out."""
    out = np.zeros(truth.shape[1])
    if not chances:
        return out

    def answers(joint: F64) -> F64:
        return np.asarray((truth @ joint[:, :, None]).sum(axis=(0, 2)))

    before = word_of(answers(weight))
    none = np.prod([1.0 - chance for chance in chances], axis=0)
    for outcome in (none, *(none * c / np.maximum(1.0 - c, 1e-12) for c in chances)):
        joint = weight * outcome
        p = float(joint.sum())
        if p > 0.0:
            out += p * (word_of(answers(joint) / p) != before)
    return out


def _scatter(values: F64) -> float:
    n = len(values)
    return float(values.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")


def _mean(values: F64) -> Number:
    """Mean over draws of (J, 1 + M), and its error: the draws' scatter and the islands'."""
    means = values.mean(axis=0)
    m = len(means) - 1
    islands = (m - 1.0) / m * float(np.sum((means[1:] - means[1:].mean()) ** 2))
    return Number(value=float(means[0]), mc_error=float(np.hypot(_scatter(values[:, 0]), np.sqrt(islands))))
