"""Any answer as plain JSON, and its JSON Schema: the keys are the fields of the answer's dataclasses.

Dates are written 2023-10-11 and tuples are lists. JSON has no NaN: a number that cannot be given is null. An
infinite one is a mistake of ours and is refused.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def plain(value: Any, more: Callable[[Any, Json], Json] | None = None) -> Any:
    """A value as dictionaries, lists, text and numbers.

    Parameters
    ----------
    value : an answer of dataclasses, tuples, dates, text and numbers
    more : keys to add to a dataclass, given it and its plain form

    Raises
    ------
    ValueError if a number is infinite

    Examples
    --------
    >>> plain((dt.date(2023, 10, 11), math.nan, "a"))
    ['2023-10-11', None, 'a']
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        data = {field.name: plain(getattr(value, field.name), more) for field in dataclasses.fields(value)}
        return data | (more(value, data) if more else {})
    if isinstance(value, tuple):
        return [plain(part, more) for part in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        if math.isinf(value):
            raise ValueError("an answer holds an infinite number, which is a fault of tocsin")
        return None if math.isnan(value) else value
    return value


def as_text(data: Json) -> str:
    """The text of a JSON file."""
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def to_json(answer: Any) -> str:
    """An answer as the text of a JSON file."""
    return as_text(plain(answer))


@cache
def hints_of(kind: type) -> dict[str, Any]:
    """The types of a dataclass's fields."""
    return typing.get_type_hints(kind)


def schema_of(kind: type, fields: Mapping[str, Mapping[str, str]], *, title: str, description: str) -> Json:
    """JSON Schema of an answer, from its dataclasses.

    Parameters
    ----------
    kind : the answer's dataclass
    fields : what each field means, by the name of the dataclass and of the field
    """
    definitions: Json = {}
    _define(kind, fields, definitions)
    whole = definitions.pop(kind.__name__)
    return {
        "$schema": DIALECT,
        "title": title,
        "description": description,
        **whole,
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }


def _define(kind: type, fields: Mapping[str, Mapping[str, str]], definitions: Json) -> None:
    definitions[kind.__name__] = {}
    hints = hints_of(kind)
    definitions[kind.__name__] = {
        "type": "object",
        "properties": {
            name: {**_form(hint, fields, definitions), "description": fields[kind.__name__][name]}
            for name, hint in hints.items()
        },
        "required": list(hints),
        "additionalProperties": False,
    }


def _form(hint: Any, fields: Mapping[str, Mapping[str, str]], definitions: Json) -> Json:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in definitions:
            _define(hint, fields, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple and parts[-1:] == (Ellipsis,):
        return {"type": "array", "items": _form(parts[0], fields, definitions)}
    if origin is tuple:
        return {
            "type": "array",
            "prefixItems": [_form(part, fields, definitions) for part in parts],
            "items": False,
            "minItems": len(parts),
        }
    if origin is types.UnionType or origin is typing.Union:
        inner = next(part for part in parts if part is not types.NoneType)
        return {"anyOf": [_form(inner, fields, definitions), {"type": "null"}]}
    if hint is dt.date:
        return {"type": "string", "format": "date"}
    return {"type": {str: "string", int: "integer", bool: "boolean", float: ["number", "null"]}[hint]}
