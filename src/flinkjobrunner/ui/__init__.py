"""The pages: rendered on the server, complete without a script, kept up to date by a small one."""

from __future__ import annotations

from flinkjobrunner.ui.pages import blueprint

__all__ = ["blueprint"]
