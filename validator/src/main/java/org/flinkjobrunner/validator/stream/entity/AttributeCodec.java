package org.flinkjobrunner.validator.stream.entity;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.Kind;
import org.flinkjobrunner.validator.graph.Metadata;
import org.flinkjobrunner.validator.graph.NgsiLd;
import org.flinkjobrunner.validator.stream.io.Bytes;
import org.flinkjobrunner.validator.term.Term;

/** Attribute instances as bytes, with all that is in them. */
final class AttributeCodec {
    private static final int METADATA = 1;
    private static final int SUB_ATTRIBUTES = 2;
    private static final Kind[] KINDS = Kind.values();

    private AttributeCodec() {}

    /** Name and datasetId are not written: the owner knows them. */
    static void write(Attribute attribute, DataOutput out) throws IOException {
        boolean metadata =
                attribute.metadata() != Metadata.NONE && !attribute.metadata().equals(Metadata.NONE);
        boolean subs = attribute.subAttributes().length > 0;
        out.writeByte(attribute.kind().ordinal());
        out.writeByte((metadata ? METADATA : 0) | (subs ? SUB_ATTRIBUTES : 0));
        TermCodec.write(attribute.values(), out);
        if (metadata) {
            write(attribute.metadata(), out);
        }
        if (subs) {
            Bytes.writeLength(attribute.subAttributes().length, out);
            for (Attribute sub : attribute.subAttributes()) {
                Bytes.writeText(sub.name(), out);
                writeDataset(sub.datasetId(), out);
                write(sub, out);
            }
        }
    }

    static Attribute read(String entityId, String name, String datasetId, DataInput in) throws IOException {
        Kind kind = KINDS[in.readByte()];
        int parts = in.readByte();
        List<Term> values = TermCodec.read(in);
        Metadata metadata = (parts & METADATA) == 0 ? Metadata.NONE : readMetadata(in);
        Attribute[] subs = Attribute.NONE;
        if ((parts & SUB_ATTRIBUTES) != 0) {
            subs = new Attribute[Bytes.readLength(in)];
            for (int i = 0; i < subs.length; i++) {
                String subName = Names.of(Bytes.readText(in));
                subs[i] = read(entityId, subName, readDataset(in), in);
            }
        }
        return new Attribute(entityId, name, datasetId, kind, values, metadata, subs);
    }

    static void writeDataset(String datasetId, DataOutput out) throws IOException {
        Bytes.writeText(datasetId.equals(NgsiLd.NO_DATASET) ? null : datasetId, out);
    }

    static String readDataset(DataInput in) throws IOException {
        String datasetId = Bytes.readText(in);
        return datasetId == null ? NgsiLd.NO_DATASET : Names.of(datasetId);
    }

    private static void write(Metadata metadata, DataOutput out) throws IOException {
        Bytes.writeText(metadata.observedAt(), out);
        Bytes.writeText(metadata.createdAt(), out);
        Bytes.writeText(metadata.modifiedAt(), out);
        Bytes.writeText(metadata.deletedAt(), out);
        Bytes.writeText(metadata.expiresAt(), out);
        Bytes.writeText(metadata.unitCode(), out);
        writeTexts(metadata.objectTypes(), out);
    }

    private static Metadata readMetadata(DataInput in) throws IOException {
        return new Metadata(
                Bytes.readText(in),
                Bytes.readText(in),
                Bytes.readText(in),
                Bytes.readText(in),
                Bytes.readText(in),
                Names.of(Bytes.readText(in)),
                readTexts(in));
    }

    static void writeTexts(List<String> texts, DataOutput out) throws IOException {
        Bytes.writeLength(texts.size(), out);
        for (String text : texts) {
            Bytes.writeText(text, out);
        }
    }

    static List<String> readTexts(DataInput in) throws IOException {
        int size = Bytes.readLength(in);
        if (size == 0) {
            return List.of();
        }
        List<String> texts = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            texts.add(Names.of(Bytes.readText(in)));
        }
        return List.copyOf(texts);
    }
}
