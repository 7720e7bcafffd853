"""Every setting, with its unit and default; each is an environment variable REGIOGRAAF_<NAME>."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of the service; the defaults are meant for one machine in an office."""

    model_config = SettingsConfigDict(env_prefix="REGIOGRAAF_", extra="forbid", frozen=True)

    data: Path = Field(default_factory=lambda: user_data_path("regiograaf"))
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    internal: bool = False
    workers: int = Field(default=2, ge=1, le=64)
    max_query_bytes: int = Field(default=65_536, ge=1)
    max_query_depth: int = Field(default=200, ge=1)
    query_timeout_s: float = Field(default=10.0, gt=0)
    max_result_bytes: int = Field(default=50_000_000, ge=1)
