"""Whether every word is on its scale and every uncertain number in its range, by the table in `words`."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator

from tocsin.case import words
from tocsin.case.check.finding import Finding, finding, listed
from tocsin.case.check.names import Names
from tocsin.case.faults import Path, shown
from tocsin.case.model import Case, Spread, Style
from tocsin.case.population import STYLE

Uncertain = str | float | Spread
# How far a sum of chances may be from one: what decimals such as 0.333333 leave.
SUM_TOLERANCE = 1e-6


def check_numbers(case: Case, names: Names) -> Iterator[Finding]:  # noqa: ARG001 - every check has one shape
    """Weights, strengths, likelihoods and styles of the whole case."""
    for path, convert, value in _uncertain(case):
        try:
            convert(value)
        except words.WordError as error:
            near = difflib.get_close_matches(error.found, error.words, n=1, cutoff=0.6)
            mend = f"did you mean {near[0]}?" if near else "write one of those, or a number"
            scale = (
                f"a word for a {error.scale} ({listed(error.words, most=12)})" if error.words else "a number"
            )
            yield finding(path, shown(error.found), scale, mend)
        except ValueError as error:
            wanted, _, found = str(error).partition("; found ")
            yield finding(
                path, found, wanted.replace(" lies between ", " between "), "write a number in that range"
            )


def _uncertain(case: Case) -> Iterator[tuple[Path, Callable[..., words.Prior], Uncertain]]:
    for i, disposition in enumerate(case.dispositions):
        yield ("dispositions", i, "appetite"), words.plain, disposition.appetite
    for i, actor in enumerate(case.actors):
        yield ("actors", i, "deception"), words.strength, actor.deception
        yield ("actors", i, "standing"), words.strength, actor.standing
        yield from _style(actor.style, ("actors", i, "style"))
    for i, tie in enumerate(case.ties):
        yield ("ties", i, "strength"), words.strength, tie.strength
    for i, reason in enumerate(case.reasons):
        yield ("reasons", i, "weight"), words.weight, reason.weight
    for i, threat in enumerate(case.threats):
        yield ("threats", i, "strength"), words.weight, threat.strength
    for i, indicator in enumerate(case.indicators):
        for level, value in indicator.likelihood.items():
            yield ("indicators", i, "likelihood", level), words.likelihood, value
        yield ("indicators", i, "concealable"), words.strength, indicator.concealable
        yield ("indicators", i, "plantable"), words.strength, indicator.plantable
    for i, source in enumerate(case.sources):
        yield ("sources", i, "base_rate"), words.likelihood, source.base_rate
        yield ("sources", i, "sharpness"), words.strength, source.sharpness
        for k, watch in enumerate(source.watches):
            yield ("sources", i, "watches", k, "coverage"), words.likelihood, watch.coverage
    for i, collector in enumerate(case.collectors):
        for target, quality in collector.quality.items():
            yield ("collectors", i, "quality", target), words.likelihood, quality


def _style(style: Style, path: Path) -> Iterator[tuple[Path, Callable[..., words.Prior], Uncertain]]:
    for name in Style.model_fields:
        value = getattr(style, name)
        if value is not None:
            yield (*path, name), words.plain if STYLE[name].scale == "plain" else words.weight, value


def sums_to_one(chances: tuple[float, ...], path: Path) -> Iterator[Finding]:
    """A finding if chances do not sum to 1."""
    total = sum(chances)
    if abs(total - 1.0) > SUM_TOLERANCE:
        yield finding(
            path, f"chances that sum to {total:.6g}", "chances that sum to 1", "change them until they do"
        )
