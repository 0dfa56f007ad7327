package org.flinkjobrunner.validator.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Tells what a document of family A is, without reading more of it than that needs. */
final class DocumentScan {
    enum Form {
        ENTITY,
        /** An array, or a notification. */
        SEVERAL,
        /** Of Stellio. */
        EVENT
    }

    private static final String NOTIFICATION = "Notification";
    private static final String NOTIFICATION_IRI = "https://uri.etsi.org/ngsi-ld/Notification";
    private static final byte[] CONTEXT = "{\"@context\":".getBytes(StandardCharsets.US_ASCII);

    private record Range(int start, int end) {}

    private final byte[] json;
    private final Form form;
    private String id;
    private boolean typed;
    private boolean notification;
    private boolean event;
    private Range data;
    private Range context;

    DocumentScan(byte[] json) throws RecordRefused {
        this.json = json;
        this.form = scan();
    }

    Form form() {
        return form;
    }

    /** Of the entity; not checked. */
    String id() {
        return id;
    }

    private Form scan() throws RecordRefused {
        JsonScan scan = new JsonScan(json, 0);
        int first = scan.next();
        if (first == '[') {
            data = new Range(0, json.length);
            return Form.SEVERAL;
        }
        if (first == '{') {
            scan.enter();
            while (scan.member()) {
                member(scan);
                if (id != null && typed && !notification) {
                    return Form.ENTITY; // the rest is read where the state is
                }
            }
        }
        if (notification && data != null) {
            requireEnd(scan, '}');
            return Form.SEVERAL;
        }
        if (event && id == null) {
            return Form.EVENT;
        }
        if (id == null) {
            id = RecordSplitter.idInFull(json, "id", "@id");
        }
        return Form.ENTITY;
    }

    private void member(JsonScan scan) {
        if (scan.isNamed("id") || scan.isNamed("@id")) {
            id = id == null ? scan.text() : id;
        } else if (scan.isNamed("type") || scan.isNamed("@type")) {
            String type = scan.text();
            typed = true;
            notification = NOTIFICATION.equals(type) || NOTIFICATION_IRI.equals(type);
        } else if (scan.isNamed("data")) {
            data = new Range(scan.valueStart(), scan.valueEnd());
        } else if (scan.isNamed("@context")) {
            context = new Range(scan.valueStart(), scan.valueEnd());
        } else if (scan.isNamed("operationType")) {
            event = true;
        }
    }

    private static void requireEnd(JsonScan scan, char bracket) throws RecordRefused {
        if (scan.next() != bracket || scan.enter().next() >= 0) {
            throw new RecordRefused(
                    "invalid-json", "", "the document does not end where it should", "send one JSON document");
        }
    }

    /** The entities, each as a document of its own; a notification's context is that of its entities too. */
    List<byte[]> items() throws RecordRefused {
        List<byte[]> items = new ArrayList<>();
        JsonScan scan = new JsonScan(json, data.start());
        if (scan.next() == '{') {
            items.add(document(data.start(), data.end()));
            return items;
        }
        if (scan.next() != '[') {
            throw new RecordRefused("invalid-notification", "/data", "data is no array of entities", null);
        }
        scan.enter();
        while (scan.item()) {
            items.add(document(scan.valueStart(), scan.valueEnd()));
        }
        if (context == null && data.start() == 0) {
            requireEnd(scan, ']');
        } else if (scan.next() != ']') {
            throw new RecordRefused("invalid-json", "/data", "the array does not end where it should", null);
        }
        return items;
    }

    private byte[] document(int start, int end) {
        ByteArrayOutputStream document = new ByteArrayOutputStream(end - start);
        if (context != null && json[start] == '{' && !hasContext(start)) {
            document.write(CONTEXT, 0, CONTEXT.length);
            document.write(json, context.start(), context.end() - context.start());
            document.write(',');
            document.write(json, start + 1, end - start - 1);
        } else {
            document.write(json, start, end - start);
        }
        return document.toByteArray();
    }

    private boolean hasContext(int start) {
        JsonScan scan = new JsonScan(json, start).enter();
        while (scan.member()) {
            if (scan.isNamed("@context")) {
                return true;
            }
        }
        return false;
    }
}
