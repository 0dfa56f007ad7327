"""Finds a Chromium for the browser test, and prints its path; nothing when there is none.

`CHROMIUM` says which; else one of the usual names on the path; else, as root on Debian,
the distribution's package is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> None:
    if os.geteuid() != 0 or not Path("/etc/debian_version").exists():
        return
    print("Installing chromium for the browser test", file=sys.stderr)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    package = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    for command in (["apt-get", "update", "-qq"], package):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(done.stderr.strip(), file=sys.stderr)


if __name__ == "__main__":
    if find() is None and not os.environ.get("CHROMIUM"):
        install()
    print(find() or "")
