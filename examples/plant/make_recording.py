"""Write the two recordings of the plant and the state that they end in.

The story is told once, as events on abstract entities, and rendered twice: as NGSI-LD
documents and as the records of the IndustryFusion topics. `entities.ndjson` is the truth
that the events build up; late and duplicate records are noise that must not change it.

    python examples/plant/make_recording.py    # the same bytes each time
"""
# ruff: noqa: INP001 - a script, no package

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PLANT = "https://example.org/plant/"
NGSI_LD = "https://uri.etsi.org/ngsi-ld/"
START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
DEFAULT_INSTANCE = "@none"


@dataclass(frozen=True, kw_only=True)
class Iri:
    value: str


Value = float | int | str | Iri


@dataclass(frozen=True, kw_only=True)
class Attribute:
    name: str
    value: Value
    relationship: bool = False
    dataset_id: str = DEFAULT_INSTANCE
    unit_code: str | None = None
    parts: tuple[Attribute, ...] = ()
    observed_at: float = 0.0


@dataclass(kw_only=True)
class Entity:
    type: str
    attributes: dict[tuple[str, str], Attribute] = field(default_factory=dict)


def plant(name: str) -> str:
    return PLANT + name


def urn(kind: str, number: int) -> str:
    return f"urn:plant:{kind}:{number}"


