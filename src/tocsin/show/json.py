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
from functools import cache
from pathlib import Path
from typing import Any

from tocsin.ask.estimate import SCHEMA_VERSION, Estimate, QuestionEstimate
from tocsin.errors import TocsinError
from tocsin.show.meaning import FIELDS

Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
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
    plain: Json = _plain(estimate)
    return plain


def to_json(estimate: Estimate) -> str:
    """The text of ``estimate.json``."""
    return json.dumps(as_json(estimate), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


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


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        plain = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        if isinstance(value, QuestionEstimate):
            plain |= {key: plain["chance"][key] for key in REPEATED}
        return plain
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        if math.isinf(value):
            raise ValueError("an estimate holds an infinite number, which is a fault of tocsin")
        return None if math.isnan(value) else value
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


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
    hints = _hints(kind)
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
    definitions: Json = {}
    _define(Estimate, definitions)
    whole = definitions.pop("Estimate")
    return {
        "$schema": DIALECT,
        "title": "estimate.json of tocsin",
        "description": "The answer of `tocsin assess`. A number that cannot be given is null.",
        **whole,
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }


def _define(kind: type, definitions: Json) -> None:
    definitions[kind.__name__] = {}
    hints = _hints(kind)
    properties = {
        name: {**_form(hint, definitions), "description": FIELDS[kind.__name__][name]}
        for name, hint in hints.items()
    }
    if kind is QuestionEstimate:
        properties |= {
            name: {**_form(float, definitions), "description": text} for name, text in REPEATED.items()
        }
    definitions[kind.__name__] = {
        "type": "object",
        "properties": properties,
        "required": list(hints),
        "additionalProperties": False,
    }


def _form(hint: Any, definitions: Json) -> Json:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in definitions:
            _define(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple and parts[-1:] == (Ellipsis,):
        return {"type": "array", "items": _form(parts[0], definitions)}
    if origin is tuple:
        return {
            "type": "array",
            "prefixItems": [_form(part, definitions) for part in parts],
            "items": False,
            "minItems": len(parts),
        }
    if origin is types.UnionType or origin is typing.Union:
        inner = next(part for part in parts if part is not types.NoneType)
        return {"anyOf": [_form(inner, definitions), {"type": "null"}]}
    if hint is dt.date:
        return {"type": "string", "format": "date"}
    return {"type": {str: "string", int: "integer", bool: "boolean", float: ["number", "null"]}[hint]}
