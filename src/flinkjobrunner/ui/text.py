"""How times, durations and digests are written; `static/live.js` keeps ages going by the same
rules, so that nothing jumps when it takes over."""

from __future__ import annotations

from datetime import UTC, datetime

_UNITS = (("d", 86400), ("h", 3600), ("min", 60))
_JUST_NOW = 10


def age(moment: datetime, now: datetime) -> str:
    """`3 min ago`; coarse, so that a page at rest stays at rest."""
    seconds = (now - moment).total_seconds()
    if abs(seconds) < _JUST_NOW:
        return "just now"
    span = _coarse(abs(seconds))
    return f"{span} ago" if seconds > 0 else f"in {span}"


def absolute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def machine(moment: datetime) -> str:
    """For the attribute `datetime`, which the script reads."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_of(text: str) -> datetime:
    """Of the moments in an alert, which the Flink job wrote."""
    return datetime.fromisoformat(text)


def span(start: datetime | None, end: datetime) -> str:
    """How long something took; nothing when it has not begun."""
    if start is None:
        return ""
    seconds = max(0.0, (end - start).total_seconds())
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def short_digest(digest: str) -> str:
    return digest.removeprefix("sha256:")[:12]


def _coarse(seconds: float) -> str:
    for unit, length in _UNITS:
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{int(seconds // 10) * 10} s"
