"""`tocsin schema`: one schema a file, or one for any."""

import json

import pytest
from click.testing import CliRunner

from tocsin.case.schema import NAMES, combined_schema, file_schema
from tocsin.cli.main import tocsin
from tocsin.cli.schema import FILE_NAMES


def run(*arguments):
    return CliRunner().invoke(tocsin, ["schema", *arguments])


def test_without_a_name_it_is_that_of_any_file():
    assert json.loads(run().stdout) == combined_schema()


@pytest.mark.parametrize("name", NAMES)
def test_with_a_name_it_is_that_of_one_file(name):
    assert json.loads(run("--file", name).stdout) == file_schema(name)


def test_the_names_offered_are_those_there_are():
    assert FILE_NAMES == NAMES