def moment(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


# --- attributes as the story names them ---------------------------------------------------


def state(name: str, **more: Any) -> Attribute:
    return Attribute(name=plant("state"), value=Iri(value=plant(name)), **more)


def link(name: str, target: str) -> Attribute:
    return Attribute(name=plant(name), value=Iri(value=target), relationship=True)


def prop(name: str, value: Value, **more: Any) -> Attribute:
    return Attribute(name=plant(name), value=value, **more)


def temperature(head: str, celsius: float, unit: str = "CEL", accuracy: float = 0.5) -> Attribute:
    return prop(
        "temperature",
        celsius,
        dataset_id=f"urn:plant:head:{head}",
        unit_code=unit,
        parts=(prop("accuracy", accuracy),),
    )


# --- one attribute or entity in the form of NGSI-LD ---------------------------------------


def ngsi_value(value: Value) -> Any:
    return {"@id": value.value} if isinstance(value, Iri) else value


def ngsi_attribute(attribute: Attribute) -> dict[str, Any]:
    body: dict[str, Any]
    if attribute.relationship:
        assert isinstance(attribute.value, Iri)
        body = {"type": "Relationship", "object": attribute.value.value}
    else:
        body = {"type": "Property", "value": ngsi_value(attribute.value)}
    body["observedAt"] = moment(attribute.observed_at)
    if attribute.unit_code:
        body["unitCode"] = attribute.unit_code
    if attribute.dataset_id != DEFAULT_INSTANCE:
        body["datasetId"] = attribute.dataset_id
    for part in attribute.parts:
        body[part.name] = ngsi_attribute(part)
    return body


def ngsi_members(attributes: list[Attribute]) -> dict[str, Any]:
    instances: dict[str, list[dict[str, Any]]] = {}
    for attribute in attributes:
        instances.setdefault(attribute.name, []).append(ngsi_attribute(attribute))
    return {name: one[0] if len(one) == 1 else one for name, one in instances.items()}


def ngsi_document(identifier: str, entity: Entity) -> dict[str, Any]:
    members = ngsi_members(list(entity.attributes.values()))
    return {"id": identifier, "type": entity.type, **members}


# --- the same as rows of iff.ngsild.attributes --------------------------------------------


def iff_rows(entity: str, attribute: Attribute) -> list[dict[str, Any]]:
    return _iff_rows(entity, attribute, place="", parent=None)


def _iff_rows(
    entity: str, one: Attribute, *, place: str, parent: str | None
) -> list[dict[str, Any]]:
    place = (place + "\\" if place else "") + f"{one.name}\\{one.dataset_id}"
    identifier = f"{entity}\\{hashlib.sha256(place.encode()).hexdigest()[:24]}"
    iri = isinstance(one.value, Iri)
    row: dict[str, Any] = {
        "id": identifier,
        **({"parentId": parent} if parent else {}),
        "entityId": entity,
        "name": one.name,
        "nodeType": "@id" if iri else "@value",
        "type": NGSI_LD + ("Relationship" if one.relationship else "Property"),
        "attributeValue": one.value.value if isinstance(one.value, Iri) else one.value,
        "datasetId": one.dataset_id,
        **({"unitCode": one.unit_code} if one.unit_code else {}),
    }
    rows = [row]
    for part in one.parts:
        rows += _iff_rows(entity, part, place=place, parent=identifier)
    return rows


class Story:
    """What happens, planned in any order and played in the order of time."""

    def __init__(self) -> None:
        self.entities: dict[str, Entity] = {}
        self.ngsi: list[tuple[float, dict[str, Any]]] = []
        self.iff: list[tuple[float, dict[str, Any]]] = []
        self._events: list[tuple[float, Callable[[float], None]]] = []

    def play(self) -> None:
        for at, happen in sorted(self._events, key=lambda event: event[0]):
            happen(at)

    # What can happen.

    def whole(self, at: float, identifier: str, kind: str, *attributes: Attribute) -> None:
        """The entity as a whole, replacing what was there."""

        def happen(at: float) -> None:
            self._become(at, identifier, kind, attributes)
            self._ngsi(at, ngsi_document(identifier, self.entities[identifier]))

        self._events.append((at, happen))

    def notify(self, at: float, *changes: tuple[str, str, tuple[Attribute, ...]]) -> None:
        """Several whole entities, as a broker sends them to its subscribers."""

        def happen(at: float) -> None:
            for identifier, kind, attributes in changes:
                self._become(at, identifier, kind, attributes)
            self._ngsi(
                at,
                {
                    "id": f"urn:plant:notification:{round(at * 1000)}",
                    "type": "Notification",
                    "subscriptionId": "urn:plant:subscription:1",
                    "notifiedAt": moment(at),
                    "data": [ngsi_document(one, self.entities[one]) for one, _, _ in changes],
                },
            )

        self._events.append((at, happen))

    def pieces(self, at: float, identifier: str, kind: str, *attributes: Attribute) -> None:
        """An entity that arrives bit by bit, complete before anybody should complain."""

        def appear(at: float) -> None:
            self.entities[identifier] = Entity(type=kind)
            self._ngsi(at, {"id": identifier, "type": kind}, "merge")
            self._iff(at, {"id": identifier, "type": kind})

        self._events.append((at, appear))
        for number, attribute in enumerate(attributes, start=1):
            self.change(at + 0.06 * number, identifier, attribute, operation="merge")

    def change(
        self, at: float, identifier: str, *attributes: Attribute, operation: str = "update"
    ) -> None:
        def happen(at: float) -> None:
            stamped = [_stamp(one, at) for one in attributes]
            for one in stamped:
                self.entities[identifier].attributes[one.name, one.dataset_id] = one
            self._send(at, identifier, stamped, operation)

        self._events.append((at, happen))

    def again(self, at: float, identifier: str, attribute: Attribute, *, observed: float) -> None:
        """A record that was sent before, or comes long after it was measured: no news."""
        late = [_stamp(attribute, observed)]
        self._events.append((at, lambda at: self._send(at, identifier, late, "update")))

    def remove(self, at: float, identifier: str, name: str) -> None:
        def happen(at: float) -> None:
            gone = self.entities[identifier].attributes.pop((plant(name), DEFAULT_INSTANCE))
            null = {"type": "Property", "value": "urn:ngsi-ld:null"}
            self._ngsi(at, {"id": identifier, gone.name: null}, "merge")
            for row in iff_rows(identifier, gone):
                del row["attributeValue"]
                # A delete of this family carries the time of the value that it deletes.
                self._iff(gone.observed_at, {**row, "deleted": True}, place=at)

        self._events.append((at, happen))

    def delete(self, at: float, identifier: str, *, tombstone: bool = False) -> None:
        def happen(at: float) -> None:
            gone = {"id": identifier, "type": self.entities.pop(identifier).type}
            if tombstone:
                self._ngsi(at, {"id": identifier, "_tombstone": True})
                self._iff(at, {"id": identifier, "_tombstone": True})
            else:
                self._ngsi(at, gone, "delete")
                self._iff(at, {**gone, "deleted": True})

        self._events.append((at, happen))

    # How it is written down.

    def _become(
        self, at: float, identifier: str, kind: str, attributes: tuple[Attribute, ...]
    ) -> None:
        stamped = [_stamp(one, at) for one in attributes]
        held = {(one.name, one.dataset_id): one for one in stamped}
        self.entities[identifier] = Entity(type=kind, attributes=held)
        self._iff(at, {"id": identifier, "type": kind})
        for attribute in stamped:
            for row in iff_rows(identifier, attribute):
                self._iff(at, row)

    def _send(
        self, at: float, identifier: str, attributes: list[Attribute], operation: str
    ) -> None:
        kind = {"type": self.entities[identifier].type} if operation == "upsert" else {}
        self._ngsi(at, {"id": identifier, **kind, **ngsi_members(attributes)}, operation)
        for attribute in attributes:
            for row in iff_rows(identifier, attribute):
                self._iff(attribute.observed_at, row, place=at)

    def _ngsi(self, at: float, document: dict[str, Any], operation: str | None = None) -> None:
        header = {"_operation": operation} if operation else {}
        self.ngsi.append((at, {"_timestamp": moment(at), **header, **document}))

    def _iff(self, time: float, value: dict[str, Any], *, place: float | None = None) -> None:
        """`time` is the record's timestamp, `place` where it stands in the recording."""
        self.iff.append((time if place is None else place, {"_timestamp": moment(time), **value}))


def _stamp(attribute: Attribute, at: float) -> Attribute:
    parts = tuple(_stamp(part, at) for part in attribute.parts)
    return replace(attribute, observed_at=at, parts=parts)


def tell(story: Story) -> None:
    morning(story)
    telemetry(story)
    troubles(story)
    late_and_twice(story)
    evening(story)


def morning(story: Story) -> None:
    """Everything is switched on, and everything is in order."""
    story.whole(
        0.0,
        urn("cutter", 1),
        plant("PlasmaCutter"),
        state("IDLE"),
        prop("serialNumber", "PC-1001"),
        prop("operatingMode", "automatic"),
        link("hasFilter", urn("filter", 1)),
        temperature("left", 41.0),
        temperature("right", 40.5),
    )
    story.whole(
        0.2,
        urn("cutter", 2),
        plant("Cutter"),
        state("PROCESSING"),
        prop("serialNumber", "CU-2002"),
        prop("operatingMode", "manual"),
        link("hasFilter", urn("filter", 2)),
        temperature("left", 55.5),
    )
    for number, saturation in ((1, 61.5), (2, 20.0)):
        story.whole(
            0.2 + 0.2 * number,
            urn("filter", number),
            plant("Filter"),
            state("PROCESSING"),
            prop("saturation", saturation),
            link("hasCartridge", urn("cartridge", number)),
        )
    for number, material, hours in ((1, "polyester", 120), (2, "cellulose", 900)):
        story.whole(
            0.8 + 0.2 * number,
            urn("cartridge", number),
            plant("Cartridge"),
            prop("material", Iri(value=plant(material))),
            prop("remainingHours", hours),
        )
    story.notify(1.4, workpiece(100, "steel", 12.5), workpiece(101, "acrylic", 4.5))
    # Nothing is said about conveyors: a type on the stream that no shape mentions.
    story.whole(1.8, urn("conveyor", 1), plant("Conveyor"), state("IDLE"), prop("speed", 0.4))


def workpiece(
    number: int, material: str, millimetres: float
) -> tuple[str, str, tuple[Attribute, ...]]:
    attributes = (prop("material", Iri(value=plant(material))), prop("thickness", millimetres))
    return urn("workpiece", number), plant("Workpiece"), attributes


def telemetry(story: Story) -> None:
    """What the sensors say while nothing else happens."""
    for at in range(3, 118, 2):
        wave = 6.0 * math.sin(at / 9)
        story.change(at + 0.0, urn("cutter", 1), temperature("left", round(46 + wave, 1)))
    for at in range(4, 118, 5):
        wave = 5.0 * math.cos(at / 7)
        story.change(at + 0.1, urn("cutter", 1), temperature("right", round(44 + wave, 1)))
    for at in range(5, 118, 6):
        full = round(61.5 + 0.27 * at, 2)
        story.change(at + 0.2, urn("filter", 1), prop("saturation", full))
        story.change(at + 0.3, urn("filter", 2), prop("saturation", round(20 + 0.05 * at, 2)))
    for at in range(32, 118, 3):
        story.change(at + 0.9, urn("cutter", 3), temperature("left", round(21 + at / 40, 1)))
    for at in range(6, 118, 11):
        story.change(at + 0.4, urn("conveyor", 1), prop("speed", round(0.4 + at / 500, 3)))


def troubles(story: Story) -> None:
    """Violations that are raised and, most of them, mended."""
    # The second cutter runs hot: a warning, then critical, then it cools down.
    fever = {6: 64.5, 8: 72.5, 10: 77.0, 12: 83.5, 14: 91.0, 20: 76.5, 28: 58.0}
    for at, celsius in fever.items():
        story.change(at + 0.5, urn("cutter", 2), temperature("left", celsius))
    # The first one reports a state that nobody knows.
    story.change(15.6, urn("cutter", 1), state("CONFUSED"))
    story.change(22.6, urn("cutter", 1), state("PROCESSING"))
    # A third cutter is delivered; it is complete before the half second of patience is over.
    story.pieces(
        30.6,
        urn("cutter", 3),
        plant("LaserCutter"),
        state("OFF"),
        prop("serialNumber", "lc-3003"),
        link("hasFilter", urn("filter", 2)),
        temperature("left", 21.0),
    )
    # A spike of a fifth of a second.
    story.change(36.6, urn("cutter", 1), temperature("left", 84.0), operation="merge")
    story.change(36.8, urn("cutter", 1), temperature("left", 49.5), operation="merge")
    # A workpiece of a material that cannot be cut; it leaves the plant and its alert with it.
    story.notify(40.6, workpiece(102, "unobtainium", 8.5))
    story.delete(60.6, urn("workpiece", 102))
    # An attribute goes missing for ten seconds.
    story.remove(45.6, urn("cutter", 2), "state")
    story.change(55.6, urn("cutter", 2), state("IDLE"), operation="upsert")
    # A serial number is mistyped and corrected.
    story.change(75.6, urn("cutter", 1), prop("serialNumber", "??"), operation="upsert")
    story.change(85.6, urn("cutter", 1), prop("serialNumber", "PC-1001"), operation="upsert")
    # The right head's sensor is set to Fahrenheit for a moment, then drifts for another.
    story.change(90.6, urn("cutter", 1), temperature("right", 45.5, unit="FAH"))
    story.change(92.6, urn("cutter", 1), temperature("right", 45.5, accuracy=2.5))
    story.change(95.6, urn("cutter", 1), temperature("right", 45.5))


def late_and_twice(story: Story) -> None:
    """Records that say nothing new, whatever they say."""
    story.again(65.7, urn("cutter", 2), temperature("left", 95.5), observed=10.0)
    story.again(66.7, urn("filter", 1), prop("saturation", 99.5), observed=30.0)
    for _ in range(2):
        story.again(70.7, urn("cutter", 2), temperature("left", 58.0), observed=28.5)
    story.again(71.7, urn("cutter", 1), state("CONFUSED"), observed=15.6)


def evening(story: Story) -> None:
    """What still stands at the end."""
    story.change(100.7, urn("cutter", 2), prop("operatingMode", "turbo"), operation="upsert")
    story.change(102.7, urn("cartridge", 2), prop("remainingHours", "many"), operation="merge")
    story.notify(104.7, workpiece(101, "acrylic", 4.5), workpiece(103, "aluminium", 0.0))
    story.change(108.7, urn("cutter", 3), state("IDLE", dataset_id="urn:plant:source:plc"))
    story.delete(110.7, urn("workpiece", 100), tombstone=True)
    story.remove(112.7, urn("cutter", 1), "hasFilter")
    story.change(114.7, urn("cutter", 1), state("JAMMED"), operation="merge")
    story.change(118.7, urn("cutter", 1), temperature("left", 88.0))
    story.change(119.7, urn("cutter", 1), temperature("right", 71.5, accuracy=1.75))


def write(path: Path, lines: list[dict[str, Any]]) -> None:
    text = [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")


def main() -> None:
    story = Story()
    tell(story)
    story.play()
    here = Path(__file__).parent
    for name, lines in (("ngsi-ld", story.ngsi), ("iff", story.iff)):
        in_order = [line for _, line in sorted(lines, key=lambda one: one[0])]
        write(here / f"recording-{name}.ndjson", in_order)
    entities = sorted(story.entities.items(), key=lambda one: one[0])
    write(here / "entities.ndjson", [ngsi_document(*one) for one in entities])


if __name__ == "__main__":
    main()
