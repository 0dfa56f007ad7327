"""`plan`, `deploy`, `rollback`, `undeploy`: post the job, show its log and its outcome."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from flinkjobrunner.cli.client import Service

# Of `plan`, as a pipeline wants it: a deploy would change something.
CHANGES = 2
_PREFIX = "sha256:"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")

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


PlanJson = Annotated[
    bool, typer.Option("--json", help="Print the plan as JSON; the log goes to standard error.")
]
PlanDigest = Annotated[
    str | None,
    typer.Option(
        "--plan",
        "--plan-digest",
        metavar="DIGEST",
        help="Deploy only if the plan still is the one of this digest.",
    ),
]


def register(app: typer.Typer) -> None:
    app.command()(plan)
    app.command()(deploy)
    app.command()(rollback)
    app.command()(undeploy)


def plan(
    shapes: Shapes,
    knowledge: Knowledge = None,
    context: Contexts = None,
    numbers: Numbers = None,
    on_unsupported: OnUnsupported = None,
    deployment: Deployment = "default",
    as_json: PlanJson = False,
) -> None:
    """Show what a deploy would change, without doing it.

    The exit code is 0 when there is nothing to do, 2 when there are changes, 1 after an error.
    """
    from flinkjobrunner.cli.client import Service, one_sentence

    with one_sentence(), Service() as service:
        body = _body(service, shapes, knowledge, context, numbers, on_unsupported)
        _plan(service, body | {"deployment": deployment}, as_json=as_json)


def deploy(
    shapes: Shapes,
    knowledge: Knowledge = None,
    context: Contexts = None,
    numbers: Numbers = None,
    on_unsupported: OnUnsupported = None,
    plan_digest: PlanDigest = None,
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


def rollback(
    deployment: Annotated[
        str, typer.Argument(metavar="DEPLOYMENT", help="The deployment to work on.")
    ] = "default",
    to: Annotated[
        str | None,
        typer.Option(
            metavar="DIGEST",
            help="The program to deploy again, or the beginning of its digest; without it the one"
            " that was active before the present one.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only plan it; the exit codes are those of `plan`.")
    ] = False,
    plan_digest: PlanDigest = None,
    wait: Wait = True,
    as_json: Json = False,
) -> None:
    """Deploy an earlier program again, just as it was."""
    from flinkjobrunner.cli.client import Service, one_sentence

    with one_sentence(), Service() as service:
        options: dict[str, Any] = {"program": _earlier(service, deployment, to)}
        body = {"deployment": deployment, "options": options}
        if dry_run:
            _plan(service, body, as_json=as_json)
        if plan_digest is not None:
            options["planDigest"] = plan_digest
        _run(service, body | {"target": "flink-deploy"}, wait=wait, as_json=as_json)


def undeploy(
    deployment: Deployment = "default",
    purge: Annotated[
        bool,
        typer.Option("--purge", help="Clear its alerts, and forget what it knows of entities."),
    ] = False,
    wait: Wait = True,
    as_json: Json = False,
) -> None:
    """Stop the deployment's Flink job after a savepoint; topics and data stay."""
    from flinkjobrunner.cli.client import Service, one_sentence

    body: dict[str, Any] = {"target": "flink-undeploy", "deployment": deployment}
    if purge:
        body["options"] = {"purge": True}
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


def _earlier(service: Service, deployment: str, to: str | None) -> str:
    """The whole digest of the program that is meant."""
    from flinkjobrunner.cli.client import ServiceError, deployment_path

    if to is not None and _DIGEST.fullmatch(to):
        return to
    known = service.get(deployment_path(deployment))
    programs = [one["program"] for one in known["activations"]]
    if to is None:
        earlier = [digest for digest in programs if digest != known["program"]]
        if not earlier:
            raise ServiceError(f"deployment {deployment} has had no other program")
        return str(earlier[0])
    start = to if to.startswith(_PREFIX) else f"{_PREFIX}{to}"
    found = sorted({digest for digest in programs if digest.startswith(start)})
    if len(found) != 1:
        which = f"fits {len(found)} of the programs" if found else "is none of the programs"
        raise ServiceError(
            f"{to} {which} that deployment {deployment} has had; `flinkjobrunner rollback --to`"
            " takes a whole digest too"
        )
    return str(found[0])


def _plan(service: Service, body: dict[str, Any], *, as_json: bool) -> NoReturn:
    from flinkjobrunner.cli.jobs import lines

    job = _followed(service, service.post("/jobs", body | {"target": "plan"}), quiet=as_json)
    planned = job["status"] == "SUCCEEDED"
    if as_json:
        # A job that failed has no plan; what it says of itself is as good for a program.
        shown = job["result"]["plan"] if planned else job
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
    elif not planned:
        typer.echo("\n".join(lines(job)))
    if not planned:
        raise typer.Exit(1)
    raise typer.Exit(0 if job["result"]["plan"]["upToDate"] else CHANGES)


def _run(service: Service, body: dict[str, Any], *, wait: bool, as_json: bool) -> NoReturn:
    from flinkjobrunner.cli.jobs import lines

    job = service.post("/jobs", body)
    if wait:
        job = _followed(service, job, quiet=as_json)
    if as_json:
        typer.echo(json.dumps(job, ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(lines(job)))
    raise typer.Exit(1 if job["status"] in ("FAILED", "CANCELED") else 0)


def _followed(service: Service, job: dict[str, Any], *, quiet: bool) -> dict[str, Any]:
    """The job as it ended; `quiet` leaves standard output alone."""
    typer.echo(f"Job {job['jobId']}", err=True)
    try:
        return service.follow(job["jobId"], lambda line: typer.echo(line, err=quiet))
    except KeyboardInterrupt:
        typer.echo(
            f"The job goes on. `flinkjobrunner logs -f {job['jobId']}` shows it,"
            f" `flinkjobrunner jobs cancel {job['jobId']}` ends it.",
            err=True,
        )
        raise typer.Exit(130) from None
