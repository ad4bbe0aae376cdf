"""Settings as one frozen value, read from ``config.toml`` and ``ADVOCACY__SECTION__KEY``.

Every key stands with its unit and default in ``config.example.toml``. Unknown keys are refused by name.
"""

from __future__ import annotations

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from advocacy.core.errors import SettingsError
from advocacy.core.settings_outside import Civic, Section, Sms

PREFIX = "ADVOCACY__"
type_network = IPv4Network | IPv6Network


class Server(Section):
    """Where it listens and under which name the world knows it."""

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    base_url: str = ""
    name: str = Field("Advocacy", min_length=1, max_length=80)
    workers: int = Field(1, ge=1, le=64)
    threads: int = Field(512, ge=8, le=2048)
    trusted_proxies: Annotated[tuple[type_network, ...], NoDecode] = ()
    max_body_kb: int = Field(2048, ge=16)
    debug: bool = False

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        if isinstance(value, str):
            value = [part.strip() for part in value.strip("[]").replace('"', "").split(",") if part.strip()]
        return (
            tuple(ip_network(str(part), strict=False) for part in value) if isinstance(value, list | tuple) else value
        )

    @field_validator("base_url")
    @classmethod
    def _origin(cls, value: str) -> str:
        value = value.rstrip("/")
        if value:
            parts = urlsplit(value)
            if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
                msg = "must look like https://example.org, without a path"
                raise ValueError(msg)
        return value


class Database(Section):
    """SQLite on one machine by default; ``postgresql://`` works the same."""

    url: str = "sqlite:///instance/advocacy.db"
    lock_wait_s: int = Field(8, ge=1)
    statement_timeout_s: int = Field(20, ge=1)
    pool_size: int = Field(16, ge=1)


class Security(Section):
    """Keys and sessions."""

    key_file: Path = Path("instance/keys.json")
    session_idle_min: int = Field(720, ge=5)
    session_absolute_h: int = Field(168, ge=1)
    argon2_memory_kib: int = Field(19456, ge=19456)
    argon2_time_cost: int = Field(2, ge=2)
    second_factor: Literal["staff", "off"] = "staff"


class Mail(Section):
    """How mail leaves the house."""

    transport: Literal["smtp", "console", "mailbox"] = "console"
    host: str = "localhost"
    port: int = Field(25, ge=1, le=65535)
    username: str = ""
    password: SecretStr = SecretStr("")
    starttls: bool = False
    timeout_s: float = Field(10.0, gt=0)
    sender: str = "no-reply@localhost.localdomain"
    sender_name: str = ""
    operator: str = ""
    retry_h: int = Field(72, ge=1)
    bounce_address: str = Field("", pattern=r"^(?:[A-Za-z0-9._-]{1,28}@[A-Za-z0-9.-]{1,180})?$")
    events_key: SecretStr = SecretStr("")
    dkim_domain: str = Field("", pattern=r"^[A-Za-z0-9.-]{0,253}$")
    dkim_selector: str = Field("", pattern=r"^[A-Za-z0-9._-]{0,63}$")
    dkim_key_file: str = ""
    lot_domain_per_min: int = Field(600, ge=0)


class Queue(Section):
    """The background worker."""

    engine: Literal["embedded"] = "embedded"
    threads: int = Field(4, ge=1, le=64)
    poll_ms: int = Field(200, ge=20)
    lease_s: int = Field(9, ge=2)


class Petitions(Section):
    """Signing and counting."""

    min_fill_s: float = Field(2.0, ge=0)
    tally_ms: int = Field(300, ge=50)
    confirm_days: int = Field(7, ge=1)
    receipt_h: int = Field(24, ge=1)
    street_days: int = Field(10, ge=1, le=14)


