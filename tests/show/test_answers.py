"""The guide to the answers says everything that an estimate holds; the undocumented fails."""

import re

import pytest

from tests.show.answer_tables import MARKED, PAGE, kinds, remade
from tocsin.ask.bands import YARDSTICKS
from tocsin.show.parquet import TABLES


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", kinds())
def test_every_kind_of_value_has_its_table_under_its_name(name):
    assert MARKED.findall(page()).count(name) == 1
    assert f"### {name}\n" in page()


def test_the_tables_are_those_of_the_dataclasses(golden):
    golden(PAGE, remade(page()))


@pytest.mark.parametrize("name", YARDSTICKS)
def test_every_word_of_likelihood_stands_with_its_range(name):
    for word, low, high in YARDSTICKS[name]:
        assert f"| {word} | {100 * low:.0f} to {100 * high:.0f} % |" in page()


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_listed_with_its_columns(name):
    _, _, section = page().partition("\n## Tables\n")
    row = re.search(rf"^\| `{name}` \| (.+?) \|", section, flags=re.MULTILINE)
    assert row is not None
    assert re.findall(r"`(\w+)`", row[1]) == [column for column, _ in TABLES[name]]


@pytest.mark.parametrize("name", ["report.html", "estimate.json", "estimate.nc", "tables/questions.parquet"])
def test_every_file_is_named(name):
    assert f"`{name}`" in page()
