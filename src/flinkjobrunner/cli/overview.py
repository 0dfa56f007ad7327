"""What `status` and `doctor` say: observed anew each time, whether anything runs or not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flinkjobrunner.backends.local import findings, leftovers, stackfile
from flinkjobrunner.backends.local.stack import layout_of, public_addresses
from flinkjobrunner.config import Backend, load_settings, read_stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flinkjobrunner.backends.local.findings import Finding
    from flinkjobrunner.backends.local.layout import Layout
    from flinkjobrunner.config import Settings


def observe() -> dict[str, Any]:
    """The processes as the system has them now; what the service knows, where it answers."""
    settings = load_settings()
    layout = layout_of(settings)
    stack = read_stack(layout.work_root)
    running = stackfile.holder(layout.lock_file) is not None
    return {
        "running": running,
        "ready": running and bool(stack.get("ready")),
        "work_root": str(layout.work_root),
        "service_url": stack.get("service_url", settings.service_url) if running else None,
        "age_seconds": _age(stack.get("started_at")) if running else None,
        "processes": _processes(layout, stack) if stack else [],
        **_known(settings),
    }


def lines(content: dict[str, Any]) -> Iterator[str]:
    if content["running"]:
        state = "Runs" if content["ready"] else "Is starting"
        yield f"{state} since {_span(content['age_seconds'])}: {content['service_url']}"
    else:
        yield f"Nothing runs in {content['work_root']}; `flinkjobrunner up` starts it."
    for process in content["processes"]:
        memory = f"{process['memory_mib']} MiB" if process["memory_mib"] else ""
        restarts = f"restarted {process['restarts']} times" if process["restarts"] else ""
        yield (
            f"  {process['name']:<12} {process['state']:<9} {process['pid'] or '-':>7}  "
            f"{_span(process['age_seconds']):>8}  {memory:>9}  {restarts}"
        ).rstrip()
    for deployment in content["deployments"] or ():
        yield (
            f"  deployment {deployment['name']}: {deployment['state']}, program "
            f"{(deployment['program'] or 'none')[:19]}, observed "
            f"{_span(deployment['age_seconds'])} ago"
        )
    if (alerts := content["alerts"]) is not None:
        changed = alerts["age_seconds"]
        newest = f", the newest {_span(changed)} old" if changed is not None else ""
        yield f"  alerts: {alerts['standing']} standing, {alerts['cleared']} cleared{newest}"
    elif content["running"]:
        yield "  deployments and alerts: the database does not answer"


def examine() -> dict[str, Any]:
    """Every finding, also those after one that is not as it must be."""
    settings = load_settings()
    layout = layout_of(settings)
    found = [
        findings.python_found(),
        *(_for_embedded(layout) if settings.backend is Backend.LOCAL else ()),
        findings.writable(layout.work_root),
        findings.disk_free(layout.work_root),
        *_ports(settings, layout),
    ]
    return {
        "ok": all(finding.ok for finding in found),
        "findings": [
            {
                "name": finding.name,
                "ok": finding.ok,
                "text": finding.text,
                "advice": finding.advice or None,
            }
            for finding in found
        ],
    }


def finding_lines(content: dict[str, Any]) -> Iterator[str]:
    for finding in content["findings"]:
        mark = "ok     " if finding["ok"] else "MISSING"
        advice = f": {finding['advice']}" if finding["advice"] else ""
        yield f"{mark}  {finding['text']}{advice}"


def _for_embedded(layout: Layout) -> list[Finding]:
    jars = findings.jars_found(layout)
    return [
        findings.java_found(),
        findings.maven_found(needed=not jars.ok),
        jars,
        findings.memory_free(),
    ]


def _ports(settings: Settings, layout: Layout) -> list[Finding]:
    """Of our own running stack they are in use as they should be."""
    if stackfile.holder(layout.lock_file) is not None:
        return [findings.Finding(name="ports", ok=True, text="the ports serve the running stack")]
    return findings.ports_free(public_addresses(settings))


def _processes(layout: Layout, stack: dict[str, Any]) -> list[dict[str, Any]]:
    parts: dict[str, dict[str, Any]] = stack.get("parts", {})
    pids: dict[str, int] = stack.get("pids", {})
    return [_process(layout, name, part, pids.get(name)) for name, part in parts.items()]


def _process(layout: Layout, name: str, part: dict[str, Any], pid: int | None) -> dict[str, Any]:
    """The file may be older than the process: only one that is there and ours is alive."""
    alive = pid is not None and leftovers.belongs(pid, layout.work_root)
    return {
        "name": name,
        "state": part["state"] if alive else "down",
        "pid": pid if alive else None,
        "age_seconds": _age(part["since"]),
        "restarts": part["restarts"],
        "memory_mib": leftovers.memory(pid) >> 20 if alive and pid is not None else None,
    }


def _known(settings: Settings) -> dict[str, Any]:
    """What the database knows; nothing where there is none or it does not answer."""
    from flinkjobrunner.errors import DatabaseUnavailableError
    from flinkjobrunner.store.overview import read

    nothing: dict[str, Any] = {"deployments": None, "alerts": None}
    if settings.database_url is None:
        return nothing
    try:
        return read(settings.database_url)
    except DatabaseUnavailableError:
        return nothing


def _age(moment: str | None) -> float | None:
    if moment is None:
        return None
    return round((datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds(), 1)


def _span(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
