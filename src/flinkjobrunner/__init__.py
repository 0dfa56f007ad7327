"""FlinkJobRunner: continuous SHACL validation of NGSI-LD entities on Apache Flink."""

from __future__ import annotations

__version__ = "0.1.0"
