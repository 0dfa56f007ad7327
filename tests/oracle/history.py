"""Random histories of entities and, by an independent reading of the wire formats, their end.

A history is a recording (NDJSON lines as `replay` takes them). The model below keeps every write
and applies the floors of the record order when it is asked, where the streaming operator works
incrementally: two ways to one answer.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from typing import Any

NGSI_LD = "https://uri.etsi.org/ngsi-ld/"
EX = "https://example.org/oracle/"
START = 1_767_225_600_000  # 2026-01-01T00:00:00Z in milliseconds
ATTRIBUTES = ("temperature", "state", "name", "link")
NONE = "@none"
Order = tuple[int, str, int]  # Kafka timestamp, topic, offset
Instance = tuple[str, str]  # attribute, datasetId


@dataclass(kw_only=True)
class Entity:
    """Every write that ever arrived, and the floors: what is alive is decided when it is asked."""

    type: str
    typed: list[Order] = field(default_factory=list)
    floor: Order = (-1, "", -1)
    floors: dict[Instance, Order] = field(default_factory=dict)
    writes: dict[Instance, list[tuple[int, Order, Any]]] = field(default_factory=dict)

    def write(self, instance: Instance, observed: int, order: Order, value: Any) -> None:
        self.writes.setdefault(instance, []).append((observed, order, value))

    def alive(self) -> dict[Instance, Any]:
        found = {}
        for instance, writes in self.writes.items():
            floor = max(self.floor, self.floors.get(instance, self.floor))
            above = [write for write in writes if write[1] >= floor]
            if above and (value := max(above, key=lambda write: write[:2])[2]) is not None:
                found[instance] = value
        return found

    def has_type(self) -> bool:
        return any(order >= self.floor for order in self.typed)


def value_of(rng: random.Random, attribute: str) -> Any:
    """Half of the values violate something in `shapes.ttl`."""
    return {
        "temperature": lambda: rng.choice((20, 20.5, 80, 80.25, 120, -3, "warm")),
        "state": lambda: {"@id": f"{EX}{rng.choice(('ON', 'OFF', 'BROKEN'))}"},
        "name": lambda: rng.choice(("A-1", "A-22", "b", "a much too long name", 7)),
        "link": lambda: f"urn:o:{rng.randint(0, 9)}",
    }[attribute]()


def kind_of(attribute: str) -> str:
    return "Relationship" if attribute == "link" else "Property"


def document(
    entity: str,
    type_: str,
    values: dict[Instance, Any],
    observed: dict[Instance, int] | None = None,
) -> dict[str, Any]:
    found: dict[str, Any] = {"id": entity, "type": f"{EX}{type_}"}
    for (attribute, dataset), value in sorted(values.items(), key=lambda item: item[0]):
        node: dict[str, Any] = {
            "type": kind_of(attribute),
            "object" if attribute == "link" else "value": value,
        }
        if dataset != NONE:
            node["datasetId"] = dataset
        if observed and (attribute, dataset) in observed:
            node["observedAt"] = iso(observed[attribute, dataset])
        found.setdefault(f"{EX}{attribute}", []).append(node)
    return {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value
        for name, value in found.items()
    }


def iso(milliseconds: int) -> str:
    from datetime import UTC, datetime

    return (
        datetime.fromtimestamp(milliseconds / 1000, UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


def instances(rng: random.Random) -> list[Instance]:
    wanted = rng.sample(
        [(a, d) for a in ATTRIBUTES for d in (NONE, NONE, "urn:o:d1")], rng.randint(1, 4)
    )
    return sorted(set(wanted))


class Recording:
    """Lines of one recording, many histories one after another, and what each ends in."""

    def __init__(self, seed: int, histories: int, family: str) -> None:
        self.rng = random.Random(seed)
        self.lines: list[dict[str, Any]] = []
        self.final: list[dict[str, Any]] = []
        for number in range(histories):
            (self.ngsi_ld if family == "ngsi-ld" else self.iff)(f"urn:oracle:{seed}:{number}")

    def order(self, topic: str, timestamp: int) -> Order:
        return (timestamp, topic, len(self.lines))

    def add(self, line: dict[str, Any], timestamp: int) -> None:
        self.lines.append({**line, "_timestamp": timestamp})

    def clock(self, step: int) -> int:
        """Mostly forward, sometimes late, sometimes twice the same."""
        return START + 100 * max(0, step + self.rng.choice((0, 0, 0, 0, 0, -1, -3)))

    def finish(self, name: str, entity: Entity) -> None:
        if entity.has_type():
            self.final.append(document(name, entity.type, entity.alive()))

    def ngsi_ld(self, name: str) -> None:
        rng, entity = self.rng, Entity(type=self.rng.choice(("Machine", "Press", "Other")))
        for step in range(rng.randint(1, 12)):
            timestamp, operation = (
                self.clock(step),
                rng.choice(("replace", "upsert", "upsert", "update", "merge", "delete")),
            )
            order = self.order("", timestamp)
            if operation == "delete":
                entity.floor = max(entity.floor, order)
                tombstone = rng.random() < 0.5
                self.add(
                    {
                        "id": name,
                        **({"_tombstone": True} if tombstone else {"_operation": "delete"}),
                    },
                    timestamp,
                )
                continue
            values = {instance: value_of(rng, instance[0]) for instance in instances(rng)}
            observed = {
                i: timestamp - rng.choice((0, 50, 250)) for i in values if rng.random() < 0.4
            }
            sent = document(name, entity.type, values, observed)
            removed = [
                i for i in values if operation == "merge" and i[0] != "link" and rng.random() < 0.3
            ]
            for attribute, dataset in removed:
                nodes = sent[f"{EX}{attribute}"]
                for node in nodes if isinstance(nodes, list) else [nodes]:
                    if node.get("datasetId", NONE) == dataset:
                        node["value"] = "urn:ngsi-ld:null"
                        node.pop("observedAt", None)
            self.add({**sent, "_operation": operation}, timestamp)
            if operation == "update" and not entity.has_type():
                continue
            if operation == "replace":
                entity.floor = max(entity.floor, order)
            entity.typed.append(order)
            for instance, value in values.items():
                if instance in removed:
                    entity.floors[instance] = max(entity.floors.get(instance, order), order)
                    entity.writes[instance] = [
                        w for w in entity.writes.get(instance, []) if w[1] > order
                    ]
                else:
                    entity.write(instance, observed.get(instance, timestamp), order, value)
        self.finish(name, entity)

    def iff(self, name: str) -> None:
        rng, entity = self.rng, Entity(type=self.rng.choice(("Machine", "Press", "Other")))
        for step in range(rng.randint(2, 16)):
            timestamp, action = self.clock(step), rng.random()
            if action < 0.2:
                entity.typed.append(self.order("iff.ngsild.entities", timestamp))
                self.add({"id": name, "type": f"{EX}{entity.type}"}, timestamp)
            elif action < 0.27:
                order = self.order("iff.ngsild.entities", timestamp)
                entity.floor = max(entity.floor, order)
                self.add({"id": name, "type": f"{EX}{entity.type}", "deleted": True}, timestamp)
            else:
                self.iff_attribute(name, entity, timestamp, deleted=action > 0.92)
        self.finish(name, entity)

    def iff_attribute(self, name: str, entity: Entity, timestamp: int, *, deleted: bool) -> None:
        instance = self.rng.choice(instances(self.rng))
        attribute, dataset = instance
        value = value_of(self.rng, attribute)
        order = self.order("iff.ngsild.attributes", timestamp)
        rest = f"{EX}{attribute}\\{dataset}"
        line = {
            "id": f"{name}\\{hashlib.sha256(rest.encode()).hexdigest()[:24]}",
            "entityId": name,
            "name": f"{EX}{attribute}",
            "type": f"{NGSI_LD}{kind_of(attribute)}",
            "datasetId": dataset,
        }
        observed = timestamp
        if self.rng.random() < 0.3:
            observed -= self.rng.choice((50, 250))
            line["observedAt"] = iso(observed)
        if deleted:
            line["deleted"] = True
        else:
            is_node = attribute in ("link", "state")
            line |= {"nodeType": "@id" if is_node else "@value"}
            line["attributeValue"] = value["@id"] if attribute == "state" else value
        entity.write(instance, observed, order, None if deleted else value)
        self.add(line, timestamp)
