"""``estimate.json``: an estimate as one JSON object, its schema, and the way back.

The keys are the fields of the dataclasses in `tocsin.ask.estimate`, dates are written 2023-10-11 and tuples
are lists. Each question carries two keys more, ``probability`` and ``mc_error``, which repeat its chance for
whoever wants nothing else. JSON has no NaN: a number that cannot be given (an error that one island cannot
tell) is null. An infinite one is a mistake of ours and is refused.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
import os
import types
import typing
from pathlib import Path
from typing import Any

from tocsin.ask.estimate import SCHEMA_VERSION, Estimate, QuestionEstimate
from tocsin.errors import TocsinError
from tocsin.show.meaning import FIELDS
from tocsin.show.plain import Json, as_text, hints_of, plain, schema_of

# Of each question's chance, repeated beside it.
REPEATED = {
    "probability": "the answer's probability, as in chance",
    "mc_error": "its Monte Carlo standard error, as in chance",
}


_EXPECTED = "an estimate as `tocsin assess` writes it"


class EstimateError(TocsinError):
    """A file is not an estimate that this version can read."""


def as_json(estimate: Estimate) -> Json:
    """The estimate as dictionaries, lists, text and numbers.

    Raises
    ------
    ValueError if a number is infinite
    """
    data: Json = plain(estimate, _repeat)
    return data


def _repeat(value: Any, data: Json) -> Json:
    """Each question's chance once more, beside it."""
    return {key: data["chance"][key] for key in REPEATED} if isinstance(value, QuestionEstimate) else {}


def to_json(estimate: Estimate) -> str:
    """The text of ``estimate.json``."""
    return as_text(as_json(estimate))


def write_json(estimate: Estimate, path: str | os.PathLike[str]) -> None:
    """Write ``estimate.json``."""
    Path(path).write_text(to_json(estimate), encoding="utf-8", errors="surrogatepass", newline="\n")


def from_json(text: str) -> Estimate:
    """The estimate that `to_json` wrote.

    Raises
    ------
    EstimateError if the text is no estimate, or one of another version
    """
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except ValueError as error:
        raise EstimateError(f"found no JSON ({error}); expected {_EXPECTED}") from None
    if not isinstance(data, dict) or "schema" not in data:
        raise EstimateError(f"found JSON of another kind; expected {_EXPECTED}")
    if data["schema"] != SCHEMA_VERSION:
        raise EstimateError(f"found an estimate of form {data['schema']!r}; expected form {SCHEMA_VERSION}")
    value: Estimate = _value(Estimate, data, "estimate")
    return value


def read_estimate(path: str | os.PathLike[str]) -> Estimate:
    """The estimate in a file; it equals the one that was written.

    Raises
    ------
    EstimateError if the file holds no estimate, or one of another version
    """
    return from_json(Path(path).read_text(encoding="utf-8", errors="surrogatepass"))


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _value(kind: Any, data: Any, where: str) -> Any:
    """Plain data as a value of a type; what does not fit is refused with its place."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _of_fields(kind, data, where)
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        if not isinstance(data, list):
            raise _misfit(where, "a list")
        if parts[-1:] == (Ellipsis,):
            return tuple(_value(parts[0], item, f"{where}[{k}]") for k, item in enumerate(data))
        if len(data) != len(parts):
            raise _misfit(where, f"a list of {len(parts)}")
        return tuple(
            _value(part, item, f"{where}[{k}]")
            for k, (part, item) in enumerate(zip(parts, data, strict=True))
        )
    if origin is types.UnionType or origin is typing.Union:
        inner = next(part for part in parts if part is not types.NoneType)
        return None if data is None else _value(inner, data, where)
    return _scalar(kind, data, where)


def _of_fields(kind: type, data: Any, where: str) -> Any:
    if not isinstance(data, dict):
        raise _misfit(where, "an object")
    hints = hints_of(kind)
    known = set(hints) | (set(REPEATED) if kind is QuestionEstimate else set())
    if odd := sorted(set(data) ^ known - (set(REPEATED) - set(data))):
        raise EstimateError(f"{where}: found other keys than expected: {', '.join(map(repr, odd))}")
    return kind(**{name: _value(hint, data[name], f"{where}.{name}") for name, hint in hints.items()})


def _scalar(kind: Any, data: Any, where: str) -> Any:
    if kind is float:
        if data is None:
            return math.nan
        if isinstance(data, int | float) and not isinstance(data, bool):
            return float(data)
        raise _misfit(where, "a number")
    if kind is dt.date:
        try:
            return dt.date.fromisoformat(data)
        except (TypeError, ValueError):
            raise _misfit(where, "a date such as 2023-10-11") from None
    if not isinstance(data, kind) or (kind is int and isinstance(data, bool)):
        raise _misfit(where, {str: "text", int: "a whole number", bool: "true or false"}[kind])
    return data


def _misfit(where: str, expected: str) -> EstimateError:
    return EstimateError(f"{where}: expected {expected}")


def estimate_schema() -> Json:
    """JSON Schema of ``estimate.json``, from the dataclasses.

    Examples
    --------
    >>> sorted(estimate_schema()["$defs"]["Chance"]["properties"])
    ['mc_error', 'probability']
    """
    schema = schema_of(
        Estimate,
        FIELDS,
        title="estimate.json of tocsin",
        description="The answer of `tocsin assess`. A number that cannot be given is null.",
    )
    schema["$defs"]["QuestionEstimate"]["properties"] |= {
        name: {"type": ["number", "null"], "description": text} for name, text in REPEATED.items()
    }
    return schema
