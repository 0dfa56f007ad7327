"""Logs, metrics, and the one redaction step that every text passes on its way out."""

from __future__ import annotations

from flinkjobrunner.telemetry.logs import configure, get_logger
from flinkjobrunner.telemetry.redaction import public_url, redact, redact_tree

__all__ = ["configure", "get_logger", "public_url", "redact", "redact_tree"]
