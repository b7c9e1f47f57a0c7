"""A ledger for the terminal and as JSON: its questions, its forecasts, its scores."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

from tocsin.ask.estimate import Chance
from tocsin.ledger.entry import Forecast, Recorded
from tocsin.ledger.scores import Group, LedgerScores, Scored
from tocsin.ledger.state import Asked
from tocsin.score.skill import Interval
from tocsin.show import wording as say
from tocsin.show.text import Page

Json = dict[str, Any]
HASH_DIGITS = 12


def as_json(value: Any) -> Any:
    """A frozen value as JSON: dates as text, tuples as lists, what is infinite or no number as null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [as_json(part) for part in value]
    if isinstance(value, dt.date):  # a datetime too
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def question_json(asked: Asked, day: dt.date) -> Json:
    """A question with where it stands, its forecasts and its resolution in force."""
    return {"status": asked.status(day), **as_json(asked)}


def answer(forecast: Forecast) -> str:
    """What a forecast says, in a few characters.

    Examples
    --------
    >>> from tocsin.ledger.entry import Question
    >>> q = Question(key="deaths", text="How many?", closes=dt.date(2030, 6, 1), number=True)
    >>> day = dt.date(2030, 4, 15)
    >>> answer(Forecast(question=q, author="Anna", as_of=day, quantiles=((0.1, 3.0), (0.9, 40.0))))
    '10 %: 3, 90 %: 40'
    """
    if forecast.probability is not None:
        if forecast.mc_error is not None:
            return say.percent(Chance(probability=forecast.probability, mc_error=forecast.mc_error))
        return f"{100 * forecast.probability:.4g} %"
    if forecast.shares:
        return ", ".join(
            f"{name}: {100 * share:.3g} %"
            for name, share in zip(forecast.question.classes, forecast.shares, strict=True)
        )
    return ", ".join(f"{100 * level:g} %: {value:g}" for level, value in forecast.quantiles)


def render_questions(
    questions: Sequence[Asked], day: dt.date, *, each: bool = False, width: int = 80, colour: bool = False
) -> str:
    """Questions with each forecaster's last word, or with every forecast.

    Parameters
    ----------
    day : on which their standing is told
    each : every forecast, not only the last of each author
    """
    page = Page(width=max(width, 60), colour=colour, full=True)
    for asked in questions:
        question, resolution = asked.question, asked.resolution
        came = ""
        if resolution is not None and not resolution.value.is_void:
            came = f": {resolution.value.outcome} on {resolution.value.on}"
        page.line("")
        page.line(question.key, style="bold")
        page.line(say.clean(question.text))
        page.line(f"closes {question.closes}; {asked.status(day)}{say.clean(came)}", style="dim")
        shown = asked.forecasts if each else _last(asked.forecasts)
        page.table(
            ("", "hash", "author", "as of", "forecast"),
            [
                (
                    str(row.number),
                    row.hash[:HASH_DIGITS],
                    say.clean(row.value.author),
                    row.value.as_of.isoformat(),
                    answer(row.value) + (" (in hindsight)" if _late(row) else ""),
                )
                for row in shown
            ],
            right=(0,),
        )
    count = sum(len(asked.forecasts) for asked in questions)
    page.line("")
    page.line(f"{say.counted(len(questions), 'question')}, {say.counted(count, 'forecast')}.")
    return page.text().lstrip("\n")


def _last(rows: Sequence[Recorded[Forecast]]) -> list[Recorded[Forecast]]:
    by_author = {row.value.author: row for row in sorted(rows, key=lambda row: (row.value.as_of, row.number))}
    return list(by_author.values())


def _late(row: Recorded[Forecast]) -> bool:
    return row.recorded.date() > row.value.question.closes


def render_scores(scores: LedgerScores, *, full: bool = False, width: int = 80, colour: bool = False) -> str:
    """The scores of a ledger.

    Parameters
    ----------
    full : by case, by lead time and with every author's calibration too
    """
    page = Page(width=max(width, 60), colour=colour, full=full)
    q = scores.questions
    page.line(f"Scores of the ledger as it stood on {scores.as_of}", style="bold")
    page.line(
        f"Questions: {q.resolved} closed and resolved, {q.open} open, {q.decided_early} decided early and "
        f"scored only after their close, {q.overdue} closed and not resolved, {q.void} void."
    )
    if scores.corrections:
        page.line(f"{say.counted(scores.corrections, 'resolution')} corrected by a later one.")
    _scored(page, "Forecasts recorded by the close", scores.live)
    if scores.hindsight.forecasts or scores.hindsight.knew:
        _scored(page, "In hindsight: recorded after the close", scores.hindsight)
    return page.text()


