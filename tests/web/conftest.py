"""A server that the tests of one module share."""

import pytest

from tests.web.served import app_of, case_in, client_at, listening


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return app_of(case_in(tmp_path_factory.mktemp("cases")))


@pytest.fixture(scope="module")
def client(app):
    with listening(app) as place, client_at(place) as client:
        yield client
