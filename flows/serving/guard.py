"""Who may speak to the server? Whoever holds its secret, by this machine's own name, and no page of another site.

- The Host is this machine's and the port is ours: a name that was made to point here (DNS rebinding) is refused.
- The Origin is the server's own page, or absent. A browser sends it with what a page asks for, and with web sockets,
  which CORS does not bind; so it is looked at here, and not left to the browser.
- All but the page itself needs the secret, health and documentation too; a web socket in its first message. The page
  asks whether the server is well before anybody has logged in: it alone is told.
- No page of another site shows ours in a frame, and ours asks nobody but this server.

What is refused is refused before Prefect sees it: nothing is written, no traceback gets into the server's log.
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus

Event = MutableMapping[str, object]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
Application = Callable[[Event, Receive, Send], Awaitable[None]]
Refusal = tuple[HTTPStatus, str]

HOST = "127.0.0.1"
_SPOKEN_TO_WITH_A_SECRET = ("api", "docs", "redoc", "openapi.json")
_ASKED_BY_THE_PAGE = "/api/health"
_POLICY_VIOLATED = 1008


def own_origin(port: int) -> str:
    """Return the one address under which the server's page is used."""
    return f"http://{HOST}:{port}"


def _values(scope: Event, name: bytes) -> list[bytes]:
    headers = scope["headers"]
    return [value for key, value in headers if key.lower() == name] if isinstance(headers, list | tuple) else []


class Guard:
    """An ASGI application around another, of which strangers see nothing."""

    def __init__(self, inner: Application, *, port: int, secret: str, shows_page: bool) -> None:
        self._inner = inner
        self._secret = secret.encode()
        self._credentials = b"Basic " + b64encode(self._secret)
        self._origin = own_origin(port)
        self._host = f"{HOST}:{port}".encode()
        self._other_host = f"localhost:{port}".encode()
        self._shows_page = shows_page
        self._headers = [
            (b"x-frame-options", b"DENY"),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (
                b"content-security-policy",
                b"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
                b"img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; "
                b"connect-src 'self' ws://" + self._host + b"; frame-ancestors 'none'",
            ),
        ]

    async def __call__(self, scope: Event, receive: Receive, send: Send) -> None:
        """Answer a request, or let the inner application do so."""
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._inner(scope, receive, send)

    def _stranger(self, scope: Event) -> Refusal | None:
        """Return why nobody who comes this way is heard, with or without a secret."""
        if _values(scope, b"host") not in ([self._host], [self._other_host]):
            return HTTPStatus.BAD_REQUEST, "tên máy chủ không được nhận / no name of this server"
        if any(value != self._origin.encode() for value in _values(scope, b"origin")):
            return HTTPStatus.FORBIDDEN, "trang của nơi khác không được nhận / a page of another site is not heard"
        return None

    def _is_page(self, scope: Event) -> bool:
        first = str(scope["path"]).lstrip("/").split("/", 1)[0]
        is_read = scope["method"] in ("GET", "HEAD")
        if scope["path"] == _ASKED_BY_THE_PAGE and _values(scope, b"sec-fetch-site") == [b"same-origin"]:
            return self._shows_page and is_read
        return self._shows_page and is_read and first not in _SPOKEN_TO_WITH_A_SECRET

    async def _request(self, scope: Event, receive: Receive, send: Send) -> None:
        refusal = self._stranger(scope)
        if refusal is None and self._is_page(scope):
            if _values(scope, b"host") == [self._other_host]:
                return await self._to_own_origin(scope, send)
        elif refusal is None and not self._has_secret(scope):
            refusal = HTTPStatus.UNAUTHORIZED, "cần chuỗi bí mật của máy chủ / the server's secret is needed"
        if refusal is not None:
            return await self._answer(send, refusal[0], refusal[1])

        async def headed(event: Event) -> None:
            if event["type"] == "http.response.start":
                given = event.get("headers", ())
                event["headers"] = [*(given if isinstance(given, list | tuple) else ()), *self._headers]
            await send(event)

        return await self._inner(scope, receive, headed)

    def _has_secret(self, scope: Event) -> bool:
        given = _values(scope, b"authorization")
        return len(given) == 1 and hmac.compare_digest(given[0], self._credentials)

    async def _to_own_origin(self, scope: Event, send: Send) -> None:
        # Under another name the page would be another site to its own server. The raw path comes encoded, so that
        # it cannot end the header; two slashes at its start would name another host.
        raw = scope.get("raw_path")
        path = b"/" + raw.lstrip(b"/") if isinstance(raw, bytes) else b"/"
        location = (b"location", self._origin.encode() + path)
        await self._answer(send, HTTPStatus.TEMPORARY_REDIRECT, self._origin, location)

    async def _answer(self, send: Send, status: HTTPStatus, sentence: str, *headers: tuple[bytes, bytes]) -> None:
        # In the form of Prefect's own refusals, which its page and its clients read.
        body = json.dumps({"exception_message": sentence}, ensure_ascii=False).encode()
        kind = (b"content-type", b"application/json")
        await send({"type": "http.response.start", "status": status.value, "headers": [kind, *headers, *self._headers]})
        await send({"type": "http.response.body", "body": body})

    async def _socket(self, scope: Event, receive: Receive, send: Send) -> None:
        if self._stranger(scope) is not None:
            await receive()
            return await send({"type": "websocket.close", "code": _POLICY_VIOLATED})
        is_known = False

        async def heard() -> Event:
            nonlocal is_known
            event = await receive()
            if event["type"] != "websocket.receive" or is_known:
                return event
            is_known = self._names_secret(event.get("text"))
            if is_known:
                return event
            await send({"type": "websocket.close", "code": _POLICY_VIOLATED})
            return {"type": "websocket.disconnect", "code": _POLICY_VIOLATED}

        return await self._inner(scope, heard, send)

    def _names_secret(self, text: object) -> bool:
        """Tell whether this is the message with which Prefect's clients begin, and its token the secret."""
        try:
            said = json.loads(text) if isinstance(text, str) else None
        except (ValueError, RecursionError):
            return False
        token = said.get("token") if isinstance(said, dict) and said.get("type") == "auth" else None
        return isinstance(token, str) and hmac.compare_digest(token.encode("utf-8", "replace"), self._secret)
