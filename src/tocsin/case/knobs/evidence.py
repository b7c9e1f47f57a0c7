"""The numbers of what is seen and said: sources, watches, indicators, reports."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from tocsin.case import words
from tocsin.case.knobs.knob import (
    LETTERS,
    Knob,
    as_written,
    bare_knob,
    kept_spread,
    knob,
    likelihood_knob,
    marks_of,
    strength_knob,
)
from tocsin.case.model import (
    Case,
    Indicator,
    Record,
    Report,
    Source,
    Watch,
)


def evidence_knobs(case: Case, last: dt.date) -> Iterator[Knob]:
    """Those of the evidence known by a day."""
    for source in case.sources:
        base, of = f"sources.{source.id}", source.name
        yield knob(
            Source,
            "grade",
            f"{base}.grade",
            "Sources",
            of,
            "grade",
            form="letter",
            written=source.grade,
            number=float("ABCDEF".index(source.grade)),
            spread=None,
            unit="grade",
            low=0.0,
            high=5.0,
            step=1.0,
            marks=LETTERS,
        )
        if source.record is not None:
            for field in ("right", "wrong"):
                yield bare_knob(
                    Record,
                    field,
                    getattr(source.record, field),
                    f"{base}.record",
                    "Sources",
                    of,
                    f"proved {field}",
                    unit="reports",
                    high=100.0,
                    step=1.0,
                )
        yield likelihood_knob(
            Source, "base_rate", source.base_rate, base, "Sources", of, "says anything anyway"
        )
        yield strength_knob(Source, "sharpness", source.sharpness, base, "Sources", of, "sharpness")
        spoken = Counter(watch.indicator for watch in source.watches)
        for watch in source.watches:
            if spoken[watch.indicator] > 1 or (watch.since is not None and watch.since > last):
                continue
            yield likelihood_knob(
                Watch,
                "coverage",
                watch.coverage,
                f"{base}.watches.{watch.indicator}",
                "Sources",
                of,
                f"watches for {watch.indicator}",
            )
    for indicator in case.indicators:
        base, of = f"indicators.{indicator.id}", indicator.name
        for level, value in indicator.likelihood.items():
            made = words.likelihood(value)
            yield knob(
                Indicator,
                "likelihood",
                f"{base}.likelihood.{level}",
                "Indicators",
                of,
                f"seen at {level}",
                form="median",
                written=as_written(value),
                number=made.median,
                spread=kept_spread(value, made),
                unit="chance",
                low=0.001,
                high=0.999,
                step=0.001,
                marks=marks_of(words.LIKELIHOODS, 1.0),
            )
        for field, label in (("concealable", "can be hidden"), ("plantable", "can be faked")):
            yield strength_knob(Indicator, field, getattr(indicator, field), base, "Indicators", of, label)
    for report in case.reports:
        if report.known_on <= last:
            yield bare_knob(
                Report,
                "grade",
                report.grade,
                f"reports.{report.id}",
                "Reports",
                f"{report.known_on} {report.source}: {report.text or report.value}",
                "credibility",
                form="whole",
                unit="level",
                low=1.0,
                high=6.0,
                step=1.0,
            )


__all__ = ["evidence_knobs"]
