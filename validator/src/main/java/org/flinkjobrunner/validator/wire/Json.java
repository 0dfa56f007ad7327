package org.flinkjobrunner.validator.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as plain Java: {@code String}, {@link Num}, {@code Boolean}, null, {@code List} and {@code Map} in the order of the
 * text. Numbers keep their text. What JSON leaves open is refused: a member twice, half a surrogate pair, too deep nesting.
 */
final class Json {
    /** Two levels per sub-attribute in expanded JSON-LD, and some for what its value holds. */
    static final int MAX_DEPTH = 200;

    private static final int MAX_DIGITS = 1_000;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_DIGITS)
                    .maxNameLength(Iris.MAX_LENGTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** A number in its JSON form. */
    record Num(String text) {}

    private final JsonParser parser;

    private Json(JsonParser parser) {
        this.parser = parser;
    }

    static Object read(byte[] json, int from, int to) throws RecordRefused {
        for (int i = from; i < to && i < from + 4; i++) {
            if (json[i] == 0) {
                throw new RecordRefused("invalid-json", "", "the text is not UTF-8", null);
            }
        }
        try (JsonParser parser = FACTORY.createParser(json, from, to - from)) {
            return new Json(parser).document();
        } catch (IOException e) {
            throw invalid(null, e);
        }
    }

    static Object read(String json) throws RecordRefused {
        try (JsonParser parser = FACTORY.createParser(json)) {
            return new Json(parser).document();
        } catch (IOException e) {
            throw invalid(null, e);
        }
    }

    private Object document() throws RecordRefused {
        try {
            if (parser.nextToken() == null) {
                throw new RecordRefused("invalid-json", "", "there is nothing", null);
            }
            Object value = value();
            if (parser.nextToken() != null) {
                throw new RecordRefused("trailing-content", "", "something follows the JSON document", null);
            }
            return value;
        } catch (IOException e) {
            throw invalid(parser, e);
        }
    }

    private static RecordRefused invalid(JsonParser parser, IOException e) {
        String pointer = parser == null
                ? ""
                : Excerpt.of(parser.getParsingContext().pathAsPointer().toString());
        if (e instanceof StreamConstraintsException limit) {
            String code = limit.getOriginalMessage().contains("nesting depth") ? "too-deep" : "too-large";
            return new RecordRefused(code, pointer, Excerpt.of(limit.getOriginalMessage()), null);
        }
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return new RecordRefused("invalid-json", pointer, Excerpt.of(String.valueOf(message)), null);
    }

    private Object value() throws IOException, RecordRefused {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> text(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Num(parser.getText());
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            default -> null;
        };
    }

    private Map<String, Object> object() throws IOException, RecordRefused {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = text(parser.currentName());
            if (object.containsKey(name)) {
                throw refuse("duplicate-member", "the member \"" + Excerpt.of(name) + "\" is there twice");
            }
            parser.nextToken();
            object.put(name, value());
        }
        return object;
    }

    private List<Object> array() throws IOException, RecordRefused {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value());
        }
        return array;
    }

    private String text(String text) throws RecordRefused {
        if (!Iris.isWellFormed(text)) {
            throw refuse("invalid-string", "a string holds half of a surrogate pair");
        }
        return text;
    }

    private RecordRefused refuse(String code, String message) {
        String pointer = parser.getParsingContext().pathAsPointer().toString();
        return new RecordRefused(code, Excerpt.of(pointer), message, null);
    }

    static String describe(Object value) {
        if (value instanceof Num number) {
            return number.text();
        }
        return value instanceof Map ? "an object" : value instanceof List ? "an array" : String.valueOf(value);
    }

    /** @param value of which it is known that it is a JSON object */
    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }
}
