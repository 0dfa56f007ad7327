#!/usr/bin/env bash
# Refuses in one sentence when a tool is missing or too old: tools/require.sh python|java|maven...
set -euo pipefail

refuse() {
  echo "$1" >&2
  exit 1
}

python() {
  local program=${PYTHON:-python3} version
  command -v "$program" >/dev/null ||
    refuse "No $program found: install Python 3.11 or newer, or name one with make PYTHON=..."
  version=$("$program" -c 'import platform; print(platform.python_version())')
  "$program" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    refuse "$program is Python $version, but 3.11 or newer is needed: name one with make PYTHON=..."
  "$program" -c 'import ensurepip, venv' 2>/dev/null ||
    refuse "$program cannot make virtual environments: install its venv module (on Debian python3-venv)."
}

java() {
  local program version major
  program=${JAVA_HOME:+$JAVA_HOME/bin/}javac
  command -v "$program" >/dev/null ||
    refuse "No Java compiler ($program) found: install a JDK 17 or newer, or set JAVA_HOME to one."
  version=$("$program" -version 2>&1 | sed -n 's/^javac //p')
  major=${version#1.}
  major=${major%%[.-]*}
  [ "${major:-0}" -ge 17 ] ||
    refuse "$program is Java $version, but a JDK 17 or newer is needed: install one, or set JAVA_HOME."
}

maven() {
  command -v mvn >/dev/null || refuse "No Maven (mvn) found: install Maven 3.8 or newer."
}

for tool in "$@"; do
  "$tool"
done
