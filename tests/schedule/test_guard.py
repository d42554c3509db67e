"""Who the guard lets through to the application behind it: a table of callers, without a server."""

import asyncio
import json
from base64 import b64encode

import pytest

from flows.serving.guard import Event, Guard, Receive, Send

PORT = 4300
SECRET = "motcua:0123abcd"  # noqa: S105 -- of this test alone
OWN = b"127.0.0.1:4300"
ORIGIN = b"http://127.0.0.1:4300"
GOOD = b"Basic " + b64encode(SECRET.encode())


class Application:
    """Answers everything, and remembers what it was asked and told."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.told: list[object] = []

    async def __call__(self, scope: Event, receive: Receive, send: Send) -> None:
        self.asked.append(str(scope["path"]))
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await receive()
        await send({"type": "websocket.accept"})
        while (event := await receive())["type"] == "websocket.receive":
            self.told.append(event["text"])


def _ask(scope: Event, *events: Event, shows_page: bool = True) -> tuple[Application, list[Event]]:
    inner, sent, coming = Application(), [], list(events)

    async def receive() -> Event:
        return coming.pop(0)

    async def send(event: Event) -> None:
        sent.append(event)

    asyncio.run(Guard(inner, port=PORT, secret=SECRET, shows_page=shows_page)(scope, receive, send))
    return inner, sent


def _request(path: str, method: str = "POST", **headers: bytes | list[bytes]) -> Event:
    given = {"host": OWN} | {name.replace("_", "-"): value for name, value in headers.items()}
    pairs = [
        (name.encode(), one) for name, value in given.items() for one in (value if isinstance(value, list) else [value])
    ]
    return {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "headers": pairs}


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        pytest.param(_request("/api/flows/filter", authorization=GOOD), 200, id="with the secret"),
        pytest.param(_request("/api/flows/filter", authorization=GOOD, origin=ORIGIN), 200, id="the server's own page"),
        pytest.param(_request("/api/flows/filter", authorization=GOOD, host=b"localhost:4300"), 200, id="localhost"),
        pytest.param(_request("/api/flows/filter"), 401, id="without a secret"),
        pytest.param(_request("/api/flows/filter", authorization=b"Basic " + b64encode(b"a:b")), 401, id="a wrong one"),
        pytest.param(_request("/api/flows/filter", authorization=GOOD.lower()), 401, id="in other letters"),
        pytest.param(_request("/api/flows/filter", authorization=b"\xff\xfe"), 401, id="no text at all"),
        pytest.param(_request("/api/flows/filter", authorization=[b"Basic x", GOOD]), 401, id="two of them"),
        pytest.param(_request("/api/health", "GET"), 401, id="health"),
        pytest.param(_request("/api/health", "GET", sec_fetch_site=b"same-origin"), 200, id="health, for the page"),
        pytest.param(_request("/api/health", "GET", sec_fetch_site=b"cross-site"), 401, id="health, for another page"),
        pytest.param(_request("/api/flows/", "GET", sec_fetch_site=b"same-origin"), 401, id="no more, for the page"),
        pytest.param(_request("/api/ready", "GET"), 401, id="readiness"),
        pytest.param(_request("/docs", "GET"), 401, id="documentation"),
        pytest.param(_request("/openapi.json", "GET"), 401, id="schema"),
        pytest.param(_request("//api/health", "GET"), 401, id="two slashes"),
        pytest.param(_request("/runs", "GET"), 200, id="the page"),
        pytest.param(_request("/runs", "POST"), 401, id="the page is only read"),
        pytest.param(_request("/api/flows/", authorization=GOOD, origin=b"http://evil.example"), 403, id="foreign origin"),
        pytest.param(_request("/api/flows/", authorization=GOOD, origin=b"null"), 403, id="origin of a sandboxed frame"),
        pytest.param(_request("/api/flows/", authorization=GOOD, origin=b"http://127.0.0.1:4301"), 403, id="other port"),
        pytest.param(_request("/api/flows/", authorization=GOOD, origin=[ORIGIN, b"null"]), 403, id="two origins"),
        pytest.param(_request("/runs", "GET", origin=b"http://evil.example"), 403, id="the page, for a foreign origin"),
        pytest.param(_request("/api/flows/", authorization=GOOD, host=b"evil.example:4300"), 400, id="rebound name"),
        pytest.param(_request("/api/flows/", authorization=GOOD, host=b"127.0.0.1"), 400, id="no port"),
        pytest.param(_request("/api/flows/", authorization=GOOD, host=[OWN, b"evil.example"]), 400, id="two hosts"),
        pytest.param(_request("/api/flows/", authorization=GOOD, host=[]), 400, id="no host"),
        pytest.param(_request("/runs", "GET", host=b"evil.example:4300"), 400, id="the page under a rebound name"),
    ],
)  # fmt: skip
def test_a_request_is_heard_or_refused(scope: Event, status: int) -> None:
    inner, sent = _ask(scope)
    assert sent[0]["status"] == status
    assert len(inner.asked) == (1 if status == 200 else 0)
    headers = dict(sent[0]["headers"])  # type: ignore[call-overload]
    assert b"access-control-allow-origin" not in headers
    assert headers[b"x-frame-options"] == b"DENY"
    assert b"frame-ancestors 'none'" in headers[b"content-security-policy"]


def test_a_preflight_of_a_foreign_page_is_refused() -> None:
    asked = {"access_control_request_method": b"POST", "access_control_request_headers": b"authorization"}
    inner, sent = _ask(_request("/api/deployments/", "OPTIONS", origin=b"http://evil.example", **asked))
    assert (sent[0]["status"], inner.asked) == (403, [])


def test_without_a_page_nothing_answers_without_the_secret() -> None:
    assert _ask(_request("/", "GET"), shows_page=False)[1][0]["status"] == 401
    assert _ask(_request("/ui-settings", "GET"), shows_page=False)[1][0]["status"] == 401
    asked = _request("/api/health", "GET", sec_fetch_site=b"same-origin")
    assert _ask(asked, shows_page=False)[1][0]["status"] == 401


def test_the_page_has_one_address_and_nobody_is_led_elsewhere() -> None:
    sent = _ask(_request("//evil.example/runs", "GET", host=b"localhost:4300"))[1]
    assert sent[0]["status"] == 307
    assert dict(sent[0]["headers"])[b"location"] == ORIGIN + b"/evil.example/runs"  # type: ignore[call-overload]


def _socket(**headers: bytes) -> Event:
    given = {"host": OWN} | headers
    path = "/api/events/in"
    return {"type": "websocket", "path": path, "headers": [(name.encode(), value) for name, value in given.items()]}


CONNECT: Event = {"type": "websocket.connect"}
GONE: Event = {"type": "websocket.disconnect", "code": 1000}


def _says(text: object) -> Event:
    return {"type": "websocket.receive", "text": text}


AUTH = _says(json.dumps({"type": "auth", "token": SECRET}))


def test_a_socket_with_the_secret_is_heard() -> None:
    inner, sent = _ask(_socket(), CONNECT, AUTH, _says("an event"), GONE)
    assert inner.told == [AUTH["text"], "an event"]
    assert [event["type"] for event in sent] == ["websocket.accept"]


@pytest.mark.parametrize("headers", [{"origin": b"http://evil.example"}, {"host": b"evil.example:4300"}])
def test_a_socket_of_a_foreign_page_is_closed_before_the_application_sees_it(headers: dict[str, bytes]) -> None:
    inner, sent = _ask(_socket(**headers), CONNECT, AUTH, _says("an event"), GONE)
    assert inner.asked == []
    assert sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize(
    "first",
    [
        _says(json.dumps({"type": "auth", "token": "motcua:guessed"})),
        _says(json.dumps({"type": "auth", "token": "Ằ"})),
        _says('{"type": "auth", "token": "\\ud800"}'),
        _says(json.dumps({"type": "auth", "token": 7})),
        _says(json.dumps({"type": "auth"})),
        _says(json.dumps(["auth"])),
        _says("{"),
        _says("[" * 100_000),
        {"type": "websocket.receive", "bytes": b"{}"},
    ],
    ids=["guessed", "not ASCII", "half a pair", "a number", "none", "a list", "no JSON", "deep", "bytes"],
)
def test_a_socket_without_the_secret_is_closed_and_nothing_of_it_heard(first: Event) -> None:
    inner, sent = _ask(_socket(), CONNECT, first, _says("an event"), GONE)
    assert inner.told == []
    assert sent[-1] == {"type": "websocket.close", "code": 1008}
