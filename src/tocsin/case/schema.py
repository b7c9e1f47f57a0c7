"""JSON Schema of a case's files, generated from the models, for editors' completion and for others' tools.

Word-valued fields list their words, a number, or ``{median, spread}``; the words come from `words`.
A schema cannot say that a name must be one of the case's own: that is what ``tocsin check`` is for.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from tocsin.case.files import CASE_FILE, HOMES
from tocsin.case.model import Case
from tocsin.case.words import LIKELIHOODS, STRENGTHS, WEIGHTS

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
WORDS: dict[str, tuple[str, ...]] = {
    "weight": tuple(WEIGHTS),
    "strength": tuple(STRENGTHS),
    "likelihood": tuple(LIKELIHOODS),
}
# The name by which each schema is asked for; ``reports`` is that of reports.yaml.
NAMES = ("case", *HOMES)


@cache
def marked_schema() -> Schema:
    """Schema of the whole `Case`, with ``x-kind`` wherever a type stands for something. Not to be changed."""
    return Case.model_json_schema()


def file_schema(name: str) -> Schema:
    """Schema of one file of a case.

    Parameters
    ----------
    name : one of `NAMES`

    Examples
    --------
    >>> file_schema("levers")["required"]
    ['levers']
    """
    definitions = combined_schema()["$defs"]
    schema = definitions[f"file-{name}"]
    needed = _referred(schema, definitions, {})
    return {"$schema": DIALECT, **schema, "$defs": {key: needed[key] for key in sorted(needed)}}


def _referred(node: Any, definitions: Schema, found: Schema) -> Schema:
    """The definitions that a schema refers to, directly or through others."""
    if isinstance(node, dict):
        name = str(node.get("$ref", "")).rpartition("/")[2]
        if name and name not in found:
            found[name] = definitions[name]
            _referred(definitions[name], definitions, found)
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _referred(inner, definitions, found)
    return found


def combined_schema() -> Schema:
    """One schema that any file of a case meets; ``$defs`` holds each file's own, as ``file-NAME``."""
    schema = copy.deepcopy(marked_schema())
    definitions: Schema = schema["$defs"]
    properties: Schema = schema["properties"]
    for key, files in HOMES.items():
        definitions[f"file-{key}"] = {
            "title": " or ".join(file for file in files if file.endswith(".yaml")),
            "type": "object",
            "properties": {key: properties.pop(key)},
            "required": [key],
            "additionalProperties": False,
        }
        definitions[f"file-{key}"]["properties"][key].pop("default", None)
    definitions["file-case"] = {
        "title": CASE_FILE,
        "description": schema["description"],
        "type": "object",
        "properties": properties,
        "required": schema["required"],
        "additionalProperties": False,
    }
    _offer_words(definitions)
    return {
        "$schema": DIALECT,
        "title": "a file of a tocsin case",
        "anyOf": [{"$ref": f"#/$defs/file-{name}"} for name in NAMES],
        "$defs": definitions,
    }


def _offer_words(node: Any) -> None:
    """Turn every marked value's plain string into the words of its scale, and drop the marks."""
    if isinstance(node, list):
        for item in node:
            _offer_words(item)
    elif isinstance(node, dict):
        words = WORDS.get(node.pop("x-kind", ""))
        if words:
            node["anyOf"] = [
                {"enum": list(words)} if option == {"type": "string"} else option
                for option in _flat(node["anyOf"])
            ]
        for value in node.values():
            _offer_words(value)


def _flat(options: list[Schema]) -> list[Schema]:
    return [
        inner for option in options for inner in (_flat(option["anyOf"]) if "anyOf" in option else [option])
    ]
