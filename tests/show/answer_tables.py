"""What docs/answers.md takes from elsewhere: the fields of an estimate with what each means."""

import dataclasses
import re
import types
import typing
from pathlib import Path

from tocsin.ask import estimate as values
from tocsin.show.meaning import FIELDS

PAGE = Path(__file__).parents[2] / "docs" / "answers.md"
MARKED = re.compile(r"<!-- fields: (\w+) -->\n.*?<!-- end -->", re.DOTALL)
WORDS = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "date": "date"}


def kinds() -> dict[str, type]:
    """Every kind of value in an estimate, by its name."""
    return {
        name: kind
        for name, kind in vars(values).items()
        if dataclasses.is_dataclass(kind) and isinstance(kind, type)
    }


def form(hint: object) -> str:
    """What a field holds, in words."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        return " or ".join("null" if part is types.NoneType else form(part) for part in parts)
    if origin is tuple and parts[-1] is Ellipsis:
        return f"list of {form(parts[0])}"
    if origin is tuple:
        return f"[{', '.join(form(part) for part in parts)}]"
    assert isinstance(hint, type)
    return WORDS.get(hint.__name__, f"[{hint.__name__}](#{hint.__name__.lower()})")


def table(name: str) -> str:
    """One row a field: its key, what it holds, what it means."""
    hints = typing.get_type_hints(kinds()[name])
    rows = ["| field | holds | meaning |", "|---|---|---|"]
    rows += [f"| `{key}` | {form(hint)} | {FIELDS[name][key]} |" for key, hint in hints.items()]
    return "\n".join(rows)


def remade(page: str) -> str:
    """The page with every table as the dataclasses and their meanings have it."""
    return MARKED.sub(lambda m: f"<!-- fields: {m[1]} -->\n{table(m[1])}\n<!-- end -->", page)
