package org.flinkjobrunner.validator.wire;

import java.util.HashMap;
import java.util.Map;
import org.flinkjobrunner.validator.graph.Kind;
import org.flinkjobrunner.validator.graph.NgsiLd;

/** What NGSI-LD means by a member of an entity or attribute; everything else is an attribute. */
enum Member {
    ID("@id"),
    TYPE("@type"),
    CONTEXT("@context"),
    VALUE(NgsiLd.HAS_VALUE),
    OBJECT(NgsiLd.HAS_OBJECT),
    LANGUAGE_MAP(NgsiLd.HAS_LANGUAGE_MAP),
    VOCAB(NgsiLd.HAS_VOCAB),
    JSON(NgsiLd.HAS_JSON),
    VALUE_LIST(NgsiLd.HAS_VALUE_LIST),
    OBJECT_LIST(NgsiLd.HAS_OBJECT_LIST),
    OBSERVED_AT(NgsiLd.OBSERVED_AT),
    CREATED_AT(NgsiLd.CREATED_AT),
    MODIFIED_AT(NgsiLd.MODIFIED_AT),
    DELETED_AT(NgsiLd.DELETED_AT),
    EXPIRES_AT(NgsiLd.EXPIRES_AT),
    UNIT_CODE(NgsiLd.UNIT_CODE),
    DATASET_ID(NgsiLd.DATASET_ID),
    OBJECT_TYPE(NgsiLd.HAS_OBJECT_TYPE),
    SCOPE(NgsiLd.SCOPE),
    /** What brokers add to answers and notifications, and what has no place in a state. */
    INSTANCE_ID(NgsiLd.NS + "instanceId"),
    PREVIOUS_VALUE(NgsiLd.NS + "hasPreviousValue"),
    PREVIOUS_OBJECT(NgsiLd.NS + "hasPreviousObject"),
    PREVIOUS_LANGUAGE_MAP(NgsiLd.NS + "hasPreviousLanguageMap"),
    PREVIOUS_VOCAB(NgsiLd.NS + "hasPreviousVocab"),
    PREVIOUS_JSON(NgsiLd.NS + "hasPreviousJson"),
    PREVIOUS_VALUE_LIST(NgsiLd.NS + "hasPreviousValueList"),
    PREVIOUS_OBJECT_LIST(NgsiLd.NS + "hasPreviousObjectList"),
    /** Any other keyword of JSON-LD. */
    KEYWORD(null),
    ATTRIBUTE(null);

    private static final Map<String, Member> BY_IRI = new HashMap<>();

    static {
        for (Member member : values()) {
            if (member.iri != null) {
                BY_IRI.put(member.iri, member);
            }
        }
    }

    private final String iri;

    Member(String iri) {
        this.iri = iri;
    }

    static Member of(String iri) {
        Member member = BY_IRI.get(iri);
        return member != null ? member : iri.startsWith("@") ? KEYWORD : ATTRIBUTE;
    }

    /** The kind of attribute that has its value in this member when it has no type; null for other members. */
    Kind impliedKind() {
        return switch (this) {
            case VALUE -> Kind.PROPERTY;
            case OBJECT -> Kind.RELATIONSHIP;
            case LANGUAGE_MAP -> Kind.LANGUAGE;
            case VOCAB -> Kind.VOCAB;
            case JSON -> Kind.JSON;
            case VALUE_LIST -> Kind.LIST;
            case OBJECT_LIST -> Kind.LIST_RELATIONSHIP;
            default -> null;
        };
    }
}
