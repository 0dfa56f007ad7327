package org.flinkjobrunner.validator.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.term.Term;

/** Makes of the JSON numbers of a document, which its state keeps as they came, what the numbers setting says they are. */
public final class DocumentNumbers {
    private final Numbers numbers;

    private DocumentNumbers(Numbers numbers) {
        this.numbers = numbers;
    }

    /** @return the document itself when nothing is to be changed; it is left as it is in any case */
    public static EntityDocument apply(EntityDocument document, Numbers numbers) {
        if (numbers == Numbers.DECLARED) {
            return document;
        }
        DocumentNumbers setting = new DocumentNumbers(numbers);
        Attribute[] given = document.attributes();
        Attribute[] attributes = new Attribute[given.length];
        boolean changed = false;
        for (int i = 0; i < given.length; i++) {
            attributes[i] = concerns(given[i]) ? setting.attribute(given[i]) : given[i];
            changed |= attributes[i] != given[i];
        }
        return changed
                ? EntityDocument.ofSorted(document.id(), document.types(), attributes, document.scope())
                : document;
    }

    /** Whether there are numbers; a structured value may have some. */
    private static boolean concerns(Attribute attribute) {
        for (Term value : attribute.values()) {
            if (value instanceof StructuredNode || value instanceof Literal literal && literal.jsonNumber()) {
                return true;
            }
        }
        for (Attribute subAttribute : attribute.subAttributes()) {
            if (concerns(subAttribute)) {
                return true;
            }
        }
        return false;
    }

    /** With all that is inside of it: sub-attributes and structured values belong to one owner. */
    private Attribute attribute(Attribute given) {
        Attribute[] subAttributes = new Attribute[given.subAttributes().length];
        for (int i = 0; i < subAttributes.length; i++) {
            subAttributes[i] = attribute(given.subAttributes()[i]);
        }
        return new Attribute(
                given.entityId(),
                given.name(),
                given.datasetId(),
                given.kind(),
                terms(given.values()),
                given.metadata(),
                subAttributes);
    }

    private List<Term> terms(List<Term> given) {
        List<Term> terms = new ArrayList<>(given.size());
        for (Term term : given) {
            terms.add(term(term));
        }
        return terms;
    }

    private Term term(Term term) {
        if (term instanceof Literal literal && literal.jsonNumber()) {
            return numbers.literal(literal.lexical());
        }
        if (!(term instanceof StructuredNode node)) {
            return term;
        }
        if (isCell(node)) {
            return StructuredNode.list(terms(items(node)));
        }
        Map<String, List<Term>> properties = new HashMap<>();
        node.properties().forEach((predicate, objects) -> properties.put(predicate, terms(objects)));
        return new StructuredNode(properties);
    }

    private static boolean isCell(StructuredNode node) {
        Map<String, List<Term>> properties = node.properties();
        return properties.size() == 2
                && properties.getOrDefault(NgsiLd.RDF_FIRST, List.of()).size() == 1
                && properties.getOrDefault(NgsiLd.RDF_REST, List.of()).size() == 1;
    }

    /** A loop, because a list can be long. */
    private static List<Term> items(StructuredNode first) {
        List<Term> items = new ArrayList<>();
        Term at = first;
        while (at instanceof StructuredNode cell && isCell(cell)) {
            items.add(cell.properties().get(NgsiLd.RDF_FIRST).get(0));
            at = cell.properties().get(NgsiLd.RDF_REST).get(0);
        }
        return items;
    }
}
