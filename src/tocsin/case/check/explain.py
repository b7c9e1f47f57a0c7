"""Pydantic's errors as faults: in the case's own words, one fault for one mistake.

What a place expects is read off the schema, so that the editor's help and the faults cannot disagree.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from tocsin.case.check.finding import Finding, finding
from tocsin.case.faults import Path, shown
from tocsin.case.files import CASE_FILE, HOMES, home
from tocsin.case.schema import WORDS, Schema, marked_schema

_PLURALS = {"Fine": "finer stretches", "TrueLevel": "true levels", "Watch": "watches"}
_KINDS = {
    "id": ("an id: lower-case letters, digits and hyphens", "write it like 'north-army'"),
    "front": ('a front: "initiator -> target"', "write it like 'norland -> sudria'"),
    "date": ("a date that exists: 2023-10-11, 2023-10 or 2023", "write year, month and day in that order"),
}


def explain(errors: Iterable[Any], tree: Any) -> list[Finding]:
    """Problems behind pydantic's `errors` about `tree`; a union's several errors come back as one problem."""
    problems: list[Finding] = []
    unions: dict[Path, list[tuple[Any, Path]]] = {}
    for error in errors:
        if error["loc"][-1] == "[key]":
            problems.append(_bad_key(error["loc"][:-1]))
            continue
        path, union = _path_in(tree, error["loc"], error["type"])
        if union is not None:
            unions.setdefault(union, []).append((error, path))
        elif not (error["type"] == "too_short" and len(_at(tree, path)) >= error["ctx"]["min_length"]):
            problems.append(_problem(error, path, tree))
    for union, members in unions.items():
        problems.extend(_union_problems(union, members, tree))
    return list({(p.path, p.found, p.expected): p for p in problems}.values())


def _path_in(tree: Any, loc: tuple[str | int, ...], kind: str) -> tuple[Path, Path | None]:
    """The part of `loc` that leads through the tree, and the path of the union it passes, if any.

    Pydantic names the member of a union inside its location; those names lead nowhere in the tree.
    """
    path: Path = ()
    union: Path | None = None
    node = tree
    for position, step in enumerate(loc):
        is_last = position == len(loc) - 1
        if isinstance(node, dict) and (step in node or (is_last and kind == "missing")):
            path, node = (*path, step), node.get(step)
        elif isinstance(node, list) and isinstance(step, int):
            path, node = (*path, step), node[step] if step < len(node) else None
        else:
            union = path if union is None else union
    return path, union


def _union_problems(union: Path, members: list[tuple[Any, Path]], tree: Any) -> list[Finding]:
    value = _at(tree, union)
    if isinstance(value, dict | list):
        shape_errors = {"string_type", "float_type", "int_type", "model_type", "tuple_type"}
        deeper = [(e, path) for e, path in members if path != union or e["type"] not in shape_errors]
        if deeper:
            return [_problem(error, path, tree) for error, path in deeper]
    schema = _schema_at(union)
    return [finding(union, shown(value), expected(schema), mend(schema))]


def _problem(error: Any, path: Path, tree: Any) -> Finding:
    kind = error["type"]
    value = _at(tree, path)
    if kind == "missing":
        return _missing(path, tree)
    if kind == "extra_forbidden":
        return _unknown_key(path)
    schema = _schema_at(path)
    if kind == "value_error" and schema.get("x-kind") != "date":
        # A validator of the model's own: its message names what was expected, then what was found.
        text = str(error["ctx"]["error"])
        wanted, _, named = text.partition("; found ")
        found = "none of them" if named == "none" else named or shown(value)
        return finding(path, found, wanted[wanted.find("exactly") :], "keep one of them")
    if value is None:
        return finding(path, "nothing", expected(schema), "write a value, or remove the line")
    if kind == "string_too_long":
        return finding(
            path, f"{len(value)} characters", f"at most {error['ctx']['max_length']}", "shorten it"
        )
    if kind == "string_too_short":
        return finding(path, "empty text", "some text", "write something between the quotes")
    if kind == "too_short" and not value:
        return finding(path, "an empty list", "at least one", "add one")
    return finding(
        path, shown(value), expected(schema), _quoted(value, schema) or _near(value, schema) or mend(schema)
    )


def _quoted(value: Any, schema: Schema) -> str | None:
    """Text that YAML reads as something else is the commonest slip of all."""
    is_text = schema.get("type") == "string" and "enum" not in schema and "const" not in schema
    if is_text and isinstance(value, bool | int | float):
        return "put it in quotes"
    return None


def _near(value: Any, schema: Schema) -> str | None:
    near = difflib.get_close_matches(str(value), map(str, schema.get("enum", ())), n=1)
    return f"did you mean {near[0]}?" if near else None


def _missing(path: Path, tree: Any) -> Finding:
    *parent, name = path
    schema = _schema_at(path)
    if isinstance(name, int):
        whole = _schema_at(tuple(parent))
        return finding(tuple(parent), shown(_at(tree, tuple(parent))), expected(whole), mend(whole))
    return finding(path, f"no {name}", expected(schema), f"add its {name}")


def _bad_key(path: Path) -> Finding:
    wanted, advice = _KINDS["id"]
    return finding(path, f"the key {shown(str(path[-1]))}", wanted, advice, at_key=True)


def _unknown_key(path: Path) -> Finding:
    name = str(path[-1])
    parent = _schema_at(path[:-1])
    known = [key for key in parent.get("properties", {}) if len(path) > 1 or home(key) == CASE_FILE]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    advice = f"did you mean {near[0]}?" if near else "remove it, or write it into a note"
    if " " in name:
        # Inside braces a comma ends a value, so the rest of a sentence becomes a key.
        advice = "put the text before it in quotes, or remove it"
    return finding(path, f"the unknown key {shown(name)}", f"one of {', '.join(known)}", advice, at_key=True)


def misplaced(file: str, key: str) -> Finding:
    """A top-level key in a file that does not hold it."""
    known = list(marked_schema()["properties"])
    if key in known:
        return finding(
            (key,),
            f"the key {shown(key)}",
            f"it in {' or '.join(HOMES.get(key, (CASE_FILE,)))}",
            f"move it to {home(key)}",
            at_key=True,
        )
    own = [name for name in known if file in HOMES.get(name, (CASE_FILE,))]
    near = difflib.get_close_matches(key, own, n=1, cutoff=0.6)
    advice = f"did you mean {near[0]}?" if near else "remove it"
    return finding((key,), f"the unknown key {shown(key)}", f"one of {', '.join(own)}", advice, at_key=True)


def expected(schema: Schema) -> str:
    """What a place takes, in plain words."""
    kind = schema.get("x-kind")
    if kind in _KINDS:
        return _KINDS[kind][0]
    if kind in WORDS:
        return f"a word for a {kind}, a number, or {{median, spread}}"
    if "const" in schema:
        return shown(schema["const"])
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        options = [option for option in schema["anyOf"] if option != {"type": "null"}]
        return " or ".join(dict.fromkeys(expected(resolved(option)) for option in options))
    match schema.get("type"):
        case "string":
            return "text"
        case "integer":
            return f"a whole number{_bounds(schema)}"
        case "number":
            return f"a number{_bounds(schema)}"
        case "boolean":
            return "true or false"
        case "array":
            apart = [expected(resolved(part)) for part in schema.get("prefixItems", ())]
            if len(set(apart)) > 1:
                return f"a list of {' and '.join(apart)}"
            items = resolved(schema.get("prefixItems", [schema.get("items", {})])[0])
            each = items.get("title") if "properties" in items else expected(items)
            if "prefixItems" in schema:
                return f"a list of exactly {len(schema['prefixItems'])}, each {each}"
            if "properties" not in items:
                return f"a list, each {each}"
            return f"a list of {_PLURALS.get(str(each), f'{str(each).lower()}s')}"
        case "object":
            if "properties" in schema:
                needed = schema.get("required", list(schema["properties"])[:4])
                return f"a mapping with {', '.join(needed)}"
            values = _values_of(schema)
            return f"a mapping, each value {expected(resolved(values))}" if values else "a mapping"
    return "something else"


def mend(schema: Schema) -> str:
    """A mend for a value that a place does not take."""
    kind = schema.get("x-kind")
    if kind in _KINDS:
        return _KINDS[kind][1]
    if kind in WORDS:
        return f"write one of {', '.join(WORDS[kind])}, or a number"
    if "const" in schema or "enum" in schema:
        return f"write {shown(schema.get('const', schema.get('enum', [''])[0]))}" + (
            "" if "const" in schema else " or another of them"
        )
    if "anyOf" in schema and len({resolved(o).get("type") for o in schema["anyOf"]}) > 1:
        return "write it in one of these forms"
    match schema.get("type"):
        case "integer" | "number":
            return "write a number in that range" if _bounds(schema) else "write a number such as 0.5"
        case "array":
            return "write a list: `- ...` on lines of their own, or [..., ...]"
        case "object":
            return "write `key: value` pairs, further in than this key"
        case "boolean":
            return "write true or false"
    return "write text"


def _bounds(schema: Schema) -> str:
    low, high = schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum")
    above = "above" if "exclusiveMinimum" in schema else "from"
    if low is not None and high is not None:
        return f" {above} {low:g} {'up ' if above == 'above' else ''}to {high:g}"
    if low is not None:
        return f" {'above' if above == 'above' else 'of at least'} {low:g}"
    return f" of at most {high:g}" if high is not None else ""


def _at(tree: Any, path: Path) -> Any:
    for step in path:
        if isinstance(tree, dict):
            tree = tree.get(str(step))
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return None
    return tree


def _schema_at(path: Path) -> Schema:
    schema = resolved(marked_schema())
    for step in path:
        options = [schema, *map(resolved, schema.get("anyOf", []))]
        inner = next((found for option in options if (found := _step(option, step)) is not None), None)
        if inner is None:
            return {}
        schema = resolved(inner)
    return schema


def _step(schema: Schema, step: str | int) -> Schema | None:
    if isinstance(step, int):
        prefix = schema.get("prefixItems")
        found = prefix[min(step, len(prefix) - 1)] if prefix else schema.get("items")
    else:
        found = schema.get("properties", {}).get(step, _values_of(schema))
    return found if isinstance(found, dict) else None


def _values_of(schema: Schema) -> Schema | None:
    """The schema of a mapping's values where its keys are free, or free within a pattern."""
    free = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
    return next((found for found in free if isinstance(found, dict)), None)


def resolved(schema: Schema) -> Schema:
    """Follow a reference, and see through "or null": a field that may be left out."""
    while "$ref" in schema or "anyOf" in schema:
        if "$ref" in schema:
            schema = marked_schema()["$defs"][schema["$ref"].rpartition("/")[2]]
            continue
        options = [option for option in schema["anyOf"] if option != {"type": "null"}]
        if len(options) != 1:
            break
        schema = options[0]
    return schema
