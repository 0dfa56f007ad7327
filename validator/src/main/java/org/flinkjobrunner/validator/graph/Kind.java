package org.flinkjobrunner.validator.graph;

/** The kinds of attribute: the class of the attribute's node, and the predicate of its values. */
public enum Kind {
    PROPERTY("Property", NgsiLd.HAS_VALUE),
    RELATIONSHIP("Relationship", NgsiLd.HAS_OBJECT),
    GEO("GeoProperty", NgsiLd.HAS_VALUE),
    LANGUAGE("LanguageProperty", NgsiLd.HAS_LANGUAGE_MAP),
    VOCAB("VocabProperty", NgsiLd.HAS_VOCAB),
    JSON("JsonProperty", NgsiLd.HAS_JSON),
    LIST("ListProperty", NgsiLd.HAS_VALUE_LIST),
    LIST_RELATIONSHIP("ListRelationship", NgsiLd.HAS_OBJECT_LIST);

    private final String type;
    private final String typeIri;
    private final String predicate;

    Kind(String type, String predicate) {
        this.type = type;
        this.typeIri = NgsiLd.NS + type;
        this.predicate = predicate;
    }

    /** The NGSI-LD name, such as {@code GeoProperty}. */
    public String type() {
        return type;
    }

    public String typeIri() {
        return typeIri;
    }

    /** The predicate from the attribute's node to its values. */
    public String predicate() {
        return predicate;
    }

    /** @return the kind of that NGSI-LD name, or null */
    public static Kind of(String type) {
        for (Kind kind : values()) {
            if (kind.type.equals(type)) {
                return kind;
            }
        }
        return null;
    }
}
