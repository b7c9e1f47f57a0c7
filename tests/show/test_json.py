"""``estimate.json``: it is read back as it was, its schema fits it, and it is nothing but JSON."""

import dataclasses
import json
import math

import pytest

from tests.show import fixtures
from tocsin.ask import estimate as values
from tocsin.ask.estimate import Chance, Estimate
from tocsin.show.json import (
    EstimateError,
    as_json,
    estimate_schema,
    from_json,
    read_estimate,
    to_json,
    write_json,
)
from tocsin.show.meaning import FIELDS

ESTIMATES = {"usual": fixtures.estimate, "awkward": fixtures.awkward, "bare": fixtures.bare}
KINDS = {
    name: kind
    for name, kind in vars(values).items()
    if dataclasses.is_dataclass(kind) and isinstance(kind, type)
}


@pytest.mark.parametrize("make", ESTIMATES.values(), ids=ESTIMATES)
def test_what_was_written_is_read_back(make, tmp_path):
    write_json(make(), tmp_path / "estimate.json")
    assert read_estimate(tmp_path / "estimate.json") == make()


@pytest.mark.parametrize("make", ESTIMATES.values(), ids=ESTIMATES)
def test_the_schema_fits_what_is_written(make):
    schema = estimate_schema()
    check(as_json(make()), schema, schema["$defs"], "estimate")


def check(data, schema, definitions, where):
    """Validate the few words of JSON Schema that the schema of an estimate uses."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        if data is None:
            assert {"type": "null"} in schema["anyOf"], where
        else:
            check(data, schema["anyOf"][0], definitions, where)
        return
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert kind_of(data) in kinds or (kind_of(data) == "integer" and "number" in kinds), where
    if isinstance(data, dict):
        assert set(schema["required"]) <= set(data) <= set(schema["properties"]), where
        for key, value in data.items():
            check(value, schema["properties"][key], definitions, f"{where}.{key}")
    elif isinstance(data, list):
        parts = schema.get("prefixItems") or [schema["items"]] * len(data)
        assert len(parts) == len(data), where
        for k, (value, part) in enumerate(zip(data, parts, strict=True)):
            check(value, part, definitions, f"{where}[{k}]")


def kind_of(data):
    kinds = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
    return "null" if data is None else kinds[type(data)]


@pytest.mark.parametrize("name", KINDS)
def test_every_field_has_its_meaning(name):
    assert list(FIELDS[name]) == [field.name for field in dataclasses.fields(KINDS[name])]


def test_no_meaning_is_of_a_field_that_is_gone():
    assert set(FIELDS) == set(KINDS)


def test_each_question_says_its_answer_at_once():
    data = as_json(fixtures.estimate())
    first = data["questions"][0]
    assert (first["id"], first["probability"], first["mc_error"]) == ("north-strikes", 0.118, 0.004)
    assert first["band"]["word"] == "very unlikely"
    assert first["confidence"]["level"] in ("low", "moderate", "high")
    assert {"seed", "case_digest", "version", "as_of"} <= set(data)


def with_error(error: float) -> Estimate:
    e = fixtures.estimate()
    first = dataclasses.replace(e.questions[0], chance=Chance(probability=0.1, mc_error=error))
    return dataclasses.replace(e, questions=(first, *e.questions[1:]))


def test_a_number_that_cannot_be_given_is_null_and_comes_back_as_nan():
    text = to_json(with_error(math.nan))
    assert json.loads(text, parse_constant=pytest.fail)["questions"][0]["mc_error"] is None
    assert math.isnan(from_json(text).questions[0].chance.mc_error)


def test_an_infinite_number_is_refused():
    with pytest.raises(ValueError, match="infinite"):
        to_json(with_error(math.inf))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"schema": 4', '"schema": 99', "expected form 4"),
        ('"seed": 1', '"seed": "one"', "estimate.seed: expected a whole number"),
        ('"as_of": "2030-04-15"', '"as_of": "spring"', "estimate.as_of: expected a date"),
        ('"seed": 1', '"sead": 1', "'sead', 'seed'"),
        ('"mc_error": 0.004', '"mc_error": NaN', "NaN"),
        ("{", "[", "found no JSON"),
    ],
)
def test_a_file_that_is_no_estimate_is_refused_with_its_place(old, new, told):
    with pytest.raises(EstimateError, match=told.replace("[", r"\[")):
        from_json(to_json(fixtures.estimate()).replace(old, new, 1))


def test_other_json_is_refused():
    with pytest.raises(EstimateError, match="another kind"):
        from_json("[]")
