package org.flinkjobrunner.validator.stream.entity;

import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.graph.NgsiLd;
import org.flinkjobrunner.validator.graph.StructuredNode;
import org.flinkjobrunner.validator.term.Term;

/** RDF lists as their items: a list of a megabyte has more cells than calls may be nested. */
final class Lists {
    private Lists() {}

    static boolean isCell(StructuredNode node) {
        Map<String, List<Term>> properties = node.properties();
        return properties.size() == 2 && hasOne(properties, NgsiLd.RDF_FIRST) && hasOne(properties, NgsiLd.RDF_REST);
    }

    private static boolean hasOne(Map<String, List<Term>> properties, String predicate) {
        List<Term> objects = properties.get(predicate);
        return objects != null && objects.size() == 1;
    }

    static Term first(StructuredNode cell) {
        return cell.properties().get(NgsiLd.RDF_FIRST).get(0);
    }

    static Term rest(StructuredNode cell) {
        return cell.properties().get(NgsiLd.RDF_REST).get(0);
    }

    /** @return what follows the last cell: mostly {@code rdf:nil} */
    static Term items(StructuredNode cell, List<Term> items) {
        Term at = cell;
        while (at instanceof StructuredNode node && isCell(node)) {
            items.add(first(node));
            at = rest(node);
        }
        return at;
    }

    /** The cells again. */
    static Term of(List<Term> items, Term end) {
        Term list = end;
        for (int i = items.size() - 1; i >= 0; i--) {
            list = new StructuredNode(Map.of(NgsiLd.RDF_FIRST, List.of(items.get(i)), NgsiLd.RDF_REST, List.of(list)));
        }
        return list;
    }
}
