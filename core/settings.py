"""Settings: everything an operator may change, read from the environment, `.env` and `var/secrets.env`.

Names in the environment carry the prefix ``PRACHA_`` (``PRACHA_PORT=8080``); ``DATABASE_URL`` and ``REDIS_URL``
are read without it because hosting platforms set them so.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, BaseModel, Field, SecretStr, StringConstraints, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
ProviderName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
StaffRole = Literal["curator", "reviewer", "administrator", "officer", "supervisor", "auditor"]  # those of helpdesk.role
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class LineAccount(BaseModel):
    """A LINE Official Account's Messaging API channel: ``PRACHA_LINE__MAIN__CHANNEL_SECRET`` for the account ``main``."""

    channel_secret: SecretStr
    access_token: SecretStr  # the long-lived channel access token
    api_url: str = "https://api.line.me"
    data_url: str = "https://api-data.line.me"


class TelegramAccount(BaseModel):
    """A Telegram bot: ``PRACHA_TELEGRAM__MAIN__TOKEN``."""

    token: SecretStr
    webhook_secret: SecretStr = SecretStr("")  # empty: derived from the token
    api_url: str = "https://api.telegram.org"


class MetaAccount(BaseModel):
    """A Facebook Page for Messenger or a professional account for Instagram: ``PRACHA_MESSENGER__MAIN__PAGE_ID``."""

    page_id: str  # Instagram: the id of the professional account
    access_token: SecretStr
    app_secret: SecretStr
    verify_token: SecretStr = SecretStr("")  # empty: derived from the app secret
    api_url: str = "https://graph.facebook.com"
    version: str = "v23.0"


class OidcProvider(BaseModel):
    """Where staff may sign in too (OpenID Connect): ``PRACHA_OIDC__CITY__ISSUER`` for the provider ``city``."""

    issuer: str  # exactly as the provider writes it, such as https://login.city.example/realms/staff
    client_id: str
    client_secret: SecretStr = SecretStr("")  # empty: a public client, which PKCE alone protects
    title: str = "บัญชีหน่วยงาน"  # on the button: "เข้าสู่ระบบด้วยบัญชีหน่วยงาน"
    scope: str = "openid email"
    link_by_email: bool = True  # at the first sign-in a verified e-mail address that is somebody's login links them
    second_factor: bool = False  # the provider sees to a second factor itself; ours is not asked for

    @field_validator("issuer")
    @classmethod
    def _encrypted(cls, issuer: str) -> str:
        """Tokens travel over https only; loopback is for trying out."""
        parts = urlsplit(issuer)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("must begin with https://")
        if parts.query or parts.fragment:
            raise ValueError("must have neither query nor fragment")
        return issuer


class Settings(BaseSettings):
    """One installation's settings. Sizes are bytes, times seconds unless a name says otherwise."""

    model_config = SettingsConfigDict(
        env_prefix="PRACHA_",
        env_nested_delimiter="__",
        extra="ignore",
        populate_by_name=True,
    )

    city_th: str = "เทศบาลเมืองธาราใส"  # the demo city is fictional
    city_en: str = "Thara Sai Town Municipality"

    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""  # where citizens reach us; empty means http://host:port
    embed_origins: list[str] = []  # other origins that may embed the widget, e.g. ["https://city.example"]
    trusted_proxies: list[str] = []  # addresses whose X-Forwarded-For is believed

    var: Path = ROOT / "var"  # all that is written; set it in the environment only, since secrets.env is read from it
    models: Path = ROOT / "var" / "models"
    database_url: str = Field("", validation_alias=AliasChoices("DATABASE_URL", "database_url"))
    redis_url: SecretStr = Field(SecretStr(""), validation_alias=AliasChoices("REDIS_URL", "redis_url"))
    valkey_port: int = 6390
    valkey_password: SecretStr = SecretStr("")

    engine_port: int = 5005
    engine_timeout: float = 20.0
    engine_workers: int = Field(default_factory=lambda: min(2, os.cpu_count() or 1), ge=1)  # each further one takes about 50 MB
    actions_port: int = 5055

    demo: bool | None = (
        None  # staff for trying out, made by the first `pracha run`; unset means only where `may_demonstrate` says so
    )

    secret_key: SecretStr = SecretStr("")  # seals secrets in the database; 32 random characters or more
    second_factor_roles: list[StaffRole] = []  # members with one of these roles must set up a second factor
    oidc: dict[ProviderName, OidcProvider] = {}  # by name, which stands in the address that the provider sends people back to

    api_keys: list[SecretStr] = []  # keys that open /api/v1, sent as X-API-Key
    api_rate: str = "6000/minute"  # a key's limit, in the words of the `limits` library
    citizen_rate: str = "60/minute"  # messages of one web visitor before it is asked to slow down

    line: dict[str, LineAccount] = {}  # accounts by name; the name stands in the webhook's address
    telegram: dict[str, TelegramAccount] = {}
    messenger: dict[str, MetaAccount] = {}
    instagram: dict[str, MetaAccount] = {}

    chat_always: bool = False  # people answer chats day and night; else in the office's hours (console: service levels)
    queue_patience: float = 600.0  # after which nobody is expected to take a waiting chat any more
    screen_patience: float = 180.0  # after which an unanswered chat is taken from somebody whose screen is gone

    unsure_below: float = Field(0.6, ge=0, le=1)  # words whose best intent is less likely than this are kept to be labelled
    unsure_margin: float = Field(0.15, ge=0, le=1)  # and those whose second intent comes as near as this

    upload_limit: int = 10 * 1024 * 1024
    dense: bool = True  # sentence vectors in the FAQ search where the processor has AVX2
    dispatcher_workers: int = 8
    sender_workers: int = 4
    log_level: str = "INFO"

    @property
    def base_url(self) -> str:
        """The address citizens see, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def may_demonstrate(self) -> bool:
        """Whether demo staff may be made: never unasked where others can reach us or where the data are not our own."""
        if self.demo is not None:
            return self.demo
        return urlsplit(self.base_url).hostname in LOOPBACK and not self.database_url and self.embedded_valkey

    @property
    def database(self) -> str:
        """The SQLAlchemy URL; SQLite in `var/` unless DATABASE_URL says otherwise."""
        if not self.database_url:
            return f"sqlite+aiosqlite:///{self.var / 'pracha.sqlite3'}"
        return self.database_url.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+asyncpg://", 1)

    @property
    def embedded_valkey(self) -> bool:
        """Whether we start the bundled Valkey ourselves."""
        return not self.redis_url.get_secret_value()

    @property
    def valkey_url(self) -> str:
        """The Redis URL all processes use, database 0. It may hold a password: never log it."""
        if not self.embedded_valkey:
            return self.redis_url.get_secret_value()
        password = self.valkey_password.get_secret_value()
        return f"redis://:{password}@127.0.0.1:{self.valkey_port}/0"

    @property
    def engine_url(self) -> str:
        """The dialogue engine's address; always loopback."""
        return f"http://127.0.0.1:{self.engine_port}"


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once. Tests call ``settings.cache_clear()`` after changing the environment."""
    var = Path(os.environ.get("PRACHA_VAR", ROOT / "var"))
    return Settings(_env_file=(var / "secrets.env", ROOT / ".env"))
