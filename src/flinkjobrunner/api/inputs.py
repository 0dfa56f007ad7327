"""`PUT /inputs/{sha256}`: leave a file here, for jobs to name it as `input:<sha256>`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from flask import request
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field, StringConstraints

from flinkjobrunner.api import audit, current
from flinkjobrunner.api.problems import problem_responses
from flinkjobrunner.errors import Problem
from flinkjobrunner.fetch import InputStore, Limits
from flinkjobrunner.fetch.inputs import (
    InputMismatchError,
    InputsFullError,
    InputTooLargeError,
)

_CHUNK = 64 * 1024

blueprint = APIBlueprint("inputs", __name__, abp_tags=[Tag(name="jobs")])


class InputPath(BaseModel):
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(
        description="The SHA-256 of the body, in hexadecimal."
    )


class InputView(BaseModel):
    input: str = Field(description="What a job names it by, in place of a URL.")


@blueprint.put(
    "/inputs/<sha256>",
    summary="Leave a file for jobs that are going to name it",
    description="The body is the file as it is; its Content-Type says which RDF syntax it is in."
    " Kept until it has not been used for seven days, or for an hour when room is needed.",
    openapi_extensions={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
    responses={201: InputView, 200: InputView} | problem_responses(400, 403, 413, 507),
)
def put(path: InputPath) -> tuple[dict[str, Any], int]:
    most = Limits().most_bytes
    # The one body that may be large; it goes to disk as it comes. Of a body in chunks the framework
    # drops what is over its limit, so the limit that is told has to be met before that one.
    request.max_content_length = most + 1
    try:
        if (request.content_length or 0) > most:
            raise InputTooLargeError(most)
        new = _store().put(
            path.sha256,
            _body(),
            request.content_type,
            most_bytes=most,
            announced=request.content_length,
        )
    except InputTooLargeError as error:
        raise Problem(
            status=413,
            code="input-too-large",
            title="The input is too large",
            detail=f"An input has at most {error.most:,} bytes.",
            hint="Split the file: a job takes several.",
        ) from None
    except InputsFullError:
        raise Problem(
            status=507,
            code="inputs-full",
            title="There is no room for the input",
            detail="The inputs that are here take all the room there may be, and each was used in"
            " the last hour.",
            hint="Try again later; RUNNER_INPUTS_MIB of the service says how much room there is.",
            headers={"Retry-After": "600"},
        ) from None
    except InputMismatchError:
        raise Problem(
            status=400,
            code="input-mismatch",
            title="The body is not the file that its address names",
            detail="The SHA-256 of the body differs from the one in the address.",
            hint="Send the file unchanged, and all of it, to the address of its own hash.",
        ) from None
    audit.record("audit.input-stored", sha256=path.sha256, new=new)
    return InputView(input=f"input:{path.sha256}").model_dump(), 201 if new else 200


def _store() -> InputStore:
    settings = current.settings()
    return InputStore(settings.work_root, most_total=settings.inputs_mib * 1024 * 1024)


def _body() -> Iterator[bytes]:
    while chunk := request.stream.read(_CHUNK):
        yield chunk
