"""What to type on the first day: commands that work as they stand, for this very service."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request

from flinkjobrunner.config import checkout_root

if TYPE_CHECKING:
    from flinkjobrunner.config import Settings

_PLANT = "https://example.org/plant/"
# It is too hot and lacks the rest, so it raises an alert at once.
ENTITY = {
    "id": "urn:plant:cutter:9",
    "type": f"{_PLANT}Cutter",
    f"{_PLANT}temperature": {"type": "Property", "value": 95.0, "unitCode": "CEL"},
}


@dataclass(frozen=True, kw_only=True)
class FirstSteps:
    deploy: str
    send: str


def of(settings: Settings) -> FirstSteps:
    command = ".venv/bin/flinkjobrunner"
    if not (checkout_root() / command).exists():
        command = "flinkjobrunner"
    plant = "examples/plant"
    deploy = f"{command} deploy --shapes {plant}/shapes.ttl --knowledge {plant}/knowledge.ttl"
    return FirstSteps(deploy=deploy, send=_send(settings))


def _send(settings: Settings) -> str:
    url = f"{request.host_url}ngsi-ld/v1/entityOperations/upsert"
    token = ' -H "Authorization: Bearer $TOKEN"' if settings.auth_required else ""
    body = shlex.quote(json.dumps([ENTITY]))
    return f"curl {shlex.quote(url)}{token} \\\n  -H 'Content-Type: application/json' -d {body}"
