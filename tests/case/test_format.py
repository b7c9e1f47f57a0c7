"""The guide to the case format says everything that the models do; the undocumented fails."""

import re

import pytest
import yaml

from tests.case.field_tables import MARKED, PAGE, models, remade
from tocsin.case.files import FILES
from tocsin.case.read import read
from tocsin.case.words import LIKELIHOODS, STRENGTHS, WEIGHTS


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", models())
def test_every_kind_of_value_has_its_table(name):
    assert MARKED.findall(page()).count(name) == 1


@pytest.mark.parametrize("name", models())
def test_every_field_says_what_it_means(name):
    assert [key for key, field in models()[name].model_fields.items() if not field.description] == []


def test_the_tables_are_those_of_the_models(golden):
    golden(PAGE, remade(page()))


@pytest.mark.parametrize("word", [*WEIGHTS, *STRENGTHS, *LIKELIHOODS])
def test_every_word_is_listed_with_its_number(word):
    assert f"| {word} |" in page()


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_named(name):
    assert f"`{name}`" in page()


def test_the_small_case_on_the_page_has_no_faults(tmp_path):
    (block,) = re.findall(r"```yaml\n(tocsin: 1\n.*?)```", page(), flags=re.DOTALL)
    (tmp_path / "case.yaml").write_text(block, encoding="utf-8")
    assert read(tmp_path)[1] == ()


def test_every_example_on_the_page_is_yaml():
    for block in re.findall(r"```yaml\n(.*?)```", page(), flags=re.DOTALL):
        assert yaml.safe_load(block)
