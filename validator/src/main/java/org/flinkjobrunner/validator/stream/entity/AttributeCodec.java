package org.flinkjobrunner.validator.stream.entity;

import java.util.ArrayList;
import java.util.List;
import org.flinkjobrunner.validator.graph.Attribute;
import org.flinkjobrunner.validator.graph.Kind;
import org.flinkjobrunner.validator.graph.Metadata;
import org.flinkjobrunner.validator.graph.NgsiLd;

/** Attribute instances as bytes, with all that is in them. */
final class AttributeCodec {
    private static final int METADATA = 1;
    private static final int ONLY_OBSERVED_AT = 2;
    private static final int SUB_ATTRIBUTES = 4;

    private static final ThreadLocal<Packer> PACKERS = ThreadLocal.withInitial(Packer::new);

    private AttributeCodec() {}

    static byte[] pack(Attribute attribute) {
        Packer out = PACKERS.get();
        out.clear();
        write(attribute, out);
        return out.toBytes();
    }

    static Attribute unpack(String entityId, String name, String datasetId, byte[] content) {
        return read(entityId, name, datasetId, new Unpacker(content, Names.ofThread()));
    }

    /** Name and datasetId are not written: the owner knows them. */
    /** Of bytes that say no length. */
    static byte[] repacked(Unpacker in) {
        return pack(read("", "", NgsiLd.NO_DATASET, in)); // it does not hold whose it is
    }

    private static void write(Attribute attribute, Packer out) {
        Metadata metadata = attribute.metadata();
        boolean observed = metadata.isOnlyObservedAt();
        boolean more = !observed && !metadata.equals(Metadata.NONE);
        boolean subs = attribute.subAttributes().length > 0;
        out.one(code(attribute.kind()));
        out.one((more ? METADATA : 0) | (observed ? ONLY_OBSERVED_AT : 0) | (subs ? SUB_ATTRIBUTES : 0));
        TermCodec.write(attribute.values(), out);
        if (observed) {
            TimeCodec.write(metadata.observedAt(), out);
        } else if (more) {
            write(metadata, out);
        }
        if (subs) {
            out.number(attribute.subAttributes().length);
            for (Attribute sub : attribute.subAttributes()) {
                out.text(sub.name());
                writeDataset(sub.datasetId(), out);
                write(sub, out);
            }
        }
    }

    private static Attribute read(String entityId, String name, String datasetId, Unpacker in) {
        Kind kind = kind(in.one());
        int parts = in.one();
        var values = TermCodec.read(in);
        Metadata metadata = Metadata.NONE;
        if ((parts & ONLY_OBSERVED_AT) != 0) {
            metadata = Metadata.observedAt(TimeCodec.read(in));
        } else if ((parts & METADATA) != 0) {
            metadata = readMetadata(in);
        }
        Attribute[] subs = Attribute.NONE;
        if ((parts & SUB_ATTRIBUTES) != 0) {
            subs = new Attribute[in.length()];
            for (int i = 0; i < subs.length; i++) {
                String subName = in.sharedText();
                subs[i] = read(entityId, subName, readDataset(in), in);
            }
        }
        return new Attribute(entityId, name, datasetId, kind, values, metadata, subs);
    }

    /** These must not change. */
    private static int code(Kind kind) {
        return switch (kind) {
            case PROPERTY -> 0;
            case RELATIONSHIP -> 1;
            case GEO -> 2;
            case LANGUAGE -> 3;
            case VOCAB -> 4;
            case JSON -> 5;
            case LIST -> 6;
            case LIST_RELATIONSHIP -> 7;
        };
    }

    private static Kind kind(int code) {
        return switch (code) {
            case 0 -> Kind.PROPERTY;
            case 1 -> Kind.RELATIONSHIP;
            case 2 -> Kind.GEO;
            case 3 -> Kind.LANGUAGE;
            case 4 -> Kind.VOCAB;
            case 5 -> Kind.JSON;
            case 6 -> Kind.LIST;
            case 7 -> Kind.LIST_RELATIONSHIP;
            default -> throw new IllegalStateException("no attribute has the kind " + code);
        };
    }

    static void writeDataset(String datasetId, Packer out) {
        out.text(datasetId.equals(NgsiLd.NO_DATASET) ? null : datasetId);
    }

    static String readDataset(Unpacker in) {
        String datasetId = in.sharedText();
        return datasetId == null ? NgsiLd.NO_DATASET : datasetId;
    }

    private static void write(Metadata metadata, Packer out) {
        TimeCodec.write(metadata.observedAt(), out);
        TimeCodec.write(metadata.createdAt(), out);
        TimeCodec.write(metadata.modifiedAt(), out);
        TimeCodec.write(metadata.deletedAt(), out);
        TimeCodec.write(metadata.expiresAt(), out);
        out.text(metadata.unitCode());
        writeTexts(metadata.objectTypes(), out);
    }

    private static Metadata readMetadata(Unpacker in) {
        return new Metadata(
                TimeCodec.read(in),
                TimeCodec.read(in),
                TimeCodec.read(in),
                TimeCodec.read(in),
                TimeCodec.read(in),
                in.sharedText(),
                readTexts(in));
    }

    static void writeTexts(List<String> texts, Packer out) {
        out.number(texts.size());
        for (String text : texts) {
            out.text(text);
        }
    }

    static List<String> readTexts(Unpacker in) {
        int size = in.length();
        if (size == 0) {
            return List.of();
        }
        List<String> texts = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            texts.add(in.sharedText());
        }
        return List.copyOf(texts);
    }
}
