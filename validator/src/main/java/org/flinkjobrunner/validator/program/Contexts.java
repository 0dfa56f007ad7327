package org.flinkjobrunner.validator.program;

import java.util.Map;

/** The JSON-LD contexts that may be used: nothing is ever fetched. */
public record Contexts(Map<String, Context> byIri, String defaultContext) {
    /** @return null when the context is not known */
    public Context get(String iri) {
        return byIri.get(iri);
    }
}
