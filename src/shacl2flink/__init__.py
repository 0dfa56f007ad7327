"""The compiler from SHACL shapes and RDF knowledge to the program of the Flink job.

Bytes in, program and diagnostics out: no network, no service, no Kafka.

    compilation = compile_shapes([Input(name="shapes.ttl", content=text)])
    compilation.refused()       whether it cannot be deployed, and
    compilation.diagnostics     why
    compilation.program         what the job evaluates, named by compilation.digest
"""

from __future__ import annotations

from shacl2flink.diagnostics import Diagnostic, Scope, Severity, Source
from shacl2flink.program.compile import Compilation, compile_shapes
from shacl2flink.rdf.load import Input

__all__ = [
    "Compilation",
    "Diagnostic",
    "Input",
    "Scope",
    "Severity",
    "Source",
    "compile_shapes",
]
