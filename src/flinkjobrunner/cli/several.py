"""Options that take several values, as shells make them: `--shapes a.ttl b.ttl`.

The command line's library knows options that are repeated, not options with a list. What
follows such an option, up to the next option, is turned into repetitions of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand

if TYPE_CHECKING:
    from collections.abc import Sequence


def repeated(arguments: Sequence[str], options: set[str]) -> list[str]:
    found: list[str] = []
    current: str | None = None
    fresh = False  # whether the option has its first value still to come
    for at, argument in enumerate(arguments):
        if argument == "--":
            return [*found, *arguments[at:]]
        if current is not None and not argument.startswith("--"):
            found += [argument] if fresh else [current, argument]
            fresh = False
            continue
        name = argument.split("=", 1)[0]
        current = name if name in options else None
        fresh = argument in options
        found.append(argument)
    return found


class SeveralValues(TyperCommand):
    """A command whose repeatable options take several values at once."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        options = {
            name
            for parameter in self.params
            if getattr(parameter, "multiple", False)
            for name in parameter.opts
        }
        return super().parse_args(ctx, repeated(args, options))
