"""A sign-in provider: what it says of itself (discovery), its keys, and the exchange of a code for an id token."""

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from core.settings import LOOPBACK, OidcProvider
from web.console.oidc import id_token
from web.console.oidc.id_token import Person, TokenRefused

KNOWN_FOR = 3600.0  # seconds that discovery and keys are kept
RETRY_AFTER = 30.0  # seconds before keys are fetched again for one that is unknown: strangers' tokens must not make us ask
TIMEOUT = aiohttp.ClientTimeout(total=10)
LARGEST = 512 * 1024  # bytes of any of its answers


class ProviderAway(Exception):
    """The provider does not answer, or not as it should."""


class Provider:
    """Speaks with one provider. Nothing that it says leads us elsewhere: no redirects, https only, its own issuer only."""

    def __init__(self, settings: OidcProvider) -> None:
        """Connects when first used."""
        self.settings = settings
        self._session: aiohttp.ClientSession | None = None
        self._about: Mapping[str, Any] = {}
        self._keys: KeySet | None = None
        self._about_until = self._keys_until = self._keys_after = 0.0

    async def address(self, *, back: str, state: str, nonce: str, challenge: str, again: bool) -> str:
        """Where the browser is sent; with ``again`` the provider is to ask for the password even if it knows the person.

        Raises:
            ProviderAway: when it cannot be found out.
        """
        query = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": back,
            "scope": self.settings.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        endpoint = await self._endpoint("authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query | ({'prompt': 'login'} if again else {}))}"

    async def person(self, code: str, *, back: str, verifier: str, nonce: str) -> Person:
        """Who came back with this code.

        Raises:
            ProviderAway: when the provider does not answer as it should.
            TokenRefused: when its word is not to be believed.
        """
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        answer = await self._post(await self._endpoint("token_endpoint"), form)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderAway("no id token")
        expected = {"issuer": self.settings.issuer, "client_id": self.settings.client_id, "nonce": nonce}
        try:
            return id_token.read(token, await self._known_keys(), **expected)
        except TokenRefused as refused:
            # Only the words "signed by a key that is not in the set" may mean that keys were changed.
            if str(refused) != "InvalidKeyIdError" or time.monotonic() < self._keys_after:
                raise
            return id_token.read(token, await self._fetch_keys(), **expected)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _discovered(self) -> Mapping[str, Any]:
        if time.monotonic() >= self._about_until:
            about = await self._get(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            if about.get("issuer") != self.settings.issuer:
                raise ProviderAway("another issuer")
            self._about, self._about_until = about, time.monotonic() + KNOWN_FOR
        return self._about

    async def _endpoint(self, name: str) -> str:
        found = (await self._discovered()).get(name)
        if not isinstance(found, str) or not _encrypted(found):
            raise ProviderAway(f"no {name}")
        return found

    async def _known_keys(self) -> KeySet:
        if self._keys is None or time.monotonic() >= self._keys_until:
            return await self._fetch_keys()
        return self._keys

    async def _fetch_keys(self) -> KeySet:
        answer = await self._get(await self._endpoint("jwks_uri"))
        self._keys_after = time.monotonic() + RETRY_AFTER
        try:
            signing = [key for key in answer["keys"] if key.get("use", "sig") == "sig" and key.get("kty") != "oct"]
            self._keys = KeySet.import_key_set({"keys": signing})
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ProviderAway("keys that cannot be read") from error
        self._keys_until = time.monotonic() + KNOWN_FOR
        return self._keys

    async def _get(self, address: str) -> Mapping[str, Any]:
        return await self._ask("GET", address)

    async def _post(self, address: str, form: dict[str, str]) -> Mapping[str, Any]:
        """Ask the token endpoint, as the client that we are: by Basic where the provider knows it, else in the form."""
        secret, headers = self.settings.client_secret.get_secret_value(), {}
        ways = (await self._discovered()).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if secret and "client_secret_basic" in ways:
            # By RFC 6749 both are encoded as in a form first.
            headers["Authorization"] = aiohttp.encode_basic_auth(quote(self.settings.client_id, safe=""), quote(secret, safe=""))
        else:
            form = form | {"client_id": self.settings.client_id} | ({"client_secret": secret} if secret else {})
        return await self._ask("POST", address, data=form, headers=headers)

    async def _ask(self, method: str, address: str, **how: Any) -> Mapping[str, Any]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT, trust_env=True)
        try:
            async with self._session.request(method, address, allow_redirects=False, **how) as answer:
                raw = await answer.content.read(LARGEST + 1)
                while len(raw) <= LARGEST and (more := await answer.content.read(LARGEST)):
                    raw += more
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ProviderAway(type(error).__name__) from error
        if answer.status != 200 or len(raw) > LARGEST:
            raise ProviderAway(f"status {answer.status}")
        return _mapping(raw)


def _mapping(raw: bytes) -> Mapping[str, Any]:
    try:
        read = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ProviderAway("no JSON") from error
    if not isinstance(read, dict):
        raise ProviderAway("no JSON object")
    return read


def _encrypted(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
