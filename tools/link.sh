#!/usr/bin/env bash
# Puts the checkout's packages and its command line into .venv. An editable installation would do
# the same, but wants a build backend for it; this needs nothing and survives a moved checkout.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo ../../../../src >"$packages/flinkjobrunner.pth"
cat >.venv/bin/flinkjobrunner <<'SCRIPT'
#!/bin/sh
exec "$(dirname "$0")/python" -m flinkjobrunner "$@"
SCRIPT
chmod +x .venv/bin/flinkjobrunner