def _scored(page: Page, title: str, scored: Scored) -> None:
    page.heading(title)
    if scored.knew:
        page.line(f"{say.counted(scored.knew, 'forecast')} left out: issued when the outcome was known.")
    if not scored.forecasts:
        page.line("None yet on a question that is closed and resolved.")
        return
    binary = [group for group in scored.by_author if group.record.forecasts]
    if binary:
        page.line("Lower is better but for skill; 90 % intervals resample whole questions.", style="dim")
        _groups(page, "", binary)
        for group in binary:
            page.line(
                f"{say.clean(group.author)}: skill is against {group.record.base}.", hang=4, style="dim"
            )
        page.heading("Brier score taken apart")
        page.table(
            ("", "Brier", "reliability", "resolution", "uncertainty", "within bins"),
            [(say.clean(group.author), *_parts(group)) for group in binary],
            right=range(1, 6),
        )
        for group in binary if page.full else binary[:1]:
            _calibration(page, group)
        if page.full:
            _by_part(page, "By case", scored.by_case)
            _by_part(page, "By lead time", scored.by_lead)
        elif len(binary) > 1 or scored.by_case or scored.by_lead:
            page.line("By case, by lead time and each author's calibration: --full", style="dim")
    if scored.others:
        page.heading("Of classes and of numbers")
        page.table(
            ("", "score", "forecasts", "mean"),
            [
                (say.clean(other.author), other.score, str(other.forecasts), _figure(other.mean))
                for other in scored.others
            ],
            right=(2, 3),
        )
    if scored.together is not None:
        t = scored.together
        page.heading(f"Together, on {say.counted(t.questions, 'question')} that several answered")
        _groups(page, "", [*t.forecasters, *t.pools])


def _by_part(page: Page, title: str, groups: Sequence[Group]) -> None:
    if groups:
        page.heading(title)
        _groups(page, "of", groups)


def _groups(page: Page, part: str, groups: Sequence[Group]) -> None:
    head = ("author", *((part,) if part else ()), "n", "Brier", "90 %", "log", "skill", "90 % ")
    rows = []
    for group in groups:
        r = group.record
        log = "infinite" if r.impossible else _value(r.log)
        rows.append(
            (
                say.clean(group.author),
                *((say.clean(group.part),) if part else ()),
                str(r.forecasts),
                _value(r.brier),
                _range(r.brier),
                log,
                _value(r.brier_skill),
                _range(r.brier_skill),
            )
        )
    page.table(head, rows, right=(len(head) - 6, len(head) - 5, len(head) - 3, len(head) - 2), wide=0)


def _parts(group: Group) -> tuple[str, ...]:
    parts = group.record.parts
    if parts is None:
        return ("",) * 5
    five = parts.brier, parts.reliability, parts.resolution, parts.uncertainty, parts.within_bin
    return tuple(f"{value:.4f}" for value in five)


def _calibration(page: Page, group: Group) -> None:
    page.heading(f"Calibration of {say.clean(group.author)}")
    page.table(
        ("forecast", "n", "mean", "came true", "by chance, if right"),
        [
            (
                f"{100 * part.low:.0f} to {100 * part.high:.0f} %",
                str(part.n),
                f"{100 * part.forecast:.0f} %",
                f"{100 * part.observed:.0f} %",
                f"{100 * part.bar_low:.0f} to {100 * part.bar_high:.0f} %",
            )
            for part in group.record.curve
        ],
        right=(1, 2, 3),
    )


def _figure(value: float) -> str:
    return "infinite" if math.isinf(value) else f"{value:.3f}"


def _value(interval: Interval | None) -> str:
    return "" if interval is None else f"{interval.value:.3f}"


def _range(interval: Interval | None) -> str:
    if interval is None or math.isnan(interval.low):
        return ""
    return f"{interval.low:.3f} to {interval.high:.3f}"
