"""Id tokens: the provider's signed word on who somebody is, believed only after every check of OpenID Connect Core 3.1.3.7."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from core import clock

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512", "Ed25519", "EdDSA")
"""Signatures by a key pair only: neither ``none`` nor HMAC, with which a public key could be misused as a shared secret."""
LEEWAY = 60  # seconds by which clocks may differ
OLDEST = 600  # seconds since it was issued: it is for the log-in that goes on now


class TokenRefused(Exception):
    """The token is not to be believed; the reason is for our log and names no person."""


@dataclass(frozen=True)
class Person:
    """Who signed in, in the provider's words."""

    subject: str
    email: str  # empty unless the provider has verified it


def read(token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str) -> Person:
    """Who this id token is about.

    Raises:
        TokenRefused: for a signature, algorithm, issuer, audience, time or nonce that is not right.
    """
    try:
        claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
        registry = JWTClaimsRegistry(
            now=int(clock.now().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise TokenRefused(type(error).__name__) from error
    _check_party(claims, client_id)
    _check_age(claims)
    email = claims.get("email") if claims.get("email_verified") is True else ""
    return Person(str(claims["sub"]), email.strip().lower() if isinstance(email, str) else "")


def _check_party(claims: Mapping[str, Any], client_id: str) -> None:
    """A token for several audiences must name us as the one it was issued to."""
    audience, party = claims["aud"], claims.get("azp")
    if party is not None and party != client_id:
        raise TokenRefused("azp")
    if isinstance(audience, list) and len(audience) > 1 and party is None:
        raise TokenRefused("several audiences")


def _check_age(claims: Mapping[str, Any]) -> None:
    if clock.now().timestamp() - claims["iat"] > OLDEST + LEEWAY:
        raise TokenRefused("too old")
