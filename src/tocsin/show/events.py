"""A store of events in words, for a terminal."""

from __future__ import annotations

from tocsin.events.ladder import RUNGS
from tocsin.events.summary import SourceLine, Summary

MOST_REFUSALS = 20


def render_summary(summary: Summary) -> str:
    """Files, feeds and refusals as plain text."""
    lines = ["FILES"]
    for file in summary.files:
        lines.append(f"  {file.name} ({file.format}, {file.digest[:12]}): {file.rows:,} rows")
        lines.append(f"    {file.kept:,} kept, {file.refused:,} refused")
    for source in summary.sources:
        lines += _source(source)
    lines.append("REFUSED")
    lines += [f"  {n:,} of {name}: {reason}" for name, reason, n in summary.refused[:MOST_REFUSALS]]
    if len(summary.refused) > MOST_REFUSALS:
        lines.append(f"  and {len(summary.refused) - MOST_REFUSALS} more reasons; --json has them all")
    if not summary.refused:
        lines.append("  nothing")
    return "\n".join(lines) + "\n"


def _source(source: SourceLine) -> list[str]:
    directed = (
        "every event has a direction"
        if not source.undirected
        else f"{source.undirected:,} have no direction and count on both fronts of their pair"
    )
    deaths = "" if source.deaths_best is None else f"; {source.deaths_best:,} deaths by the best estimates"
    rungs = zip(RUNGS, source.rungs, strict=True)
    return [
        f"{source.source.upper()} ({source.scheme})",
        f"  {source.events:,} events from {source.first_day} to {source.last_day}{deaths}",
        f"  {directed}",
        f"  rungs: {', '.join(f'{name} {n:,}' for name, n in rungs)}",
        f"  years: {', '.join(f'{year} {n:,}' for year, n in source.years)}",
        f"  actors: {', '.join(f'{name} {n:,}' for name, n in source.actors)}",
        f"  codes: {', '.join(f'{code} {n:,}' for code, n in source.codes)}",
    ]
