"""One number of a case that can be moved, and how each sort of number becomes one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from tocsin.case import words
from tocsin.case.model import (
    Pace,
    Spread,
)

# How a knob's value is written: as a bare number, as a whole one, as a middle with the spread it has, as a
# grade's letter, as the whole mapping or list of shares that it is one of; a lever is pulled or not.
Form = Literal["number", "whole", "median", "letter", "share", "listed share", "lever"]
Marks = tuple[tuple[str, float], ...]

LETTERS: Marks = tuple((letter, float(k)) for k, letter in enumerate("ABCDEF"))
# What a slider reaches where the format sets no end, or one far beyond what anybody means.
MOST_NATS, MOST_RUNGS, MOST_RATE, MOST_SHIFT = 5.0, 3.0, 2.0, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """One number of a case that can be moved."""

    path: str  # under which a change writes it
    part: str  # of shares: which of them; else empty
    group: str  # the part of the case that it is of
    of: str  # the thing that it is of, in words
    label: str  # what it is, in words
    meaning: str  # the format's description
    form: Form
    written: str  # as the case has it: a word or a number; empty where nothing is written
    number: float  # the middle of what is written; of a letter its place from A
    spread: float | None  # kept beside the middle, on the quantity's own scale; None for a bare number
    unit: str  # "nats", "share", "chance", "a week", "rungs", "times", "grade" or "level"
    low: float
    high: float
    step: float
    marks: Marks  # words of its table, and where they stand


def value_of(knob: Knob, number: float) -> Any:
    """What a change writes for a number; of a share the share alone, see `with_share`.

    Examples
    --------
    >>> from importlib import resources
    >>> from tocsin.case.knobs import knobs_of
    >>> from tocsin.case.read import load
    >>> knobs = knobs_of(load(str(resources.files("tocsin.case") / "starter")))
    >>> weight = next(k for k in knobs if k.path == "reasons.trade-at-stake.weight")
    >>> value_of(weight, 1.7)
    {'median': 1.7, 'spread': 0.35}
    """
    if knob.form == "letter":
        return "ABCDEF"[round(number)]
    if knob.form == "whole":
        return round(number)
    return number if knob.spread is None else {"median": number, "spread": knob.spread}


def with_share(shares: Mapping[str, float], part: str, share: float) -> dict[str, float]:
    """Shares that sum to 1, one of them set and the others scaled; alike where they were all nothing.

    Examples
    --------
    >>> with_share({"a": 0.5, "b": 0.25, "c": 0.25}, "a", 0.8)
    {'a': 0.8, 'b': 0.1, 'c': 0.1}
    """
    rest = sum(value for name, value in shares.items() if name != part)
    left, others = 1.0 - share, max(len(shares) - 1, 1)
    made = {
        name: share if name == part else round(value / rest * left if rest > 0.0 else left / others, 12)
        for name, value in shares.items()
    }
    # What rounding leaves over goes to the largest of the others, so that the sum stays exact enough.
    if len(made) > 1:
        largest = max((name for name in made if name != part), key=lambda name: made[name])
        made[largest] = max(round(made[largest] + 1.0 - sum(made.values()), 12), 0.0)
    return made


def weight_knob(
    kind: type[BaseModel],
    field: str,
    value: str | float | Spread,
    prior: Any,
    base: str,
    group: str,
    of: str,
    label: str,
) -> Knob:
    """A weight in nats, which keeps its spread."""
    made: words.Prior = prior(value)
    return knob(
        kind,
        field,
        f"{base}.{field}",
        group,
        of,
        label,
        form="median",
        written=as_written(value),
        number=made.median,
        spread=kept_spread(value, made),
        unit="nats",
        low=0.0,
        high=MOST_NATS,
        step=0.05,
        marks=marks_of(words.WEIGHTS, MOST_NATS),
    )


def strength_knob(
    kind: type[BaseModel], field: str, value: str | float | Spread, base: str, group: str, of: str, label: str
) -> Knob:
    """A share of which only the middle counts."""
    middle = words.strength(value).median
    return _middle_knob(kind, field, value, base, group, of, label, middle, "share", words.STRENGTHS)


def likelihood_knob(
    kind: type[BaseModel], field: str, value: str | float | Spread, base: str, group: str, of: str, label: str
) -> Knob:
    """A chance of which only the middle counts."""
    middle = words.likelihood(value).median
    return _middle_knob(kind, field, value, base, group, of, label, middle, "chance", words.LIKELIHOODS)


def _middle_knob(
    kind: type[BaseModel],
    field: str,
    value: str | float | Spread,
    base: str,
    group: str,
    of: str,
    label: str,
    middle: float,
    unit: str,
    table: Mapping[str, float],
) -> Knob:
    """A number from 0 to 1, written as a word of a table or by its middle."""
    return knob(
        kind,
        field,
        f"{base}.{field}",
        group,
        of,
        label,
        form="number",
        written=as_written(value),
        number=middle,
        spread=None,
        unit=unit,
        low=0.0,
        high=1.0,
        step=0.01,
        marks=marks_of(table, 1.0),
    )


def share_knob(
    kind: type[BaseModel],
    field: str,
    shares: Mapping[str, float],
    part: str,
    base: str,
    group: str,
    of: str,
    label: str,
    form: Form = "share",
) -> Knob:
    """One of several shares that sum to 1."""
    return knob(
        kind,
        field,
        f"{base}.{field}",
        group,
        of,
        label,
        part=part,
        form=form,
        written=f"{shares[part]:g}",
        number=shares[part],
        spread=None,
        unit="share",
        low=0.0,
        high=1.0,
        step=0.01,
        marks=(),
    )


def bare_knob(
    kind: type[BaseModel],
    field: str,
    value: float,
    base: str,
    group: str,
    of: str,
    label: str,
    *,
    form: Form = "number",
    unit: str = "share",
    low: float = 0.0,
    high: float = 1.0,
    step: float = 0.01,
    written: str | None = None,
    last: str | None = None,
) -> Knob:
    """A number that stands for itself."""
    return knob(
        kind,
        field,
        f"{base}.{last or field}",
        group,
        of,
        label,
        form=form,
        number=float(value),
        spread=None,
        written=f"{value:g}" if written is None else written,
        unit=unit,
        low=low,
        high=high,
        step=step,
        marks=(),
    )


def rate_knobs(
    kind: type[BaseModel], thing: BaseModel, base: str, group: str, of: str, fields: tuple[str, ...]
) -> Iterator[Knob]:
    """Rates a week, each under the name of its field."""
    for field in fields:
        least = 0.01 if (kind, field) == (Pace, "revision") else 0.0
        yield bare_knob(
            kind,
            field,
            getattr(thing, field),
            base,
            group,
            of,
            field.replace("_", " "),
            unit="a week",
            low=least,
            high=MOST_RATE,
        )


def knob(
    kind: type[BaseModel],
    field: str,
    path: str,
    group: str,
    of: str,
    label: str,
    *,
    form: Form,
    written: str,
    number: float,
    spread: float | None,
    unit: str,
    low: float,
    high: float,
    step: float,
    marks: Marks,
    part: str = "",
) -> Knob:
    """A knob, with the meaning that the format gives its field."""
    return Knob(
        path=path,
        part=part,
        group=group,
        of=of,
        label=label,
        meaning=kind.model_fields[field].description or "",
        form=form,
        written=written,
        number=number,
        spread=spread,
        unit=unit,
        # What is written may lie beyond what a slider usually reaches.
        low=min(low, number),
        high=max(high, number),
        step=step,
        marks=marks,
    )


def kept_spread(value: str | float | Spread, prior: words.Prior) -> float | None:
    """The spread to be kept beside a moved middle: that of a word or one's own; a number has the usual."""
    if isinstance(value, Spread):
        return value.spread
    return words.WORD_SPREAD[prior.link] if isinstance(value, str) else None


def as_written(value: str | float | Spread | None) -> str:
    """What the case has, as its files would show it."""
    if value is None:
        return ""
    if isinstance(value, Spread):
        return f"{value.median:g} (spread {value.spread:g})"
    return value if isinstance(value, str) else f"{value:g}"


def marks_of(table: Mapping[str, float], most: float) -> Marks:
    """A table's words, one for each place."""
    found: dict[float, str] = {}
    for word, number in table.items():
        if number <= most:
            found.setdefault(number, word)
    return tuple((word, number) for number, word in sorted(found.items()))


__all__ = [
    "LETTERS",
    "MOST_NATS",
    "MOST_RATE",
    "MOST_RUNGS",
    "MOST_SHIFT",
    "Form",
    "Knob",
    "Marks",
    "as_written",
    "bare_knob",
    "kept_spread",
    "knob",
    "likelihood_knob",
    "marks_of",
    "rate_knobs",
    "share_knob",
    "strength_knob",
    "value_of",
    "weight_knob",
    "with_share",
]
