"""What may be asked for: the body of `POST /jobs`, checked before anything is stored."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic.alias_generators import to_camel

from flinkjobrunner.errors import Problem
from flinkjobrunner.jobs.model import DEFAULT_DEPLOYMENT, DEFAULT_TARGET, TARGETS_WITHOUT_SHAPES
from flinkjobrunner.telemetry import public_url

NAME = re.compile(r"[a-z]([-a-z0-9]{0,43}[a-z0-9])?")
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_INPUT = re.compile(r"input:[0-9a-f]{64}")
_MAX_URL = 8192
_MAX_URLS = 64


def is_job_id(text: str) -> bool:
    return bool(NAME.fullmatch(text) or UUID.fullmatch(text))


def _job_id(text: str) -> str:
    if not is_job_id(text):
        raise ValueError(f"expected {NAME.pattern} (at most 45 characters) or a UUID")
    return text


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise ValueError(f"expected {NAME.pattern} (at most 45 characters)")
    return text


def _url(text: str) -> str:
    if text.startswith("input:"):
        if not _INPUT.fullmatch(text):
            raise ValueError("expected input: followed by the 64 hex digits of a SHA-256")
        return text
    if any(ord(character) <= 0x20 or ord(character) == 0x7F for character in text):
        raise ValueError("a URL has no spaces or control characters; percent-encode them")
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("this is not a URL") from None
    if parts.scheme not in ("https", "http"):
        raise ValueError("expected an https (or, where allowed, http) URL or input:<sha256>")
    if not host:
        raise ValueError("the URL names no host")
    return text


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


JobId = Annotated[
    str,
    AfterValidator(_job_id),
    Field(json_schema_extra={"pattern": f"^({NAME.pattern}|{UUID.pattern})$"}),
]
Name = Annotated[
    str, AfterValidator(_name), Field(json_schema_extra={"pattern": f"^{NAME.pattern}$"})
]
# Whatever make can be asked for: which ones may be is said by ALLOWED_TARGETS, in `accept`.
Target = Annotated[str, StringConstraints(max_length=253)]
Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
Url = Annotated[str, StringConstraints(max_length=_MAX_URL), AfterValidator(_url)]
Urls = Annotated[
    list[Url],
    BeforeValidator(_listed, json_schema_input_type=Url | list[Url]),
    Field(max_length=_MAX_URLS),
]


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=False
    )


class Numbers(StrEnum):
    DECLARED = "declared"
    JSON_LD = "json-ld"
    DOUBLE = "double"


class OnUnsupported(StrEnum):
    REFUSE = "refuse"
    SKIP = "skip"


class RequestUrls(_Part):
    """Where the inputs are. Presigned URLs are secrets; only their path is kept."""

    shacl: Urls = Field(default_factory=list)
    knowledge: Urls = Field(default_factory=list)
    data: Url | None = None


class RequestContext(_Part):
    kube_context: Annotated[str, StringConstraints(min_length=1, max_length=253)] | None = None


class RequestOptions(_Part):
    numbers: Numbers = Numbers.DECLARED
    on_unsupported: OnUnsupported = OnUnsupported.REFUSE
    contexts: Annotated[dict[str, Url], Field(max_length=_MAX_URLS)] = Field(default_factory=dict)
    plan_digest: Digest | None = None
    program: Digest | None = Field(
        None, description="An earlier program, by its digest, instead of shapes: a rollback."
    )
    purge: bool | None = Field(
        None, description="Of flink-undeploy: clear the alerts and give up the state as well."
    )


class JobRequest(_Part):
    """The body of `POST /jobs`; every field may be left out."""

    job_id: JobId | None = None
    target: Target = DEFAULT_TARGET
    urls: RequestUrls = Field(default_factory=RequestUrls)
    context: RequestContext = Field(default_factory=RequestContext)
    deployment: Name = DEFAULT_DEPLOYMENT
    options: RequestOptions = Field(default_factory=RequestOptions)

    def document(self) -> dict[str, Any]:
        """The request as it is stored while the job needs it: all but its id, defaults filled."""
        return self.model_dump(mode="json", by_alias=True, exclude={"job_id"}, exclude_none=True)

    def digest(self) -> str:
        """The same for the same request; decides whether a repeated POST is a repetition."""
        canonical = json.dumps(self.document(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def accept(request: JobRequest, allowed_targets: tuple[str, ...]) -> None:
    """What a single field cannot say: refuse a request that could not be run."""
    if request.target not in allowed_targets:
        raise Problem(
            status=403,
            code="target-not-allowed",
            title="This target is not allowed here",
            detail=f"The target {request.target!r} is not among the allowed ones:"
            f" {', '.join(allowed_targets)}.",
            hint="ALLOWED_TARGETS of the service says which targets it runs.",
        )
    if request.target in TARGETS_WITHOUT_SHAPES:
        return
    if request.options.program is not None:
        _insist_on_nothing_else(request)
    elif not request.urls.shacl:
        raise Problem(
            status=400,
            code="shapes-missing",
            title="The request names no shapes",
            detail=f"urls.shacl is required for the target {request.target!r}.",
            hint='Send {"urls": {"shacl": "https://..."}}, or a list of URLs.',
        )


def _insist_on_nothing_else(request: JobRequest) -> None:
    """A program is complete: shapes, knowledge, and how values are read."""
    if request.target == "validate":
        beside = "target"
    elif request.urls != RequestUrls():
        beside = "urls"
    elif request.options.contexts:
        beside = "options.contexts"
    elif request.options.numbers is not Numbers.DECLARED:
        beside = "options.numbers"
    else:
        return
    raise Problem(
        status=400,
        code="program-and-shapes",
        title="The request names a program and something that a program already holds",
        detail=f"{beside} does not go together with options.program.",
        hint="Send either shapes to be compiled, or options.program to plan or deploy an earlier"
        " program as it was.",
    )


def new_job_id() -> str:
    """An id that sorts by time and fits wherever a name is needed."""
    return f"job-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def without_secrets(document: dict[str, Any]) -> dict[str, Any]:
    """A stored request with every URL reduced to what may be kept and shown."""
    urls = {
        kind: [public_url(url) for url in value] if isinstance(value, list) else public_url(value)
        for kind, value in document.get("urls", {}).items()
    }
    options = document.get("options", {})
    contexts = {iri: public_url(url) for iri, url in options.get("contexts", {}).items()}
    return document | {"urls": urls, "options": options | {"contexts": contexts}}


def urls_of(document: dict[str, Any]) -> list[str]:
    """Every URL of a stored request."""
    found: list[str] = []
    for value in document.get("urls", {}).values():
        found.extend(value if isinstance(value, list) else [value])
    found.extend(document.get("options", {}).get("contexts", {}).values())
    return found
