"""A made-up history for the tests of what is counted and forecast from history."""

import pytest

from tests.events import synthetic


@pytest.fixture(scope="session")
def made_up(tmp_path_factory):
    """A folder laid out as the historical data, with made-up rows."""
    return synthetic.everything(tmp_path_factory.mktemp("history"))
