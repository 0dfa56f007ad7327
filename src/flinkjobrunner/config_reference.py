"""docs/reference/configuration.md, from the settings themselves:

python -m flinkjobrunner.config_reference > docs/reference/configuration.md
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from flinkjobrunner.config import SHOWN, Settings, checkout_root

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

_HEAD = """\
# Configuration

Everything is set by environment variables. What the environment does not say and the embedded
stack decided (addresses, the database) is taken from `WORK_ROOT/stack.json`, so that commands find
a running stack by themselves.

| variable | default in a checkout | meaning |
|---|---|---|
"""
_FOOT = """
`FLINKJOBRUNNER_FAIL_POINTS` is for tests of crashes only:
[decision 0011](../adr/0011-crashes-on-demand.md).
"""


def reference() -> str:
    return _HEAD + "".join(_rows()) + _FOOT


def _rows() -> Iterator[str]:
    for setting in Settings.model_fields.values():
        yield f"| `{setting.validation_alias}` | {_default(setting)} | {setting.description} |\n"


def _default(setting: FieldInfo) -> str:
    extra = setting.json_schema_extra
    if isinstance(extra, dict) and SHOWN in extra:
        return str(extra[SHOWN])
    value = setting.get_default(call_default_factory=True, validated_data={})
    if value is None or value == ():
        return "empty"
    return f"`{value.relative_to(checkout_root()) if isinstance(value, Path) else value}`"


if __name__ == "__main__":
    sys.stdout.write(reference())
