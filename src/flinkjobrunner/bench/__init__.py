"""The benchmark: what validating costs, measured against jobs that do not validate.

Absolute times mean little on a shared machine, so every figure stands beside the same
figure of a job that drops or copies the same records, in the same run.
"""

from __future__ import annotations


class BenchError(Exception):
    """The benchmark cannot go on; the text says what failed and where."""
