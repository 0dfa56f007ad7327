"""`jobs` and `logs`: what is and was run, asked of the service."""

from __future__ import annotations

import itertools
import json
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
JobId = Annotated[str, typer.Argument(metavar="JOB", help="The id of a job.")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="List, show and cancel jobs.", invoke_without_command=True)
    group.callback()(_default)
    group.command("list")(list_jobs)
    group.command()(show)
    group.command()(cancel)
    app.add_typer(group, name="jobs")
    app.command()(logs)


def _default(context: typer.Context, as_json: Json = False) -> None:
    """List, show and cancel jobs; lists them when nothing else is said."""
    if context.invoked_subcommand is None:
        list_jobs(as_json=as_json)


def list_jobs(
    status: Annotated[list[str] | None, typer.Option(help="Only with this status.")] = None,
    target: Annotated[list[str] | None, typer.Option(help="Only of this target.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """The jobs, newest first."""
    from flinkjobrunner.cli.client import Service, one_sentence

    query = {"limit": limit, "status": status or [], "target": target or []}
    with one_sentence(), Service() as service:
        page = service.get("/jobs", **query)
    if as_json:
        typer.echo(json.dumps(page, ensure_ascii=False, indent=1))
        return
    if not page["items"]:
        typer.echo("There are no jobs.")
    width = max((len(job["jobId"]) for job in page["items"]), default=0)
    for job in page["items"]:
        typer.echo(
            f"{job['jobId']:{width}}  {job['status']:9}  {job['target']:16}"
            f"  {job['deployment']:12}  {job['createdAt'][:19]}Z"
        )


def show(job_id: JobId, as_json: Json = False) -> None:
    """One job with its steps."""
    from flinkjobrunner.cli.client import Service, job_path, one_sentence

    with one_sentence(), Service() as service:
        job = service.get(job_path(job_id))
    _print(job, as_json=as_json)


def cancel(job_id: JobId, as_json: Json = False) -> None:
    """Cancel a job that is queued or running."""
    from flinkjobrunner.cli.client import Service, job_path, one_sentence

    with one_sentence(), Service() as service:
        job = service.post(f"{job_path(job_id)}/cancel")
    _print(job, as_json=as_json)


def logs(
    job_id: JobId,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Wait for more.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON document per line, with its number.")
    ] = False,
) -> None:
    """Print the log of a job; followed, the exit code is the job's."""
    from flinkjobrunner.cli.client import Service, job_path, one_sentence

    numbers = itertools.count(1)  # as the events of the stream are numbered

    def say(line: str) -> None:
        numbered = {"line": next(numbers), "text": line}
        typer.echo(json.dumps(numbered, ensure_ascii=False) if as_json else line)

    with one_sentence(), Service() as service:
        if not follow:
            for line in "".join(service.text(f"{job_path(job_id)}/logs")).splitlines():
                say(line)
            return
        job = service.follow(job_id, say)
    raise typer.Exit(0 if job["status"] == "SUCCEEDED" else 1)


def lines(job: dict[str, Any]) -> list[str]:
    """A job for people."""
    text = [f"{job['jobId']}: {job['target']} of {job['deployment']}: {job['status']}"]
    text += [f"  {step['name']:16} {step['status']}" for step in job["steps"]]
    error = job["error"]
    if error:
        text.append(f"{error['code']}: {error['message']}")
        text += [error["hint"]] if error.get("hint") else []
    return text


def _print(job: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(job, ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(lines(job)))
