"""Regular expressions end to end: what the compiler translates, the evaluator matches."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flinkjobrunner import batch
from shacl2flink import Input, compile_shapes
from support.patterns import MEANING

if TYPE_CHECKING:
    from pathlib import Path

EX = "https://example.org/"
SH = "http://www.w3.org/ns/shacl#"
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def test_every_pattern_of_the_table_in_the_evaluator(tmp_path: Path) -> None:
    """As JSON-LD, which can say every text without escapes of its own."""
    shapes, data, expected = [], [], set()
    for number, (pattern, flags, found, not_found) in enumerate(MEANING):
        shape = {
            "@id": f"{EX}S{number}",
            "@type": SH + "NodeShape",
            SH + "targetClass": {"@id": f"{EX}C{number}"},
            SH + "property": {
                SH + "path": {"@id": EX + "text"},
                SH + "pattern": pattern,
                **({SH + "flags": flags} if flags else {}),
            },
        }
        shapes.append(shape)
        for place, text in enumerate([*found, *not_found]):
            node = f"{EX}n{number}-{place}"
            data.append({"@id": node, "@type": f"{EX}C{number}", EX + "text": text})
            if place >= len(found):
                expected.add((node, text))
    compilation = compile_shapes([Input(name="s.jsonld", content=json.dumps(shapes).encode())])
    assert compilation.diagnostics == ()
    assert compilation.program is not None
    file = tmp_path / "data.jsonld"
    file.write_text(json.dumps(data))
    report = batch.validate(compilation.program, [file])
    assert not report.refused, report.diagnostics
    results = json.loads(report.output)["results"]
    assert len(expected) > 80
    assert {(r["focusNode"], r["value"]["@value"]) for r in results} == expected
