"""Words to numbers: one table, and never a point.

Every uncertain number of a case becomes a `Prior`: a median and a spread on the quantity's natural
scale (log for weights, log-odds for strengths and likelihoods, the plain scale for appetites and biases).
A draw is ``link(location + scale * z)`` with ``z`` standard normal, so the whole of what an analyst
does not know about a case is one vector of standard normals, whatever the words were.

A word carries its usual spread; a bare number half of it, since whoever writes 0.7 means it more
exactly than "likely"; ``{median, spread}`` states its own, and 0 and 1 are exact.

Sources: the likelihood words take the midpoints of the ranges in Intelligence Community Directive 203
(2015). The weights and strengths are judgement, set before any case was run. Style has its priors from fits
to real dyads as far as these tell them (`tocsin.case.population`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tocsin.case.model import Spread
from tocsin.case.population import STYLE, Scale

WEIGHTS = {
    "negligible": 0.1,
    "slight": 0.3,
    "modest": 0.6,
    "considerable": 1.0,
    "strong": 1.6,
    "decisive": 3.0,
}
STRENGTHS = {
    "none": 0.0,
    "very low": 0.05,
    "very weak": 0.05,
    "low": 0.2,
    "weak": 0.2,
    "moderate": 0.5,
    "high": 0.8,
    "strong": 0.8,
    "very high": 0.95,
    "very strong": 0.95,
    "full": 1.0,
}
LIKELIHOODS = {
    "never": 0.002,
    "almost never": 0.01,
    "almost no chance": 0.03,
    "remote": 0.03,
    "very unlikely": 0.12,
    "unlikely": 0.32,
    "roughly even": 0.50,
    "likely": 0.68,
    "very likely": 0.88,
    "almost certain": 0.97,
    "almost always": 0.99,
}
# Standard deviation that a word carries, on its own scale; a bare number carries half.
WORD_SPREAD: dict[Scale, float] = {"log": 0.35, "logit": 0.4, "plain": 0.5}

# Beta(right, wrong) by Admiralty letter: E is known to be poor, F is not known, hence wide and not average.
RELIABILITY: dict[str, tuple[float, float]] = {
    "A": (38.0, 2.0),
    "B": (17.0, 3.0),
    "C": (7.0, 3.0),
    "D": (5.0, 5.0),
    "E": (3.0, 7.0),
    "F": (1.0, 1.0),
}
# What the item's own credibility leaves of the source's reliability; 6 cannot be judged and leaves it alone.
ITEM_FACTOR: dict[int, float] = {1: 1.0, 2: 0.9, 3: 0.75, 4: 0.5, 5: 0.2, 6: 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """Distribution of one uncertain number: ``link(location + scale * z)``, z standard normal.

    Examples
    --------
    >>> weight("strong").value(0.0)
    1.6
    >>> likelihood(0.25).value(0.0)
    0.25
    """

    link: Scale
    location: float
    scale: float

    def value(self, z: float) -> float:
        """The number at standard-normal coordinate `z`, rounded to 12 digits."""
        x = self.location + self.scale * z if self.scale else self.location
        if self.link == "log":
            return round(math.exp(x), 12)
        if self.link == "logit":
            return round(1.0 / (1.0 + math.exp(-x)), 12) if x > -700 else 0.0
        return x

    @property
    def median(self) -> float:
        """The middle of the distribution, in the quantity's unit."""
        return self.value(0.0)


class WordError(ValueError):
    """A word that is not on its scale; carries what would have been."""

    def __init__(self, found: str, scale: str, words: tuple[str, ...]) -> None:
        super().__init__(f"{found!r} is not a word for a {scale}")
        self.found, self.scale, self.words = found, scale, words


def _prior(
    value: str | float | Spread, link: Scale, words: dict[str, float], name: str, low: float, high: float
) -> Prior:
    if isinstance(value, str):
        if value not in words:
            raise WordError(value, name, tuple(words))
        median, spread = words[value], WORD_SPREAD[link]
    elif isinstance(value, Spread):
        median, spread = value.median, value.spread
    else:
        median, spread = float(value), WORD_SPREAD[link] / 2
    if not (math.isfinite(median) and low <= median <= high):
        raise ValueError(f"a {name} lies between {low:g} and {high:g}; found {median:g}")
    if link == "plain":
        return Prior(link=link, location=median, scale=spread)
    if link == "log":
        return Prior(
            link=link, location=math.log(median) if median else -math.inf, scale=spread if median else 0.0
        )
    if median in (0.0, 1.0):
        return Prior(link=link, location=math.copysign(math.inf, median - 0.5), scale=0.0)
    return Prior(link=link, location=math.log(median / (1.0 - median)), scale=spread)


def weight(value: str | float | Spread) -> Prior:
    """How much something moves a decision, in nats at the top rung (>= 0)."""
    return _prior(value, "log", WEIGHTS, "weight", 0.0, 20.0)


def strength(value: str | float | Spread) -> Prior:
    """A share in [0, 1]: of a tie, of skill, of standing."""
    return _prior(value, "logit", STRENGTHS, "strength", 0.0, 1.0)


def likelihood(value: str | float | Spread) -> Prior:
    """A chance in [0, 1] of being seen, said or covered."""
    return _prior(value, "logit", LIKELIHOODS, "likelihood", 0.0, 1.0)


def plain(value: float | Spread) -> Prior:
    """A number of either sign: an appetite in nats, a bias in rungs."""
    return _prior(value, "plain", {}, "number", -20.0, 20.0)


def style(name: str, value: str | float | Spread | None) -> Prior:
    """A style parameter as the case gives it, or the population's prior where it does not."""
    prior = STYLE[name]
    if value is None:
        value = Spread(median=prior.median, spread=prior.spread)
    if prior.scale == "plain":
        if isinstance(value, str):
            raise WordError(value, "number", ())
        return plain(value)
    return weight(value)
