"""Environment → typed settings. Every variable starts with `VIGIE_`; `app` adds secrets from files (`…_FILE`)."""

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from monitor.config.send_rates import read_rates


class Settings(BaseSettings):
    """What the environment decides. Raises pydantic.ValidationError with every bad value at once."""

    model_config = SettingsConfigDict(env_prefix="VIGIE_", extra="ignore", frozen=True)

    database_url: str = "sqlite:///data/vigie.db"
    config: Path | None = None
    calendar: Path = Path("data/calendar.csv")
    directory: Path = Path("data/directory.csv")
    network_table: Path | None = None
    listen: str = "127.0.0.1:8050"
    public_url: str | None = None
    dumps_dir: Path | None = None
    archive_dir: Path | None = None
    mail_url: SecretStr | None = None
    contact: str | None = None
    vantage: str = "local"
    resolvers: Annotated[tuple[str, ...], NoDecode] = ()
    allow_networks: Annotated[tuple[str, ...], NoDecode] = ()
    evaluate_every_s: Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)] = 5.0
    send_rates: Annotated[dict[str, float], NoDecode] = {}
    tell_every_s: Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)] = 5.0
    heads_from: Literal["slow", "restricted", "waiting", "down"] = "restricted"
    heads_settle_s: Annotated[float, Field(ge=0, le=86400, allow_inf_nan=False)] = 300.0
    heads_national: bool = False

    @field_validator("send_rates", mode="before")
    @classmethod
    def _rates(cls, value: object) -> object:
        return read_rates(value) if isinstance(value, str) else value

    heartbeat_url: Annotated[str | None, Field(repr=False)] = None
    heartbeat_every_s: Annotated[float, Field(ge=1, le=600, allow_inf_nan=False)] = 60.0
    drill_at: time | None = time(6, 45)

    @field_validator("drill_at", mode="before")
    @classmethod
    def _no_drill(cls, value: object) -> object:
        return None if value in {"", "non"} else value

    @field_validator("resolvers", "allow_networks", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    def writes_to_the_public(self, environment: Mapping[str, str]) -> bool:
        """Whether anybody may sign up: letters can leave, and their links lead somewhere."""
        return bool(self.public_url and (self.mail_url or environment.get("VIGIE_MAIL_URL_FILE")))
