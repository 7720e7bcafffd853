"""Every setting, with its unit and default; each is an environment variable REGIOGRAAF_<NAME>."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.http.requests import AccessLogForm

# A whole web address, or none.
_WEB = r"^(https?://[^\s<>\"{}|\\^`]+)?$"


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
    # A larger release is queried from disk, where joins take many times longer but memory stays low.
    max_memory_statements: int = Field(default=2_000_000, ge=0)
    # What a query worker may allocate beyond the release itself.
    worker_memory_bytes: int = Field(default=536_870_912, ge=67_108_864)
    # A query that uses more processor time needs one of the places for long queries, and gets less.
    slow_after_s: float = Field(default=0.5, gt=0)
    max_long_queries: int = Field(default=8, ge=1)
    long_budget_s_per_minute: float = Field(default=240.0, gt=0)
    max_queries_per_client: int = Field(default=8, ge=1)
    max_waiting_queries: int = Field(default=2_000, ge=1)
    queue_timeout_s: float = Field(default=10.0, gt=0)
    # How long a client may take to read an answer.
    send_timeout_s: float = Field(default=120.0, gt=0)
    # Other releases than the newest that are open at once, each with a process of its own, and for how
    # long after the last question about them.
    max_other_releases: int = Field(default=2, ge=0, le=16)
    other_release_idle_s: float = Field(default=300.0, gt=0)
    cache_bytes: int = Field(default=64_000_000, ge=0)
    # Only where the kernel has neither seccomp nor Landlock and something else blocks the network.
    unsandboxed: bool = False
    # Who may change the data: one token, or a file with a name and a token on each line.
    token: SecretStr | None = None
    token_file: Path | None = None
    # Who publishes the data and whom to ask; an address that is not known is left out, never made up.
    publisher_name: str = Field(default="Regiograaf", min_length=1, max_length=200)
    publisher_url: str = Field(default="", pattern=_WEB)
    contact_name: str = Field(default="", max_length=200)
    contact_email: str = Field(default="", pattern=r"^([^@\s<>\"]+@[^@\s<>\"]+)?$")
    contact_url: str = Field(default="", pattern=_WEB)
    max_upload_bytes: int = Field(default=50_000_000, ge=1)
    # One line for each request on standard error; the end of an address is left out unless asked for.
    access_log: AccessLogForm = AccessLogForm.TEXT
    access_log_whole_ip: bool = False
    # Without a token /metrics is for this machine itself alone.
    metrics_token: SecretStr | None = None
    # An empty store that the token may write to, for conformance runs and experiments.
    empty: bool = False
    unchecked: bool = False
    # Another SPARQL 1.1 server that answers instead of the embedded store, and who we are to it.
    endpoint: str | None = None
    endpoint_user: str = ""
    endpoint_password: SecretStr = SecretStr("")
    endpoint_token: SecretStr = SecretStr("")
