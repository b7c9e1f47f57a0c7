"""What docs/case-format.md takes from elsewhere: fields from the models, faults from their goldens."""

import inspect
import json
import re
from pathlib import Path

from pydantic import BaseModel

from tests.case.fault_table import GROUPS
from tocsin.case import model
from tocsin.case.check.explain import expected, resolved
from tocsin.case.schema import marked_schema

PAGE = Path(__file__).parents[2] / "docs" / "case-format.md"
GOLDENS = Path(__file__).parent / "goldens" / "faults"
FAULTS = re.compile(r"<!-- faults -->\n.*<!-- end of faults -->", re.DOTALL)
MARKED = re.compile(r"<!-- fields: (\w+) -->\n.*?<!-- end -->", re.DOTALL)


def models() -> dict[str, type[BaseModel]]:
    """Every kind of value that a case can hold, by its name."""
    return {
        name: value
        for name, value in inspect.getmembers(model, inspect.isclass)
        if issubclass(value, model.Value) and value is not model.Value
    }


def table(kind: type[BaseModel]) -> str:
    """One row a field: its key, what it takes, its default, what it means."""
    schema = marked_schema() if kind is model.Case else marked_schema()["$defs"][kind.__name__]
    rows = ["| field | takes | if left out | meaning |", "|---|---|---|---|"]
    for key, field in schema["properties"].items():
        takes = expected(resolved(field)).replace("|", "\\|")
        usual = default(field, key in schema.get("required", []))
        rows.append(f"| `{key}` | {takes} | {usual} | {field['description']} |")
    return "\n".join(rows)


def default(field: dict, required: bool) -> str:
    """What a field is when it is left out, if that can be said in a few characters."""
    if required:
        return "**needed**"
    value = field.get("default")
    text = json.dumps(value, ensure_ascii=False)
    return "" if value in (None, "", []) or len(text) > 30 else f"`{text.strip(chr(34))}`"


def faults() -> str:
    """Every fault that has a golden, under what it is a fault of."""
    parts = []
    for title, edits in GROUPS.items():
        told = [(GOLDENS / f"{edit.name}.txt").read_text(encoding="utf-8") for edit in edits]
        # A slip may have several faults; the first tells what it is about.
        firsts = dict.fromkeys("\n".join(text.split("\n")[:3]) for text in told)
        parts.append(f"### {title}\n\n```text\n" + "\n".join(firsts) + "\n```")
    return "\n\n".join(parts)


def remade(page: str) -> str:
    """The page with every marked part as the models and the goldens have it."""
    known = models()
    page = FAULTS.sub(lambda _: f"<!-- faults -->\n{faults()}\n<!-- end of faults -->", page)
    return MARKED.sub(lambda m: f"<!-- fields: {m[1]} -->\n{table(known[m[1]])}\n<!-- end -->", page)
