"""The pages: rendered by the server, complete without any script, live with one small one."""

from __future__ import annotations

from flinkjobrunner.ui.pages import blueprint

__all__ = ["blueprint"]
