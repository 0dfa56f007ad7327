"""What the supervisor has to know of a part of the stack."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from flinkjobrunner.backends.local.java import Archive
    from flinkjobrunner.backends.local.process import ProcessSpec


class Part(ABC):
    """One process of the stack."""

    name: ClassVar[str]
    title: ClassVar[str]
    # These must be ready before it is started.
    needs: ClassVar[tuple[str, ...]] = ()
    # When it has died these are restarted with it.
    takes_along: ClassVar[tuple[str, ...]] = ()
    # Parts of the same stage are stopped together, lower stages first.
    stop_stage: ClassVar[int] = 0
    stop_grace: ClassVar[float] = 10.0
    archive: Archive | None = None

    def prepare(self) -> None:  # noqa: B027 - not every part needs it
        """Makes folders and configuration; called before every start of the process."""

    @abstractmethod
    def process(self) -> ProcessSpec: ...

    @abstractmethod
    def ready(self, pid: int, /) -> bool:
        """Whether it does its work; probed often, so it must be cheap and must not block long."""

    def refusal(self, _exit_code: int | None, /) -> str:
        """The sentence with which a process ended that would end alike if it was tried again."""
        return ""

    def when_ready(self) -> None:  # noqa: B027 - not every part needs it
        """What is to be done after every start, before others that need it may start."""
