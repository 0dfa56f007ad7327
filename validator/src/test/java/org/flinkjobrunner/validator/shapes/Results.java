package org.flinkjobrunner.validator.shapes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flinkjobrunner.validator.graph.TripleGraph;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.NamedBlankNode;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.term.Xsd;

/** Evaluates one property shape on one focus node, and keeps what it reports. */
final class Results implements ResultSink {
    static final Iri FOCUS = new Iri("urn:focus");
    static final String PATH = "urn:path";

    /** What a violation says, without the shape. */
    record Reported(Term focusNode, String component, Term value) {}

    final List<Reported> reported = new ArrayList<>();

    @Override
    public void violation(Term focusNode, Shape shape, Constraint constraint, PropertyPath path, Term value) {
        reported.add(new Reported(focusNode, constraint.component(), value));
    }

    static Shape property(Constraint... constraints) {
        return new Shape(
                "urn:shape",
                "urn:shape",
                new PredicatePath(PATH),
                Targets.NONE,
                "urn:severity",
                List.of(),
                constraints,
                new Shape[0]);
    }

    static List<Reported> of(Shape shape, TripleGraph graph, Term... values) {
        TripleGraph.Builder builder = new TripleGraph.Builder();
        for (Term value : values) {
            builder.add(FOCUS, PATH, value);
        }
        Results results = new Results();
        TripleGraph data = graph == null ? builder.build() : graph;
        Evaluator.evaluate(new Unit(shape, shape), FOCUS, data, results);
        return results.reported;
    }

    /** The values that the constraint reports. */
    static List<Term> violating(Constraint constraint, Term... values) {
        return of(property(constraint), null, values).stream()
                .map(Reported::value)
                .toList();
    }

    /** Whether the constraint, beside a datatype, is satisfied by a JSON number. */
    static boolean accepts(String datatype, Constraint constraint, String jsonNumber) {
        Constraint[] constraints = datatype == null
                ? new Constraint[] {constraint}
                : new Constraint[] {new DatatypeConstraintComponent(datatype), constraint};
        return of(property(constraints), null, Numbers.DECLARED.literal(jsonNumber)).stream()
                .noneMatch(reported -> reported.component().equals(constraint.component()));
    }

    /** {@code <iri>}, {@code _:label}, {@code text@en}, {@code "text"}, or {@code text xsd-type}. */
    static Term term(String text) {
        if (text.startsWith("<")) {
            return new Iri(text.substring(1, text.length() - 1));
        }
        if (text.startsWith("_:")) {
            return new NamedBlankNode(text);
        }
        if (text.contains("@")) {
            return Literal.lang(text.substring(0, text.indexOf('@')), text.substring(text.indexOf('@') + 1));
        }
        int space = text.lastIndexOf(' ');
        return space < 0
                ? Literal.string(text)
                : Literal.of(text.substring(0, space), Xsd.NS + text.substring(space + 1));
    }

    static Term[] terms(String text) {
        return Arrays.stream(text.split(";"))
                .map(String::strip)
                .map(Results::term)
                .toArray(Term[]::new);
    }
}
