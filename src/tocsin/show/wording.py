"""How every view writes numbers and names, so that terminal and page say the same thing in the same words.

A probability is written with one Monte Carlo standard error and no more digits than the error supports. One
that has none of its own (a prior is exact; an answer with a report left out is not given one) is written as a
whole percentage after "about", or bare where it is an assumption.
"""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Iterable, Sequence

from tocsin.ask.estimate import (
    ActorEstimate,
    Chance,
    Estimate,
    EvidenceEstimate,
    FrontEstimate,
    Number,
    Weight,
)

# A shift of less than half a point is not worth a reader's time.
TELLING_SHIFT = 0.005


def clean(text: str) -> str:
    """A case's text on one line, without characters that a terminal would obey or that reverse what is read.

    Examples
    --------
    >>> clean("a\\x1b[31m b\\n c")
    'a[31m b c'
    """
    return " ".join(visible(text).split())


def visible(text: str) -> str:
    """The same without control characters; every kind of blank becomes a space, but none is taken away."""
    spaced = "".join(" " if c.isspace() and c != "\xa0" else c for c in text)
    return "".join(c for c in spaced if unicodedata.category(c)[0] != "C")


def _digits(error_percent: float) -> int:
    """Decimals that an error in percentage points supports: one digit of the error, two at the most."""
    if not math.isfinite(error_percent) or error_percent <= 0.0:
        return 1
    return min(max(0, math.ceil(-math.log10(error_percent) - 0.02)), 2)


def percent(chance: Chance) -> str:
    """A probability and its Monte Carlo error, in percent.

    Examples
    --------
    >>> percent(Chance(probability=0.1234, mc_error=0.004)), percent(Chance(probability=0.52, mc_error=0.02))
    ('12.3 % ±0.4', '52 % ±2')
    >>> percent(Chance(probability=0.0, mc_error=0.0)), percent(Chance(probability=1.0, mc_error=0.0))
    ('0 % (none)', '100 % (all)')
    """
    p, error = 100.0 * chance.probability, 100.0 * chance.mc_error
    if chance.probability <= 0.0:
        return "0 % (none)"
    if chance.probability >= 1.0 - 1e-12 and error < 0.005:
        return "100 % (all)"
    if not math.isfinite(error):
        return f"{p:.0f} % (error unknown)"
    if error < 0.005 and p < 0.01:
        return "under 0.01 % ±0.01"
    digits = _digits(error)
    if error < 0.005:
        return f"{p:.{digits}f} % ±0.01"
    return f"{p:.{digits}f} % ±{error:.{digits}f}"


def about(probability: float) -> str:
    """A probability without an error of its own, in whole percent.

    Examples
    --------
    >>> about(0.123), about(0.003), about(0.998)
    ('about 12 %', 'under 1 %', 'over 99 %')
    """
    return f"about {share(probability)}" if 0.005 <= probability < 0.995 else share(probability)


def share(probability: float) -> str:
    """A share in whole percent, never rounded to none or all.

    Examples
    --------
    >>> share(0.5), share(0.004), share(0.0)
    ('50 %', 'under 1 %', '0 %')
    """
    if 0.0 < probability < 0.005:
        return "under 1 %"
    if 0.995 <= probability < 1.0:
        return "over 99 %"
    return f"{100.0 * probability:.0f} %"


def signed(number: Number, factor: float = 1.0, digits: int = 1) -> str:
    """A number with its sign and its error.

    Examples
    --------
    >>> signed(Number(value=-3.21, mc_error=0.4)), signed(Number(value=0.0312, mc_error=0.004), 100)
    ('−3.2 ±0.4', '+3.1 ±0.4')
    """
    value = plus(factor * number.value, digits)
    if not math.isfinite(number.mc_error):
        return f"{value} (error unknown)"
    return f"{value} ±{factor * number.mc_error:.{digits}f}"


def plus(value: float, digits: int = 1) -> str:
    """A number with its sign; a minus is written as one, and zero has none.

    Examples
    --------
    >>> plus(1.25, 1), plus(-0.5), plus(0.001)
    ('+1.2', '−0.5', '0.0')
    """
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0.0:
        return text
    return f"+{text}" if value > 0 else f"−{text}"


def day(date: dt.date | None) -> str:
    """A date as everywhere in tocsin; a dash where there is none."""
    return date.isoformat() if date else "–"


def arrow(ref: str) -> str:
    """A front as it is written in a case; it stays so everywhere, to be searched for."""
    return clean(ref)


def numbers(estimate: Estimate) -> dict[str, str]:
    """The short name of each question, Q1 and on, by its id."""
    return {question.id: f"Q{k}" for k, question in enumerate(estimate.questions, 1)}


def in_focus(estimate: Estimate) -> tuple[FrontEstimate, ...]:
    """The fronts that questions ask about, in the questions' order; all fronts if they ask about none."""
    by_ref = {front.ref: front for front in estimate.fronts}
    asked = dict.fromkeys(ref for question in estimate.questions for ref in question.fronts)
    return tuple(by_ref[ref] for ref in asked if ref in by_ref) or estimate.fronts


def actors_in_order(estimate: Estimate) -> tuple[ActorEstimate, ...]:
    """The actors, those first that questions ask about."""
    order = dict.fromkeys(part for f in in_focus(estimate) for part in (f.initiator, f.target))
    rank = {actor: k for k, actor in enumerate(order)}
    return tuple(sorted(estimate.actors, key=lambda actor: rank.get(actor.id, len(rank))))


def strongest(piece: EvidenceEstimate, questions: Iterable[str]) -> Weight | None:
    """The weight that a piece of evidence carries most of, among the questions; None if it carries none."""
    wanted = set(questions)
    return max(
        (weight for weight in piece.weights if weight.hypothesis in wanted),
        key=lambda weight: abs(weight.decibans.value),
        default=None,
    )


def likeliest(
    names: Sequence[str], chances: Sequence[Chance], most: int, least: float = 0.05
) -> list[tuple[str, Chance]]:
    """The likeliest of some named alternatives, largest first; those below `least` are left out."""
    pairs = sorted(zip(names, chances, strict=True), key=lambda pair: -pair[1].probability)
    return [pair for k, pair in enumerate(pairs[:most]) if k == 0 or pair[1].probability >= least]


def is_uncertain(number: Number) -> bool:
    """Whether a number is within two of its Monte Carlo errors of nothing, or its error is unknown."""
    return not abs(number.value) > 2.0 * number.mc_error


def titled(text: str) -> str:
    """A phrase as the start of a sentence.

    Examples
    --------
    >>> titled("strongly pushes"), titled("")
    ('Strongly pushes', '')
    """
    return text[:1].upper() + text[1:]


def listed(parts: Iterable[str], last: str = "and") -> str:
    """Some names as a sentence lists them.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], "or")
    ('a', 'a and b', 'a, b or c')
    """
    names = list(parts)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}" if names else ""


def counted(count: int, noun: str) -> str:
    """A count and its noun.

    Examples
    --------
    >>> counted(1, "report"), counted(3, "report")
    ('1 report', '3 reports')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
