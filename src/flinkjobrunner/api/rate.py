"""How often a client may ask: a token bucket per client, in bounded memory.

Kept as one number per client (GCRA): the moment at which its bucket is full again. A client whose
moment has passed is the same as one that was never seen, so forgetting it costs nothing.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_CLIENTS = 10_000


class Rate:
    """So many requests a second, and `burst` of them at once."""

    def __init__(
        self,
        *,
        per_second: float,
        burst: float,
        most_clients: int = MOST_CLIENTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._interval = 1 / per_second
        self._tolerance = burst * self._interval
        self._most = most_clients
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, client: str) -> float:
        """0 when the client may go on, else the seconds after which it may. Who is refused is not
        put off further by asking."""
        now = self._clock()
        with self._lock:
            full_at = max(self._full_at.get(client, now), now) + self._interval
            wait = full_at - now - self._tolerance
            if wait > 1e-9:  # what adding up floating-point numbers leaves over is no debt
                return wait
            self._full_at[client] = full_at
            self._full_at.move_to_end(client)
            if len(self._full_at) > self._most:
                self._full_at.popitem(last=False)
        return 0.0

    def __len__(self) -> int:
        return len(self._full_at)
