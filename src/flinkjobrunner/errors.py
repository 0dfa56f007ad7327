"""The errors that cross the parts of the service.

A `Problem` is what a caller of the API sees (RFC 9457); everything else is raised for
code to act on. The lowest layer: anything may import it, it imports nothing of ours.
"""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """An answer other than success, complete with what its reader should do.

    `code` is stable and in kebab-case; scripts compare it. `extra` adds members of
    the problem's own, such as the list of fields that were refused.
    """

    def __init__(
        self,
        *,
        status: int,
        code: str,
        title: str,
        detail: str = "",
        hint: str = "",
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(f"{code}: {detail or title}")
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.hint = hint
        self.headers = headers or {}
        self.extra = extra

    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = {
            "type": "about:blank",
            "status": self.status,
            "code": self.code,
            "title": self.title,
        }
        if self.detail:
            document["detail"] = self.detail
        if self.hint:
            document["hint"] = self.hint
        return document | self.extra


class ConfigurationError(Exception):
    """A setting is missing or cannot be used; the text says which and what to set."""


class DatabaseUnavailableError(Exception):
    """PostgreSQL cannot be reached now; trying again later is right."""


class FencedError(Exception):
    """This attempt no longer owns its job: another one has taken over, or it has ended.

    Whoever sees it stops at once and writes nothing more about the job.
    """
