"""`plan`, `deploy`, `undeploy`: send the inputs, post the job, show its log and its outcome."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from flinkjobrunner.cli.client import Service

Shapes = Annotated[
    list[str],
    typer.Option("--shapes", metavar="FILE|URL", help="A shapes graph; may be repeated."),
]
Knowledge = Annotated[
    list[str] | None,
    typer.Option("--knowledge", metavar="FILE|URL", help="Knowledge; may be repeated."),
]
Contexts = Annotated[
    list[str] | None,
    typer.Option("--context", metavar="IRI=FILE|URL", help="A JSON-LD context; may be repeated."),
]
Numbers = Annotated[
    str | None, typer.Option(help="How JSON numbers are read: declared, json-ld or double.")
]
OnUnsupported = Annotated[
    str | None, typer.Option(help="What to do with unsupported constraints: refuse or skip.")
]
Deployment = Annotated[str, typer.Option(help="The deployment to work on.")]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Follow the job to its end.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print the job as JSON; its log goes to standard error.")
]


def register(app: typer.Typer) -> None:
    app.command()(plan)
    app.command()(deploy)
    app.command()(undeploy)


def plan(
    shapes: Shapes,
    knowledge: Knowledge = None,
    context: Contexts = None,
    numbers: Numbers = None,
    on_unsupported: OnUnsupported = None,
    deployment: Deployment = "default",
    as_json: Json = False,
) -> None:
    """Show what a deploy would change, without doing it."""
    from flinkjobrunner.cli.client import Service, one_sentence

    with one_sentence(), Service() as service:
        body = _body(service, shapes, knowledge, context, numbers, on_unsupported)
        body |= {"target": "plan", "deployment": deployment}
        _run(service, body, wait=True, as_json=as_json)


def deploy(
    shapes: Shapes,
    knowledge: Knowledge = None,
    context: Contexts = None,
    numbers: Numbers = None,
    on_unsupported: OnUnsupported = None,
    plan_digest: Annotated[
        str | None, typer.Option(help="Deploy only if the plan still is the one of this digest.")
    ] = None,
    deployment: Deployment = "default",
    setup: Annotated[
        bool, typer.Option("--setup/--no-setup", help="Prepare the environment first.")
    ] = True,
    wait: Wait = True,
    as_json: Json = False,
) -> None:
    """Make the deployment validate with these shapes and this knowledge from now on."""
    from flinkjobrunner.cli.client import Service, one_sentence

    with one_sentence(), Service() as service:
        body = _body(service, shapes, knowledge, context, numbers, on_unsupported)
        if plan_digest is not None:
            body["options"]["planDigest"] = plan_digest
        target = "setup-and-deploy" if setup else "flink-deploy"
        body |= {"target": target, "deployment": deployment}
        _run(service, body, wait=wait, as_json=as_json)


def undeploy(deployment: Deployment = "default", wait: Wait = True, as_json: Json = False) -> None:
    """Stop the deployment's Flink job after a savepoint; topics and data stay."""
    from flinkjobrunner.cli.client import Service, one_sentence

    body = {"target": "flink-undeploy", "deployment": deployment}
    with one_sentence(), Service() as service:
        _run(service, body, wait=wait, as_json=as_json)


def _body(
    service: Service,
    shapes: list[str],
    knowledge: list[str] | None,
    contexts: list[str] | None,
    numbers: str | None,
    on_unsupported: str | None,
) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for text in contexts or []:
        iri, separator, source = text.partition("=")
        if not separator:
            raise typer.BadParameter(f"--context {text}: expected IRI=FILE or IRI=URL")
        options.setdefault("contexts", {})[iri] = _url(service, source)
    if numbers is not None:
        options["numbers"] = numbers
    if on_unsupported is not None:
        options["onUnsupported"] = on_unsupported
    urls: dict[str, Any] = {"shacl": [_url(service, source) for source in shapes]}
    if knowledge:
        urls["knowledge"] = [_url(service, source) for source in knowledge]
    return {"urls": urls, "options": options}


def _url(service: Service, source: str) -> str:
    """A URL as it is; a file after it was sent to the service."""
    if source.startswith(("https://", "http://", "input:")):
        return source
    return service.upload(Path(source))


def _run(service: Service, body: dict[str, Any], *, wait: bool, as_json: bool) -> None:
    from flinkjobrunner.cli.jobs import lines

    job = service.post("/jobs", body)
    if wait:
        typer.echo(f"Job {job['jobId']}", err=True)
        try:
            job = service.follow(job["jobId"], lambda line: typer.echo(line, err=as_json))
        except KeyboardInterrupt:
            typer.echo(
                f"The job goes on. `flinkjobrunner logs -f {job['jobId']}` shows it,"
                f" `flinkjobrunner jobs cancel {job['jobId']}` ends it.",
                err=True,
            )
            raise typer.Exit(130) from None
    if as_json:
        typer.echo(json.dumps(job, ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(lines(job)))
    raise typer.Exit(1 if job["status"] in ("FAILED", "CANCELED") else 0)
