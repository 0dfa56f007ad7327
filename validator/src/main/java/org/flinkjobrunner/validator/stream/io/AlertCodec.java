package org.flinkjobrunner.validator.stream.io;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.flinkjobrunner.validator.graph.AttributeKey;
import org.flinkjobrunner.validator.shapes.Message;
import org.flinkjobrunner.validator.term.BlankNode;
import org.flinkjobrunner.validator.term.Iri;
import org.flinkjobrunner.validator.term.Literal;
import org.flinkjobrunner.validator.term.NamedBlankNode;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.wire.Alert;

/**
 * What an alert says, as bytes: between the stages and in the state of AlertStage. Two alerts that say the same have the
 * same bytes; their objects need not be equal, because a value may be a node of an entity, which is equal to itself only.
 */
public final class AlertCodec {
    private static final int VERSION = 1;
    private static final int IRI = 0;
    private static final int BLANK_NODE = 1;
    private static final int TYPED = 2;
    private static final int TAGGED = 3;
    private static final int USUAL_BYTES = 512;

    private AlertCodec() {}

    public static byte[] toBytes(Alert alert) {
        DataOutputSerializer out = new DataOutputSerializer(USUAL_BYTES);
        try {
            write(alert, out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes everything", e);
        }
        return out.getCopyOfBuffer();
    }

    public static Alert fromBytes(byte[] bytes) {
        try {
            return read(new DataInputDeserializer(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("the state holds an alert that cannot be read", e);
        }
    }

    static void write(Alert alert, DataOutput out) throws IOException {
        out.writeByte(VERSION);
        Bytes.writeText(alert.entity(), out);
        writeTexts(alert.entityTypes(), out);
        Bytes.writeLength(alert.attributePath().size(), out);
        for (AttributeKey key : alert.attributePath()) {
            Bytes.writeText(key.name(), out);
            Bytes.writeText(key.datasetId(), out);
        }
        Bytes.writeText(alert.focusNode(), out);
        Bytes.writeText(alert.resultPath(), out);
        Bytes.writeText(alert.sourceShape(), out);
        Bytes.writeText(alert.component(), out);
        Bytes.writeText(alert.severity(), out);
        Bytes.writeLength(alert.values().size(), out);
        for (Term value : alert.values()) {
            writeTerm(value, out);
        }
        Bytes.writeLength(alert.valueCount(), out);
        Bytes.writeLength(alert.messages().size(), out);
        for (Message message : alert.messages()) {
            Bytes.writeText(message.value(), out);
            Bytes.writeText(message.language(), out);
        }
        Bytes.writeText(alert.program(), out);
    }

    static Alert read(DataInput in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("version " + version + " of alerts is not known, only " + VERSION);
        }
        return new Alert(
                Bytes.readText(in),
                readTexts(in),
                readPath(in),
                Bytes.readText(in),
                Bytes.readText(in),
                Bytes.readText(in),
                Bytes.readText(in),
                Bytes.readText(in),
                readTerms(in),
                Bytes.readLength(in),
                readMessages(in),
                Bytes.readText(in));
    }

    private static void writeTexts(List<String> texts, DataOutput out) throws IOException {
        Bytes.writeLength(texts.size(), out);
        for (String text : texts) {
            Bytes.writeText(text, out);
        }
    }

    private static List<String> readTexts(DataInput in) throws IOException {
        int size = Bytes.readLength(in);
        List<String> texts = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            texts.add(Bytes.readText(in));
        }
        return texts;
    }

    private static List<AttributeKey> readPath(DataInput in) throws IOException {
        int size = Bytes.readLength(in);
        List<AttributeKey> path = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            path.add(new AttributeKey(Bytes.readText(in), Bytes.readText(in)));
        }
        return path;
    }

    private static List<Message> readMessages(DataInput in) throws IOException {
        int size = Bytes.readLength(in);
        List<Message> messages = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            messages.add(new Message(Bytes.readText(in), Bytes.readText(in)));
        }
        return messages;
    }

    private static void writeTerm(Term term, DataOutput out) throws IOException {
        if (term instanceof Iri iri) {
            out.writeByte(IRI);
            Bytes.writeText(iri.value(), out);
        } else if (term instanceof BlankNode node) {
            out.writeByte(BLANK_NODE);
            Bytes.writeText(node.label(), out);
        } else if (term instanceof Literal literal) {
            boolean tagged = literal.language() != null;
            out.writeByte(tagged ? TAGGED : TYPED);
            Bytes.writeText(literal.lexical(), out);
            Bytes.writeText(tagged ? literal.language() : literal.datatype(), out);
        }
    }

    private static List<Term> readTerms(DataInput in) throws IOException {
        int size = Bytes.readLength(in);
        List<Term> terms = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            terms.add(readTerm(in));
        }
        return terms;
    }

    private static Term readTerm(DataInput in) throws IOException {
        int kind = in.readByte();
        String text = Bytes.readText(in);
        return switch (kind) {
            case IRI -> new Iri(text);
            case BLANK_NODE -> new NamedBlankNode(text);
            case TYPED -> Literal.of(text, Bytes.readText(in));
            case TAGGED -> Literal.lang(text, Bytes.readText(in));
            default -> throw new IOException("there is no kind of term with the number " + kind);
        };
    }
}