class Limits(Section):
    """Rate limits; 0 switches one off. What each counts stands in ``config.example.toml``."""

    sign_network: int = Field(400, ge=0)
    sign_address_day: int = Field(10, ge=0)
    sign_ceiling_s: int = Field(400, ge=0)
    sign_in_account: int = Field(10, ge=0)
    sign_in_network: int = Field(60, ge=0)
    sign_in_global: int = Field(1000, ge=0)
    passkey_network: int = Field(120, ge=0)
    recover_network: int = Field(20, ge=0)
    recover_global: int = Field(500, ge=0)
    account_mail: int = Field(5, ge=0)
    invite_user: int = Field(100, ge=0)
    join_network: int = Field(20, ge=0)
    representatives_network: int = Field(60, ge=0)
    representatives_campaign: int = Field(300, ge=0)
    report_network: int = Field(20, ge=0)
    confirm_network: int = Field(1000, ge=0)
    manage_network: int = Field(300, ge=0)
    export_user: int = Field(60, ge=0)
    bill_search_user: int = Field(40, ge=0)


class Mailings(Section):
    """Mail to many."""

    approval_from: int = Field(1000, ge=1)


class Demo(Section):
    """The demonstration coalition; never on a real installation."""

    enabled: bool = False


class Clock(Section):
    """Only for tests and drills."""

    offset_file: Path | None = None


class Logs(Section):
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["json", "plain"] = "json"


class Settings(BaseSettings):
    """Everything that can be set; ``load`` reads it."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )
    config_file: ClassVar[Path | None] = None

    server: Server = Server()
    database: Database = Database()
    security: Security = Security()
    mail: Mail = Mail()
    sms: Sms = Sms()
    queue: Queue = Queue()
    petitions: Petitions = Petitions()
    limits: Limits = Limits()
    civic: Civic = Civic()
    mailings: Mailings = Mailings()
    demo: Demo = Demo()
    clock: Clock = Clock()
    logs: Logs = Logs()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file."""
        del dotenv_settings, file_secret_settings
        sources: list[PydanticBaseSettingsSource] = [init_settings, env_settings]
        if cls.config_file is not None:
            sources.append(TomlConfigSettingsSource(settings_cls, cls.config_file))
        return tuple(sources)

    @property
    def base_url(self) -> str:
        """Scheme, host and port under which links are made, without a slash at the end."""
        return self.server.base_url or f"http://localhost:{self.server.port}"

    @property
    def is_https(self) -> bool:
        """Whether people reach the site over https."""
        return self.base_url.startswith("https://")

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database.url.startswith("sqlite")


def load(**sections: Any) -> Settings:  # noqa: ANN401 - sections as in Settings, given by tests and commands
    """Read file and environment.

    Raises: SettingsError with one line that names the key.
    """
    path = Path(os.environ.get("ADVOCACY_CONFIG", "config.toml"))
    if "ADVOCACY_CONFIG" in os.environ and not path.is_file():
        msg = f"settings: the file named by ADVOCACY_CONFIG does not exist: {path}"
        raise SettingsError(msg)
    _refuse_unknown_environment()
    try:
        found = type("_Found", (Settings,), {"config_file": path if path.is_file() else None, "__module__": __name__})
        return found(**sections)  # type: ignore[no-any-return]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        reason = "unknown key" if first["type"] == "extra_forbidden" else first["msg"]
        msg = f"settings: {name}: {reason}"
        raise SettingsError(msg) from None
    except (OSError, ValueError) as error:  # tomllib's error is a ValueError
        msg = f"settings: {path}: {error}"
        raise SettingsError(msg) from None


def _refuse_unknown_environment() -> None:
    """pydantic-settings drops unknown sections of the environment in silence; a typo must not."""
    for name in os.environ:
        if name.upper().startswith(PREFIX):
            section, _, key = name[len(PREFIX) :].lower().partition("__")
            field = Settings.model_fields.get(section)
            kind = field.annotation if field else None
            if not (isinstance(kind, type) and issubclass(kind, Section)) or key not in kind.model_fields:
                msg = f"settings: {name}: unknown key"
                raise SettingsError(msg)
