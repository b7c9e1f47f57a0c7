"""One made-up challenge for all tests of severity."""

import pytest

from tests.events.backtest.severity import made_up


@pytest.fixture(scope="session")
def challenge(tmp_path_factory):
    """A folder laid out as the historical data."""
    return made_up.write(tmp_path_factory.mktemp("challenge"), made_up.truth())
