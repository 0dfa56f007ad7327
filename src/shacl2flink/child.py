"""Compiles in a process of its own: `python -m shacl2flink.child`.

It loads the compiler, and then waits for a line on standard input that names the file with the
request. What a stranger wrote must not take the service down with it, so the process bounds itself
before it reads a byte of that: processor time and address space. It writes `program` and
`result.json` into the folder that the request names. Ending with `LIMIT`, or by a signal, means
that a limit was met; the last line on standard error says which. Any other end without a result is
a fault of the compiler.

The request: {"shapes", "knowledge": [{"name", "path", "mediaType"}], "contexts": {iri: path},
"numbers", "folder", "cpuSeconds", "memoryBytes"}.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from shacl2flink import Input, compile_shapes

LIMIT = 3
# After the signal that tells of the limit: time to end, before the one that nobody survives.
_CPU_GRACE_SECONDS = 5


def main() -> int:
    request_file = sys.stdin.readline().rstrip("\n")
    if not request_file:
        return 0  # nobody wants it any more
    request = json.loads(Path(request_file).read_bytes())
    _bound(resource.RLIMIT_CPU, request["cpuSeconds"], _CPU_GRACE_SECONDS)
    _bound(resource.RLIMIT_AS, request["memoryBytes"])
    _bound(resource.RLIMIT_CORE, 0)
    try:
        _compile(request)
    except RecursionError:
        return _over("something is nested too deeply")
    except MemoryError:
        return _over(f"they need more than {request['memoryBytes'] // 2**20:,} MiB of memory")
    return 0


def _over(what: str) -> int:
    sys.stderr.write(f"{what}\n")
    return LIMIT


def _bound(what: int, value: int, grace: int = 0) -> None:
    _, hard = resource.getrlimit(what)
    most = value + grace if hard == resource.RLIM_INFINITY else min(value + grace, hard)
    resource.setrlimit(what, (min(value, most), most))


def _compile(request: dict[str, Any]) -> None:
    compilation = compile_shapes(
        _inputs(request["shapes"]),
        _inputs(request["knowledge"]),
        contexts={iri: Path(path).read_bytes() for iri, path in request["contexts"].items()},
        numbers=request["numbers"],
    )
    folder = Path(request["folder"])
    if compilation.program is not None:
        (folder / "program").write_bytes(compilation.program)
    result = {
        "digest": compilation.digest,
        "diagnostics": [
            diagnostic.document() | {"scope": diagnostic.scope.value}
            for diagnostic in compilation.diagnostics
        ],
        "summary": compilation.summary,
        "sources": {label: source.document() for label, source in compilation.sources().items()},
        "refusedInStream": compilation.refused(),
        "refused": compilation.refused(stream=False),
    }
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")


def _inputs(documents: list[dict[str, Any]]) -> list[Input]:
    return [
        Input(
            name=document["name"],
            content=Path(document["path"]).read_bytes(),
            media_type=document["mediaType"],
        )
        for document in documents
    ]


if __name__ == "__main__":
    raise SystemExit(main())
