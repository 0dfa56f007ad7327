"""What gunicorn needs to know about us: how to end open streams, and where its log goes."""

from __future__ import annotations

import logging
from typing import Any

from gunicorn.glogging import Logger as GunicornLogger
from gunicorn.workers.gthread import ThreadWorker

from flinkjobrunner.store.notify import listener


class StreamingWorker(ThreadWorker):  # type: ignore[misc]
    """Ends event streams when it is told to stop, rather than wait for readers to go away."""

    def init_process(self) -> None:
        from flinkjobrunner.telemetry import configure

        configure()
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi.extensions["probes"].start()

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        url = self.wsgi.extensions["settings"].database_url
        if url is not None:
            listener(url).close()


class Logger(GunicornLogger):  # type: ignore[misc]
    """Hands gunicorn's messages to the service's own log. Requests are logged by the service."""

    def setup(self, cfg: Any) -> None:
        del cfg
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True
        self.error_log.setLevel(logging.INFO)
        self.access_log.setLevel(logging.WARNING)

    def reopen_files(self) -> None:
        """There are none."""

    def close_on_exec(self) -> None:
        """There is nothing of ours to close."""
