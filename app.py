"""Starts the service with its worker, and the embedded stack where nothing else is configured.

The same as `flinkjobrunner up`, for a checkout whose requirements are installed: what is
not Python (Flink, Kafka, the Flink job) is fetched and built first if it is missing.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from flinkjobrunner.cli import build

if __name__ == "__main__":
    arguments = ["up", "--build", *sys.argv[1:]]
    build(arguments)(arguments)
