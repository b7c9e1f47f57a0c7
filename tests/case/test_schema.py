"""The schema says what the models say: the starter meets it, and what it refuses is refused."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from tocsin.case.files import HOMES
from tocsin.case.model import Case
from tocsin.case.read.yaml_file import read_yaml
from tocsin.case.schema import NAMES, WORDS, combined_schema, file_schema

FOLDERS = {
    "starter": Path(str(resources.files("tocsin.case"))) / "starter",
    "base": Path(__file__).parent / "base",
}


def meets(value, schema, definitions):
    """Whether a value meets a schema, for the few keywords that the generated schemas use."""
    if "$ref" in schema:
        return meets(value, definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema and not any(meets(value, option, definitions) for option in schema["anyOf"]):
        return False
    kinds: dict[str, Any] = {
        "object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool,
        "null": type(None),
    }  # fmt: skip
    named = schema.get("type", [])
    names = [named] if isinstance(named, str) else named
    fits = (
        isinstance(value, kinds[name]) for name in names if isinstance(value, bool) == (name == "boolean")
    )
    if names and not any(fits):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "const" in schema and value != schema["const"]:
        return False
    if isinstance(value, int | float) and not isinstance(value, bool):
        return schema.get("minimum", value) <= value <= schema.get("maximum", value)
    if isinstance(value, list):
        items = schema.get("prefixItems") or [schema.get("items", {})] * len(value)
        return all(meets(v, s, definitions) for v, s in zip(value, items, strict=True))
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        rest = schema.get("additionalProperties", True)
        free = next(iter(schema.get("patternProperties", {}).values()), rest)
        return set(schema.get("required", [])) <= set(value) and all(
            meets(v, properties[k], definitions) if k in properties
            else free is True or (free is not False and meets(v, free, definitions))
            for k, v in value.items()
        )  # fmt: skip
    return True


def tree(folder, name):
    text = (FOLDERS[folder] / f"{name}.yaml").read_text(encoding="utf-8")
    document, faults = read_yaml(f"{name}.yaml", text)
    assert document is not None
    assert faults == []
    return document.tree


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("name", [name for name in NAMES if name != "reports"])
def test_a_file_without_faults_meets_its_schema(folder, name):
    schema = file_schema(name)
    assert meets(tree(folder, name), schema, schema["$defs"])


@pytest.mark.parametrize("name", [name for name in NAMES if name != "reports"])
def test_any_file_meets_the_combined_schema(name):
    schema = combined_schema()
    assert meets(tree("starter", name), schema, schema["$defs"])


@pytest.mark.parametrize(
    ("key", "value"),
    [("title", 5), ("step", "fortnight"), ("tocsin", 2), ("actors", {}), ("unknown", 1), ("levers", [])],
)
def test_what_is_not_a_case_does_not_meet_it(key, value):
    schema = file_schema("case")
    assert not meets({**tree("starter", "case"), key: value}, schema, schema["$defs"])


def test_every_top_level_field_is_in_one_file():
    fields = [key for name in NAMES for key in file_schema(name)["properties"]]
    assert sorted(fields) == sorted(Case.model_fields)


@pytest.mark.parametrize(
    ("model", "field", "scale"),
    [("Reason", "weight", "weight"), ("Tie", "strength", "strength"), ("Watch", "coverage", "likelihood"),
     ("Style", "inertia", "weight")],
)  # fmt: skip
def test_a_value_in_words_offers_its_words(model, field, scale):
    options = combined_schema()["$defs"][model]["properties"][field]["anyOf"]
    options = [inner for option in options for inner in option.get("anyOf", [option])]
    assert {"enum": list(WORDS[scale])} in options
    assert {"type": "number"} in options
    assert {"$ref": "#/$defs/Spread"} in options


@pytest.mark.parametrize("schema", [combined_schema(), *map(file_schema, NAMES)], ids=["combined", *NAMES])
def test_a_schema_stands_alone(schema):
    text = json.dumps(schema)
    assert "x-kind" not in text
    referred = {part.split('"')[0] for part in text.split("#/$defs/")[1:]}
    assert referred <= set(schema["$defs"])


def test_every_file_but_the_table_has_a_schema():
    assert set(NAMES) == {"case", *HOMES}
