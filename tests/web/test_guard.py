"""What may come in: by name, by page, by token, by size; and what every response forbids."""

import asyncio
import json

import pytest

from tests.web.served import app_of, case_in, client_at, listening
from tocsin.web.guard import COOKIE, HEADERS, MOST_BODY_BYTES, Guard, door_for

ASK = {"ask": "ties"}
SECRET = "a-token-of-the-test"


def error_of(response):
    """The one shape of a refusal, or the test fails."""
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"found", "expected", "mend", "where"}
    return body["error"]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "10.0.0.1", ""]
)
def test_another_name_for_this_machine_is_refused(client, host):
    response = client.get("/api/cases", headers={"Host": host})
    assert response.status_code == 403
    error_of(response)


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1:9", "[::1]:8765", "LOCALHOST"])
def test_this_machines_own_names_are_known_at_any_port(client, host):
    """A port may be forwarded; a name cannot be made to point here by anybody else."""
    assert client.get("/api/cases", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
def test_a_page_of_another_site_changes_nothing(client, headers, method):
    response = client.request(method, "/api/cases/north/jobs", headers=headers, json=ASK)
    assert response.status_code == 403
    error_of(response)


def test_a_page_of_this_server_may_ask(client):
    own = str(client.base_url).rstrip("/")
    headers = {"Origin": own, "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/cases/north/jobs", headers=headers, json=ASK).status_code in (200, 202)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_what_a_form_could_send_is_refused(client, kind):
    """A form of another site needs no permission; JSON does."""
    response = client.post("/api/cases/north/jobs", content=json.dumps(ASK), headers={"Content-Type": kind})
    assert response.status_code == 415
    error_of(response)


def test_no_response_lets_another_origin_read_it(client):
    response = client.get("/api/cases", headers={"Origin": "https://evil.example"})
    assert not [name for name in response.headers if name.startswith("access-control-")]
    preflight = client.options(
        "/api/cases/north/jobs",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
    )
    assert preflight.status_code == 403
    assert not [name for name in preflight.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "path", ["/", "/api/about", "/api/nowhere", "/assets/nothing.js", "/api/cases/north"]
)
def test_every_response_carries_the_policy(client, path):
    response = client.get(path)
    for name, value in HEADERS.items():
        assert response.headers[name] == value
    assert response.headers["Cache-Control"] == ("no-store" if path.startswith("/api/") else "no-cache")
    assert "server" not in response.headers


def test_the_policy_lets_no_script_run_but_the_servers_own():
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"


def test_a_giant_body_is_refused_before_it_is_read(client):
    response = client.post(
        "/api/cases/north/jobs",
        content=b"[" * (MOST_BODY_BYTES + 1),
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code == 413
    error_of(response)


def test_a_giant_body_of_unstated_length_is_refused_too(client):
    def parts():
        for _ in range(40):
            yield b" " * (MOST_BODY_BYTES // 32)

    response = client.post(
        "/api/cases/north/jobs", content=parts(), headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 413
    error_of(response)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"ask": "assess", "changes": {"a": ' + b"[" * 500 + b"]" * 500 + b"}}",
        b'{"ask": "assess", "seed": 1' + b"0" * 10_000 + b"}",
        b'{"ask": "assess", "seed": NaN}',
        b'{"ask": "assess", "changes": {"\\ud800": "\\ud800"}}',
        b'{"ask": "ties", "ask": "assess", "as_of": "not a day"}',
        b"\xff\xfe",
        b"",
        b"null",
    ],
)
def test_a_body_that_is_none_is_refused_in_the_one_shape(client, body):
    response = client.post(
        "/api/cases/north/jobs", content=body, headers={"Content-Type": "application/json"}
    )
    assert response.status_code in (400, 422)
    assert len(response.content) < 5_000
    error_of(response)


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/assets/../../guard.py",
        "/%2e%2e/guard.py",
        "/..%2fguard.py",
        "/assets/%2e%2e%2f%2e%2e%2fapp.py",
        "//etc/passwd",
        "/%00",
        "/\\..\\guard.py",
        "/api/cases/..%2f..%2fetc",
        "/api/cases/%2e%2e",
        "/api/jobs/..%2f..%2fapp.py/report",
        "/" + "a" * 5_000,
    ],
)
def test_no_path_leads_out_of_what_is_served(client, path):
    for accept in ("*/*", "text/html"):
        request = client.build_request("GET", "/", headers={"Accept": accept})
        # As it is: the client would mend it.
        request.url = request.url.copy_with(raw_path=path.encode("latin-1"))
        response = client.send(request)
        assert response.status_code in (200, 400, 403, 404)
        assert "import " not in response.text
        assert "root:" not in response.text
        if response.status_code == 200:
            assert response.text == client.get("/", headers={"Accept": "text/html"}).text


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A server that asks for a token, and its address."""
    app = app_of(case_in(tmp_path_factory.mktemp("guarded")), door=door_for("0.0.0.0", token=SECRET))
    with listening(app) as place:
        yield place


@pytest.mark.parametrize("path", ["/", "/api/cases", "/api/openapi.json", "/assets/index.js", "/api/nowhere"])
def test_without_the_token_nothing_is_shown(guarded, path):
    with client_at(guarded) as client:
        for headers in (
            {},
            {"Authorization": "Bearer wrong"},
            {"Authorization": SECRET},
            {"Cookie": f"{COOKIE}=wrong"},
            {"Cookie": "a=b; ;;==" + "x" * 100},
        ):
            response = client.get(path, headers=headers)
            assert response.status_code == 401
            assert error_of(response)["mend"].startswith("open the address")
            assert SECRET not in response.text


def test_a_token_in_the_address_becomes_a_cookie_and_leaves_the_address(guarded):
    with client_at(guarded) as client:
        first = client.get(f"/?token={SECRET}&page=actors")
        assert first.status_code == 303
        assert first.headers["location"] == "/?page=actors"
        kept = first.headers["set-cookie"].lower()
        assert "httponly" in kept
        assert "samesite=strict" in kept
        assert client.get("/api/cases").status_code == 200  # the client kept the cookie


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "///evil.example"])
def test_taking_the_token_out_leads_nowhere_else(guarded, path):
    with client_at(guarded) as client:
        request = client.build_request("GET", "/")
        request.url = request.url.copy_with(raw_path=f"{path}?token={SECRET}".encode())
        response = client.send(request)
        assert response.headers["location"].startswith("/evil")


def test_a_token_may_stand_in_a_header(guarded):
    with client_at(guarded, headers={"Authorization": f"Bearer {SECRET}"}) as client:
        assert client.get("/api/about").status_code == 200


def test_an_address_in_figures_is_known_where_all_are_served_and_a_strange_name_is_not(guarded):
    with client_at(guarded, headers={"Authorization": f"Bearer {SECRET}"}) as client:
        assert client.get("/api/about", headers={"Host": "192.0.2.7:8765"}).status_code == 200
        assert client.get("/api/about", headers={"Host": "evil.example"}).status_code == 403


def test_what_is_no_request_is_turned_away():
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        raise AssertionError("nothing is waited for")

    async def app(scope, receive, send):
        raise AssertionError("nothing comes in")

    asyncio.run(Guard(app, door_for("127.0.0.1"))({"type": "websocket"}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]
