"""What the compiler can say about itself: `python -m shacl2flink.cli support-matrix`."""

from __future__ import annotations

import argparse
import sys


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m shacl2flink.cli", description=__doc__)
    parser.add_argument(
        "what",
        choices=("support-matrix", "schema"),
        help="the page about what is supported, or the JSON Schema of programs",
    )
    if parser.parse_args(arguments).what == "support-matrix":
        from shacl2flink.shapes.support import support_matrix

        text = support_matrix()
    else:
        import json

        from shacl2flink.program.model import json_schema

        text = json.dumps(json_schema(), indent=1) + "\n"
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
