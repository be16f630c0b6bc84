"""A small OpenID Connect provider for tests: real discovery, real keys, real signed tokens, over HTTP on loopback.

What it is told to do wrong it does wrong: `claims` and `header` replace parts of the next tokens, `signs_with` the key.
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from aiohttp import web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from tests.ports import free_port

CLIENT, SECRET = "pracha-console", "a client's s+cret/:"


class SignInProvider:
    """Signs in whoever `subject` and `email` say, without asking."""

    def __init__(self) -> None:
        self.port = free_port()
        self.key: RSAKey | ECKey = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self.signs_with: Any = self.key
        self.published: list[Any] = [self.key]
        self.subject, self.email, self.verified = "subject-1", "", True
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.about: dict[str, Any] = {}  # replaces parts of the discovery document
        self.forge: Callable[[str], str] = lambda token: token
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._server: TestServer | None = None

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/realms/staff"

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/realms/staff/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/realms/staff/keys", self._keys)
        app.router.add_post("/realms/staff/token", self._token)
        self._server = TestServer(app, host="127.0.0.1", port=self.port)
        await self._server.start_server(access_log=None)

    async def stop(self) -> None:
        if self._server is not None:
            await self._server.close()
            self._server = None

    def approve(self, address: str) -> str:
        """What the provider's own page does: the address that the browser is sent back to, with a code."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query, strict_parsing=True).items()}
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert "openid" in query["scope"].split()
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        return f"{query['redirect_uri']}?code={code}&state={query['state']}"

    async def _discovery(self, _request: web.Request) -> web.Response:
        self.asked.append("discovery")
        about = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorise?ui=th",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
        return web.json_response(about | self.about)

    async def _keys(self, _request: web.Request) -> web.Response:
        self.asked.append("keys")
        return web.json_response(KeySet(self.published).as_dict(private=False))

    async def _token(self, request: web.Request) -> web.Response:
        self.asked.append("token")
        form = await request.post()
        query = self._codes.pop(str(form["code"]), None)
        if query is None or not self._is_client(request, form):
            return web.json_response({"error": "invalid_grant"}, status=400)
        hashed = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        if base64.urlsafe_b64encode(hashed).rstrip(b"=").decode() != query["code_challenge"]:
            return web.json_response({"error": "invalid_grant"}, status=400)
        assert form["redirect_uri"] == query["redirect_uri"]
        return web.json_response({"access_token": "x", "token_type": "Bearer", "id_token": self.forge(self._signed(query))})

    def _is_client(self, request: web.Request, form: Any) -> bool:
        given = request.headers.get("Authorization", "")
        if given.startswith("Basic "):
            login, _, password = base64.b64decode(given[6:]).decode().partition(":")
            return (unquote(login), unquote(password)) == (CLIENT, SECRET)
        return (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)

    def _signed(self, query: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": query["nonce"],
            "email": self.email,
            "email_verified": self.verified,
        } | self.claims
        alg = {"RSA": "RS256", "EC": "ES256"}[self.signs_with.key_type]
        header = {"alg": alg, "kid": self.signs_with.kid} | self.header
        return jwt.encode(header, {name: value for name, value in claims.items() if value is not None}, self.signs_with)


def unsigned(token: str) -> str:
    """The same claims with ``alg: none`` and no signature."""
    return ".".join((_encoded(b'{"alg":"none","typ":"JWT"}'), token.split(".")[1], ""))


def symmetric(token: str, key: RSAKey | ECKey) -> str:
    """The same claims signed with the public key as a shared secret, as in the well-known swap of RS256 for HS256."""
    signed = ".".join((_encoded(b'{"alg":"HS256","kid":"first"}'), token.split(".")[1]))
    return f"{signed}.{_encoded(hmac.digest(key.as_pem(private=False), signed.encode(), 'sha256'))}"


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
