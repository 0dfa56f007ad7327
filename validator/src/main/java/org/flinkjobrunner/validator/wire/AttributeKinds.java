package org.flinkjobrunner.validator.wire;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flinkjobrunner.validator.graph.Kind;

/** What kind an attribute is. */
final class AttributeKinds {
    private static final String GEOJSON = "https://purl.org/geojson/vocab#";
    private static final Set<String> GEOMETRIES = Set.of(
            GEOJSON + "Point",
            GEOJSON + "LineString",
            GEOJSON + "Polygon",
            GEOJSON + "MultiPoint",
            GEOJSON + "MultiLineString",
            GEOJSON + "MultiPolygon",
            GEOJSON + "GeometryCollection");
    private static final Map<String, Kind> BY_NAME = new HashMap<>();

    static {
        for (Kind kind : Kind.values()) {
            BY_NAME.put(kind.typeIri(), kind);
            BY_NAME.put(kind.type(), kind);
        }
    }

    private AttributeKinds() {}

    /** @return null when there is none of that name or IRI */
    static Kind named(String type) {
        return BY_NAME.get(type);
    }

    static Kind of(Object type, Expansion expansion, Place place) throws RecordRefused {
        List<?> types = Plain.several(type);
        String name = types.size() == 1 ? Plain.text(types.get(0)) : null;
        String iri = name == null ? null : expansion.vocabularyIri(name);
        Kind kind = iri == null ? null : BY_NAME.get(iri);
        if (kind == null) {
            throw unknown(type, place);
        }
        return kind;
    }

    static RecordRefused unknown(Object type, Place place) {
        return place.refuse(
                "unknown-attribute-kind",
                Excerpt.of(type) + " is no kind of attribute",
                "Property, Relationship, GeoProperty, LanguageProperty, VocabProperty, JsonProperty, ListProperty or"
                        + " ListRelationship is expected");
    }

    /** Whether an object is a GeoJSON geometry itself, as concise documents may have it. */
    static boolean isGeometry(Map<String, Object> object, Expansion expansion) {
        for (Map.Entry<String, Object> member : object.entrySet()) {
            if (expansion.member(member.getKey()).member() == Member.TYPE) {
                String name = Plain.text(member.getValue());
                return name != null && GEOMETRIES.contains(String.valueOf(expansion.vocabularyIri(name)));
            }
        }
        return false;
    }
}
