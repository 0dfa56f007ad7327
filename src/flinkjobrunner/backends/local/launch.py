"""Starts one program so that it cannot outlive the stack.

Usage: `python launch.py SIGNAL PARENT USER -- PROGRAM [ARGUMENT]...`

A supervisor that dies by SIGKILL cannot stop its children any more. Linux can: a process
may ask to be signalled when its parent dies. The request must be made in the child,
after any change of user (which withdraws it), so this small script stands between
`fork` and the program. It is run by path and imports only the standard library, because
it is started for every process and `preexec_fn` is unsafe in a program with threads.

USER is `-`, or `UID:GID` for a program that refuses to run as root. Where the folders on
the way are closed to that user (a checkout below a home directory, say) it keeps the
right to pass through folders; nobody's permissions are changed for it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import stat
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def main(arguments: list[str]) -> None:
    death_signal, parent, user, separator, *command = arguments
    if separator != "--" or not command:
        sys.exit("usage: launch.py SIGNAL PARENT USER -- PROGRAM [ARGUMENT]...")
    if user != "-":
        uid, gid = (int(number) for number in user.split(":"))
        _become(uid, gid, keep_search=not all(_open_to_all(Path(path)) for path in _paths(command)))
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != int(parent):  # it died before the request was made
            sys.exit("the supervisor is gone")
    # A supervisor may ignore it, as under nohup, and what is ignored stays so in the program.
    signal.signal(int(death_signal), signal.SIG_DFL)
    os.execv(command[0], command)  # noqa: S606 - a list of arguments, no shell


def _paths(command: list[str]) -> list[str]:
    return [argument for argument in command if argument.startswith("/")]


def _open_to_all(path: Path) -> bool:
    try:
        return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents)
    except PermissionError:
        return False


def _become(uid: int, gid: int, *, keep_search: bool) -> None:
    keep_search = keep_search and sys.platform == "linux"
    if keep_search:
        _libc().prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if keep_search:
        _keep_capabilities(_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH)


def _keep_capabilities(*capabilities: int) -> None:
    """Keeps those of the capabilities that are there; containers give root fewer of them."""
    libc = _libc()
    header = _Header(_CAPABILITY_VERSION_3, 0)
    sets = (_Sets * 2)()
    libc.capget(ctypes.byref(header), ctypes.byref(sets))
    kept = sets[0].permitted & sum(1 << capability for capability in capabilities)
    sets[0] = _Sets(kept, kept, kept)
    sets[1] = _Sets(0, 0, 0)
    libc.capset(ctypes.byref(header), ctypes.byref(sets))
    for capability in capabilities:
        if kept & (1 << capability):
            libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


if __name__ == "__main__":
    main(sys.argv[1:])
