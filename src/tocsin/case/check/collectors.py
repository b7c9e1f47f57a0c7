"""Collectors: whose they are, where they can look, and where they do."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.case.check.finding import Finding, finding, listed, warning
from tocsin.case.check.names import Names
from tocsin.case.check.numbers import SUM_TOLERANCE
from tocsin.case.faults import Path, shown
from tocsin.case.model import Case, Collector


def check_collectors(case: Case, names: Names) -> Iterator[Finding]:
    """Names, shares that sum to 1 at the most, and nothing looked at that cannot be seen."""
    sees = {source.id: source.sees for source in case.sources}
    owners = {indicator.id: indicator.about.owner for indicator in case.indicators}
    for i, collector in enumerate(case.collectors):
        path = ("collectors", i)
        if collector.actor is not None:
            yield from names.unknown("actors", collector.actor, (*path, "actor"))
        if collector.source is not None:
            yield from names.unknown("sources", collector.source, (*path, "source"))
        yield from _targets(collector, path, names)
        heard = None if collector.source is None else sees.get(collector.source)
        yield from _sees(collector, heard, owners, path, names)


def _targets(collector: Collector, path: Path, names: Names) -> Iterator[Finding]:
    for actor in collector.quality:
        yield from names.unknown("actors", actor, (*path, "quality", actor), at_key=True)
    if not collector.quality:
        yield warning(
            (*path, "quality"),
            "no quality toward anybody",
            "an actor that it is able to look at",
            "add an actor and the chance that what is there is passed on",
        )
    for actor in collector.looks:
        if not names.has("actors", actor):
            yield from names.unknown("actors", actor, (*path, "looks", actor), at_key=True)
        elif actor not in collector.quality:
            yield finding(
                (*path, "looks", actor),
                f"a look at {actor}, toward whom it has no quality",
                f"a look at one of those it is able to see ({listed(tuple(collector.quality))})",
                f"give it a quality toward {actor}, or look elsewhere",
                at_key=True,
            )
    total = sum(collector.looks.values())
    if total > 1.0 + SUM_TOLERANCE:
        yield finding(
            (*path, "looks"),
            f"shares that sum to {total:.6g}",
            "shares that sum to 1 at the most",
            "lower them until they do; the rest is idle",
        )
    if collector.fixed and not total:
        yield warning(
            (*path, "fixed"),
            "a collector that looks nowhere and cannot be pointed",
            "a look that stays, or a collector that can be pointed",
            "add looks, or remove fixed",
        )


def _sees(
    collector: Collector,
    heard: tuple[str, ...] | None,
    owners: dict[str, str | None],
    path: Path,
    names: Names,
) -> Iterator[Finding]:
    for k, indicator in enumerate(collector.sees or ()):
        here = (*path, "sees", k)
        yield from names.unknown("indicators", indicator, here)
        if indicator not in owners:
            continue
        owner = owners[indicator]
        if heard is not None and indicator not in heard:
            yield finding(
                here,
                f"{shown(indicator)}, which its source {collector.source} cannot report",
                f"one of what the source sees ({listed(heard)})",
                "add it to what the source sees, or remove it here",
            )
        if owner is None:
            yield warning(
                here,
                f"{shown(indicator)}, which is about a factor and so about nobody to look at",
                "an indicator of a posture, a preparation or a disposition",
                "remove it: where the collector looks does not bear on it",
            )
        elif owner not in collector.quality and names.has("actors", owner):
            yield warning(
                here,
                f"{shown(indicator)} of {owner}, toward whom it has no quality",
                f"an indicator of one of those it is able to see ({listed(tuple(collector.quality))})",
                f"give it a quality toward {owner}, or remove it here",
            )
