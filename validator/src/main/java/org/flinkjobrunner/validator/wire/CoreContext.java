package org.flinkjobrunner.validator.wire;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.flinkjobrunner.validator.graph.Kind;
import org.flinkjobrunner.validator.graph.NgsiLd;
import org.flinkjobrunner.validator.program.Context;
import org.flinkjobrunner.validator.program.Contexts;
import org.flinkjobrunner.validator.program.TermDefinition;

/**
 * The core context of NGSI-LD. Programs bundle it in full; where there is no program (a record is split before the job has
 * any), the part that gives documents their form is enough.
 */
final class CoreContext {
    private static final String PLACE = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context";
    private static final String GEOJSON = "https://purl.org/geojson/vocab#";
    private static final Context FORM = form();

    private CoreContext() {}

    static boolean isCore(String iri) {
        return iri.startsWith(PLACE);
    }

    /** That of the program, when it has one. */
    static Context in(Contexts contexts) {
        String preferred = contexts.defaultContext();
        if (preferred != null && isCore(preferred) && contexts.get(preferred) != null) {
            return contexts.get(preferred);
        }
        return contexts.byIri().keySet().stream()
                .filter(CoreContext::isCore)
                .max(String::compareTo)
                .map(contexts::get)
                .orElse(FORM);
    }

    private static Context form() {
        Map<String, TermDefinition> terms = new HashMap<>();
        plain(terms, "", "id", "@id", "type", "@type", "ngsi-ld", NgsiLd.NS, "geojson", GEOJSON);
        plain(terms, NgsiLd.NS, "value", "hasValue", "unitCode", "unitCode", "scope", "scope", "location", "location");
        for (Kind kind : Kind.values()) {
            plain(terms, NgsiLd.NS, kind.type(), kind.type());
        }
        for (String geometry : new String[] {
            "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"
        }) {
            plain(terms, GEOJSON, geometry, geometry);
        }
        for (String value :
                new String[] {"Value", "Object", "LanguageMap", "Vocab", "Json", "ValueList", "ObjectList"}) {
            plain(terms, NgsiLd.NS, "previous" + value, "hasPrevious" + value);
        }
        terms.put("coordinates", new TermDefinition(GEOJSON + "coordinates", null, Set.of("@list")));
        for (String time : new String[] {"observedAt", "createdAt", "modifiedAt", "deletedAt", "expiresAt"}) {
            terms.put(time, new TermDefinition(NgsiLd.NS + time, NgsiLd.DATE_TIME, Set.of()));
        }
        terms.put("datasetId", new TermDefinition(NgsiLd.DATASET_ID, "@id", Set.of()));
        terms.put("instanceId", new TermDefinition(NgsiLd.NS + "instanceId", "@id", Set.of()));
        terms.put("object", new TermDefinition(NgsiLd.HAS_OBJECT, "@id", Set.of()));
        terms.put("objectType", new TermDefinition(NgsiLd.HAS_OBJECT_TYPE, "@vocab", Set.of()));
        terms.put("vocab", new TermDefinition(NgsiLd.HAS_VOCAB, "@vocab", Set.of()));
        terms.put("json", new TermDefinition(NgsiLd.HAS_JSON, "@json", Set.of()));
        terms.put("languageMap", new TermDefinition(NgsiLd.HAS_LANGUAGE_MAP, null, Set.of("@language")));
        terms.put("valueList", new TermDefinition(NgsiLd.HAS_VALUE_LIST, null, Set.of("@list")));
        terms.put("objectList", new TermDefinition(NgsiLd.HAS_OBJECT_LIST, null, Set.of("@list")));
        return new Context(NgsiLd.NS + "default-context/", Map.copyOf(terms));
    }

    private static void plain(Map<String, TermDefinition> terms, String namespace, String... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            terms.put(pairs[i], new TermDefinition(namespace + pairs[i + 1], null, Set.of()));
        }
    }
}
