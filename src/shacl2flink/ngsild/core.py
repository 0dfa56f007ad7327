"""The NGSI-LD core context, as a map of terms.

ETSI GS CIM 009, annex B, names the terms. Almost all of them are the term itself in
the `ngsi-ld:` namespace, so that what is written here is where a term differs from
that: another name, a type, a container, GeoJSON's namespace.
"""

from __future__ import annotations

from shacl2flink.rdf.vocab import NGSI_LD

DEFAULT_VOCABULARY = NGSI_LD + "default-context/"
GEOJSON = "https://purl.org/geojson/vocab#"
_PLACE = NGSI_LD.removesuffix("ngsi-ld/") + "ngsi-ld/v1/ngsi-ld-core-context"
DEFAULT_CONTEXT = f"{_PLACE}-v1.8.jsonld"
CORE_CONTEXTS = (
    f"{_PLACE}.jsonld",
    *(f"{_PLACE}-v1.{minor}.jsonld" for minor in range(3, 9)),
)

_PLAIN = """
    Attribute AttributeList ContextSourceIdentity ContextSourceNotification
    ContextSourceRegistration Date DateTime EntityType EntityTypeInfo EntityTypeList GeoProperty
    JsonProperty LanguageProperty ListProperty ListRelationship Notification Property Relationship
    Subscription TemporalProperty Time VocabProperty accept attrs cacheDuration contextSourceAlias
    contextSourceInfo contextSourceUptime cooldown csf data detail endpoint entities entity
    entityCount error errors format geoQ geoproperty georel idPattern information isActive join
    jsonKeys lang linkedMaps localOnly location management managementInterval mode notUpdated
    notification notificationTrigger notifierInfo observationInterval observationSpace omit
    operationSpace operations pick q reason receiverInfo refreshRate registrationId
    registrationName scope scopeQ showChanges status subscriptionName sysAttrs temporalQ throttling
    timeInterval timeout timeproperty timerel timesFailed timesSent triggerReason unchanged unitCode
    updated uri
"""
_RENAMED = {
    "containedBy": "isContainedBy",
    "entityMap": "hasEntityMap",
    "joinLevel": "hasJoinLevel",
    "key": "hasKey",
    "value": "hasValue",
    "previousValue": "hasPreviousValue",
}
_DATE_TIMES = """
    contextSourceTimeAt createdAt deletedAt endAt endTimeAt expiresAt lastFailure lastNotification
    lastSuccess modifiedAt notifiedAt observedAt startAt timeAt
"""
_IRIS = "datasetId entityId instanceId subscriptionId success tenant"
_VOCABULARY = """
    attributeList attributeName attributeNames attributeTypes attributes propertyNames
    relationshipNames typeList typeName typeNames watchedAttributes
"""
_LISTS = "avg distinctCount entityList jsons max min stddev sum sumsq totalCount"
_VALUES = {
    "dataset": ("hasDataset", None, "@index"),
    "json": ("hasJSON", "@json", None),
    "contextSourceExtras": ("contextSourceExtras", "@json", None),
    "languageMap": ("hasLanguageMap", None, "@language"),
    "languageMaps": ("hasLanguageMaps", None, "@list"),
    "object": ("hasObject", "@id", None),
    "objectList": ("hasObjectList", None, "@list"),
    "objectType": ("hasObjectType", "@vocab", None),
    "objects": ("hasObjects", None, "@list"),
    "objectsLists": ("hasObjectsLists", None, "@list"),
    "previousJson": ("hasPreviousJson", "@json", None),
    "previousLanguageMap": ("hasPreviousLanguageMap", None, "@language"),
    "previousObject": ("hasPreviousObject", "@id", None),
    "previousObjectList": ("hasPreviousObjectList", None, "@list"),
    "previousValueList": ("hasPreviousValueList", None, "@list"),
    "previousVocab": ("hasPreviousVocab", "@vocab", None),
    "valueList": ("hasValueList", None, "@list"),
    "valueLists": ("hasValueLists", None, "@list"),
    "values": ("hasValues", None, "@list"),
    "vocab": ("hasVocab", "@vocab", None),
    "vocabs": ("hasVocabs", None, "@list"),
}
_GEOJSON = """
    Feature FeatureCollection GeometryCollection LineString MultiLineString MultiPoint MultiPolygon
    Point Polygon geometry properties
"""
_GEOJSON_CONTAINERS = {"bbox": "@list", "coordinates": "@list", "features": "@set"}
_DUBLIN_CORE = ("description", "title")


def core_terms() -> dict[str, dict[str, str]]:
    """Every term of the core context, in the form that programs hold contexts in."""
    terms = {
        "ngsi-ld": {"@id": NGSI_LD},
        "geojson": {"@id": GEOJSON},
        "id": {"@id": "@id"},
        "type": {"@id": "@type"},
    }
    terms |= {name: {"@id": NGSI_LD + name} for name in _PLAIN.split()}
    terms |= {name: {"@id": NGSI_LD + local} for name, local in _RENAMED.items()}
    for names, type_ in (
        (_DATE_TIMES, NGSI_LD + "DateTime"),
        (_IRIS, "@id"),
        (_VOCABULARY, "@vocab"),
    ):
        terms |= {name: {"@id": NGSI_LD + name, "@type": type_} for name in names.split()}
    terms |= {name: {"@id": NGSI_LD + name, "@container": "@list"} for name in _LISTS.split()}
    for name, (local, of_type, container) in _VALUES.items():
        terms[name] = {"@id": NGSI_LD + local}
        terms[name] |= {"@type": of_type} if of_type else {}
        terms[name] |= {"@container": container} if container else {}
    terms |= {name: {"@id": GEOJSON + name} for name in _GEOJSON.split()}
    for name, container in _GEOJSON_CONTAINERS.items():
        terms[name] = {"@id": GEOJSON + name, "@container": container}
    terms |= {name: {"@id": f"http://purl.org/dc/terms/{name}"} for name in _DUBLIN_CORE}
    return terms
