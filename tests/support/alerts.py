"""Alert records as the Flink job writes them, and what projecting them must come to."""

from __future__ import annotations

import json
from typing import Any

from flinkjobrunner import store
from flinkjobrunner.alerts.projector import apply
from flinkjobrunner.alerts.topic import Message
from flinkjobrunner.store.projection import Projection

SHACL = "http://www.w3.org/ns/shacl#"
EX = "https://example.org/plant/"


def alert(alert_id: str, sequence: int, state: str = "raised", **more: Any) -> dict[str, Any]:
    """The `data` of an alert; `more` overrides members."""
    at = f"2026-01-01T00:00:{sequence % 60:02d}.000Z"
    return {
        "alertId": alert_id,
        "state": state,
        "sequence": sequence,
        "deployment": "default",
        "program": "sha256:" + "0" * 64,
        "entity": f"urn:test:{alert_id}",
        "entityTypes": [f"{EX}Cutter"],
        "attributePath": [{"name": f"{EX}state", "datasetId": "@none"}],
        "focusNode": "_:b0",
        "resultPath": "<https://uri.etsi.org/ngsi-ld/hasValue>",
        "sourceShape": f"<{EX}CutterShape>/<{EX}state>/<https://uri.etsi.org/ngsi-ld/hasValue>",
        "sourceConstraintComponent": f"{SHACL}ClassConstraintComponent",
        "severity": f"{SHACL}Violation",
        "value": {"@id": f"{EX}BROKEN"},
        "valueCount": 1,
        "values": [{"@id": f"{EX}BROKEN"}],
        "messages": [{"@value": "the state is none of the machine states", "@language": "en"}],
        "eventTime": at,
        "raisedAt": "2026-01-01T00:00:00.000Z",
        "updatedAt": at,
        "clearedAt": at if state == "cleared" else None,
        "record": {"topic": "ngsi-ld.entities", "partition": 0, "offset": sequence},
        **more,
    }


def event(data: dict[str, Any]) -> bytes:
    """The CloudEvent around an alert."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": f"{data['alertId']}/{data['sequence']}",
            "source": f"flinkjobrunner/{data['deployment']}",
            "type": f"org.flinkjobrunner.alert.{data['state']}",
            "subject": data["entity"],
            "time": data["updatedAt"],
            "datacontenttype": "application/json",
            "data": data,
        }
    ).encode()


class Seed:
    """Puts alerts into a database as the projector would, without a Kafka to read them from."""

    def __init__(self, database_url: str) -> None:
        self.url = database_url
        self.offset = 0

    def say(self, *alerts: dict[str, Any]) -> None:
        messages = [
            Message(
                partition=0,
                offset=self.offset + n,
                timestamp_ms=0,
                key=one["alertId"].encode(),
                value=event(one),
            )
            for n, one in enumerate(alerts)
        ]
        with Projection.open(store.engine(self.url), "seed") as projection:
            apply(projection, messages, {0: self.offset}, None)
        self.offset += len(alerts)
