"""All settings, typed, from the environment; what the embedded stack started fills the gaps.

Names and defaults are a contract with users. `flinkjobrunner up` writes the addresses of what it
started to `WORK_ROOT/stack.json`; whatever the environment does not say is taken from there, so
that the other commands find a running stack without being told. The image sets its own defaults
(`/app/...`, bind 0.0.0.0) in its environment; those below are the ones of a checkout.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from flinkjobrunner.errors import ConfigurationError

TARGETS = ("setup", "validate", "plan", "flink-deploy", "setup-and-deploy", "flink-undeploy")
SOURCES = ("ngsi-ld", "iff")
# Of a setting whose default is not a value: what the reference says instead.
SHOWN = "shown"
_FROM_STACK = {
    "database_url": "RUNNER_DATABASE_URL",
    "kafka_bootstrap": "RUNNER_KAFKA_BOOTSTRAP",
    "flink_url": "RUNNER_FLINK_URL",
    "service_url": "FLINKJOBRUNNER_URL",
}


class Backend(StrEnum):
    LOCAL = "local"
    SESSION = "session"
    KUBERNETES = "kubernetes"


class Auth(StrEnum):
    TOKEN = "token"  # noqa: S105 - the name of a mode, not a token
    NONE = "none"


def checkout_root() -> Path:
    """The folder with `work/` and `build/`: the checkout, or where an installed one is run."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").exists() else Path.cwd()


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        populate_by_name=True,
        case_sensitive=True,
    )

    bind: str = Field(
        "127.0.0.1",
        validation_alias="RUNNER_BIND",
        description="address that the web server binds",
    )
    port: int = Field(
        8080,
        ge=0,
        le=65535,
        validation_alias="RUNNER_PORT",
        description="its port; 0: any free one",
    )
    digitaltwin_root: Path = Field(
        default_factory=lambda: checkout_root() / "work" / "shacl2flink",
        validation_alias="DIGITALTWIN_ROOT",
        description="folder of the Makefile whose targets jobs run",
    )
    work_root: Path = Field(
        default_factory=lambda: checkout_root() / ".flinkjobrunner",
        validation_alias="WORK_ROOT",
        description="folders of jobs, inputs, logs; the embedded stack's data in `data/`",
    )
    kubeconfig: Path | None = Field(
        None,
        validation_alias="KUBECONFIG",
        description="path of a kubeconfig; empty: the service account of the pod",
    )
    allowed_targets: Annotated[tuple[str, ...], NoDecode] = Field(
        TARGETS,
        validation_alias="ALLOWED_TARGETS",
        description="comma-separated; any other target is refused with 403",
        json_schema_extra={SHOWN: "all six"},
    )
    backend: Backend = Field(
        Backend.LOCAL,
        validation_alias="RUNNER_BACKEND",
        description="`local`: Kafka and Flink run as child processes; `session`: an"
        " existing Flink cluster and Kafka by address",
    )
    database_url: str | None = Field(
        None,
        validation_alias="RUNNER_DATABASE_URL",
        description="PostgreSQL, as `postgresql://user:password@host:port/name`",
        json_schema_extra={SHOWN: "embedded"},
    )
    kafka_bootstrap: str = Field(
        "127.0.0.1:9092",
        validation_alias="RUNNER_KAFKA_BOOTSTRAP",
        description="Kafka. With `local`: where the embedded one listens",
    )
    flink_url: str = Field(
        "http://127.0.0.1:8081",
        validation_alias="RUNNER_FLINK_URL",
        description="Flink's REST interface. With `local`: where the embedded one listens",
    )
    sources: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        validation_alias="RUNNER_SOURCES",
        description="which input families the Flink job reads: [formats](formats.md#input)",
        json_schema_extra={SHOWN: "`ngsi-ld,iff` with `local`, else `ngsi-ld`"},
    )
    fetch_allow: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        validation_alias="RUNNER_FETCH_ALLOW",
        description="hosts, `host:port` or networks whose URLs may be private and may use http",
    )
    token: SecretStr | None = Field(
        None,
        validation_alias="RUNNER_TOKEN",
        description="the token that programs send: [who may](http.md#who-may)",
        json_schema_extra={SHOWN: "made when one is needed"},
    )
    auth: Auth = Field(
        Auth.TOKEN,
        validation_alias="RUNNER_AUTH",
        description="`none` asks nobody for anything",
    )
    rate_limit: float = Field(
        500,
        ge=0,
        validation_alias="RUNNER_RATE_LIMIT",
        description="requests a second that one client (a token; without one, an address)"
        " may send, and five seconds' worth of them at once; 0: as many as it"
        " likes. Behind a proxy all clients without a token have the proxy's"
        " address",
    )
    inputs_mib: int = Field(
        4096,
        ge=64,
        validation_alias="RUNNER_INPUTS_MIB",
        description="how much disk the files sent by `PUT /inputs` may take:"
        " [inputs](http.md#inputs)",
    )
    runtime: Path = Field(
        default_factory=lambda: checkout_root() / "build" / "runtime",
        validation_alias="RUNNER_RUNTIME",
        description="the jars: Flink, Kafka, Jena, and the Flink job",
    )
    parallelism: int = Field(
        2,
        ge=1,
        le=128,
        validation_alias="RUNNER_PARALLELISM",
        description="instances of each operator of a Flink job",
    )
    lease_seconds: float = Field(
        30,
        gt=0,
        validation_alias="RUNNER_LEASE_SECONDS",
        description="how long a worker may be silent before another takes over its job",
    )
    job_timeout_seconds: float = Field(
        3600,
        gt=0,
        validation_alias="RUNNER_JOB_TIMEOUT_SECONDS",
        description="after that a job's process is ended",
    )
    service_url: str = Field(
        "http://127.0.0.1:8080",
        validation_alias="FLINKJOBRUNNER_URL",
        description="the service that the command line talks to",
    )
    service_token: SecretStr | None = Field(
        None,
        validation_alias="FLINKJOBRUNNER_TOKEN",
        description="the token that the command line sends",
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_from_stack(cls, given: dict[str, Any]) -> dict[str, Any]:
        work_root = given.get("work_root") or given.get("WORK_ROOT")
        stack = read_stack(Path(work_root) if work_root else checkout_root() / ".flinkjobrunner")
        missing = {
            field: stack[field]
            for field, variable in _FROM_STACK.items()
            if isinstance(stack.get(field), str) and field not in given and variable not in given
        }
        return given | missing

    @field_validator("allowed_targets", "sources", "fetch_allow", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("allowed_targets")
    @classmethod
    def _names_of_targets(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """They become arguments of make, which reads options and variables from them as well."""
        for name in value:
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
                raise ValueError(f"{name!r} is no name of a target")
        return value

    @field_validator("sources")
    @classmethod
    def _known_sources(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [name for name in value if name not in SOURCES]
        if unknown:
            raise ValueError(f"unknown source {unknown[0]!r}; known are {', '.join(SOURCES)}")
        return value

    @field_validator("bind")
    @classmethod
    def _bare_host(cls, value: str) -> str:
        """An IPv6 address may come in the brackets that a URL wants."""
        return value.removeprefix("[").removesuffix("]")

    @field_validator("digitaltwin_root", "work_root", "runtime")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        """Child processes have working directories of their own."""
        return value.expanduser().absolute()

    @model_validator(mode="after")
    def _sources_by_backend(self) -> Settings:
        if not self.sources:
            sources = SOURCES if self.backend is Backend.LOCAL else SOURCES[:1]
            object.__setattr__(self, "sources", sources)
        return self

    @property
    def bound_to_loopback(self) -> bool:
        try:
            return ip_address(self.bind).is_loopback
        except ValueError:
            return self.bind == "localhost"

    @property
    def auth_required(self) -> bool:
        """The bind address decides, never the peer; a token that was set is always wanted."""
        if self.auth is Auth.NONE:
            return False
        return self.token is not None or not self.bound_to_loopback

    def database(self) -> str:
        """The database's URL, or what to do about its absence."""
        if self.database_url is None:
            raise ConfigurationError(
                "no database is configured: set RUNNER_DATABASE_URL, or start the embedded"
                " stack with `flinkjobrunner up`"
            )
        return self.database_url

    def environment(self) -> dict[str, str]:
        """These settings as variables for a child process; never the service's own tokens."""
        variables = {
            "DIGITALTWIN_ROOT": str(self.digitaltwin_root),
            "WORK_ROOT": str(self.work_root),
            "KUBECONFIG": str(self.kubeconfig or ""),
            "RUNNER_BACKEND": self.backend.value,
            "RUNNER_DATABASE_URL": self.database_url or "",
            "RUNNER_KAFKA_BOOTSTRAP": self.kafka_bootstrap,
            "RUNNER_FLINK_URL": self.flink_url,
            "RUNNER_SOURCES": ",".join(self.sources),
            "RUNNER_FETCH_ALLOW": ",".join(self.fetch_allow),
            "RUNNER_RUNTIME": str(self.runtime),
            "RUNNER_PARALLELISM": str(self.parallelism),
        }
        return {name: value for name, value in variables.items() if value}


def read_stack(work_root: Path) -> dict[str, Any]:
    """What the embedded stack wrote about itself; empty when there is none."""
    try:
        stack = json.loads((work_root / "stack.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stack if isinstance(stack, dict) else {}


def load_settings() -> Settings:
    """Read the environment anew; a setting that cannot be used is named."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        raise ConfigurationError(f"{name}: {first['msg']}") from None


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    return load_settings()
