package org.flinkjobrunner.validator.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.graph.Kind;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.Numbers;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.term.Xsd;

/** The value in a record of family B: what it is follows from the kind of the attribute and its {@code nodeType}. */
final class FlatValues {
    private final Expansion expansion;
    private final ValueReader values;
    private final Place place;

    FlatValues(Expansion expansion, ValueReader values, Place place) {
        this.expansion = expansion;
        this.values = values;
        this.place = place;
    }

    RecordRefused unknownKind(String type) {
        place.reset();
        return AttributeKinds.unknown(type, place.enter("type"));
    }

    List<Term> read(FlatRecord flat, Kind kind) throws RecordRefused {
        Object value = flat.attributeValue;
        String nodeType = nodeType(flat, kind);
        return switch (nodeType) {
            case "@value" -> List.of(literal(flat, value));
            case "@id" -> List.of(iri(value, kind));
            case "@json" -> json(parsed(value), kind);
            default -> List.of(list(parsed(value), kind));
        };
    }

    private String nodeType(FlatRecord flat, Kind kind) throws RecordRefused {
        String given = flat.nodeType;
        if (given == null) {
            throw refuse("missing-member", "nodeType", "the attribute has no nodeType");
        }
        boolean fits =
                switch (kind) {
                    case PROPERTY -> given.equals("@value") || given.equals("@id") || given.equals("@json");
                    case RELATIONSHIP, VOCAB -> given.equals("@id");
                    case GEO, LANGUAGE -> given.equals("@value") || given.equals("@json");
                    case JSON -> given.equals("@json");
                    case LIST, LIST_RELATIONSHIP -> given.equals("@list");
                };
        if (!fits) {
            String message = "a " + kind.type() + " cannot have the nodeType " + Excerpt.of(given);
            throw refuse("invalid-node-type", "nodeType", message);
        }
        return given;
    }

    private Term literal(FlatRecord flat, Object value) throws RecordRefused {
        if (flat.lang != null && value instanceof String) {
            place("lang");
            return values.inLanguage(value, flat.lang);
        }
        if (flat.valueType != null && !Iris.isAbsolute(flat.valueType)) {
            throw refuse("invalid-iri", "valueType", Excerpt.of(flat.valueType) + " is not an IRI");
        }
        if (value instanceof Json.Num number) {
            return flat.valueType == null
                    ? Numbers.DECLARED.literal(number.text())
                    : Literal.of(number.text(), flat.valueType);
        }
        if (value instanceof String text) {
            return flat.valueType == null ? Literal.string(text) : Literal.of(text, flat.valueType);
        }
        if (value instanceof Boolean flag) {
            return Literal.of(flag.toString(), flat.valueType == null ? Xsd.BOOLEAN : flat.valueType);
        }
        throw refuse("invalid-value", "attributeValue", "@value has " + Excerpt.of(value) + ", not a scalar");
    }

    private Iri iri(Object value, Kind kind) throws RecordRefused {
        String iri = null;
        if (value instanceof String text) {
            iri = kind == Kind.VOCAB ? expansion.vocabularyIri(text) : Iris.isAbsolute(text) ? text : null;
        }
        if (iri == null) {
            throw refuse("invalid-iri", "attributeValue", Excerpt.of(value) + " is not an absolute IRI");
        }
        return new Iri(iri);
    }

    /** The value is the text of JSON; a producer that sends the JSON itself means the same. */
    private static Object parsed(Object value) throws RecordRefused {
        if (!(value instanceof String text)) {
            return value;
        }
        try {
            return Json.read(text);
        } catch (RecordRefused e) {
            throw new RecordRefused(e.code(), "/attributeValue", e.getMessage(), e.hint());
        }
    }

    private List<Term> json(Object json, Kind kind) throws RecordRefused {
        if (kind == Kind.JSON) {
            return List.of(ValueReader.json(json));
        }
        values.use(expansion);
        place("attributeValue");
        if (kind == Kind.LANGUAGE && json instanceof Map && !Json.object(json).containsKey("@value")) {
            List<Term> texts = new ArrayList<>(2);
            values.languageMap(Json.object(json), texts);
            return texts;
        }
        return values.read(json, Meaning.PLAIN);
    }

    private Term list(Object json, Kind kind) throws RecordRefused {
        if (!(json instanceof List)) {
            throw refuse("invalid-value", "attributeValue", Excerpt.of(json) + " is no array");
        }
        values.use(expansion);
        place("attributeValue");
        return values.list(json, kind == Kind.LIST ? Meaning.PLAIN : Meaning.PLAIN.withType("@id"));
    }

    private void place(String member) {
        place.reset();
        place.enter(member);
    }

    private static RecordRefused refuse(String code, String member, String message) {
        return new RecordRefused(code, "/" + member, message, null);
    }
}
