package org.flinkjobrunner.validator.wire;

import java.util.ArrayList;
import java.util.List;

/** Where in a document the reader is; used again for the next one. */
final class Place {
    private final List<Object> steps = new ArrayList<>();

    void reset() {
        steps.clear();
    }

    int depth() {
        return steps.size();
    }

    Place enter(String member) {
        steps.add(member);
        return this;
    }

    Place enter(int index) {
        steps.add(index);
        return this;
    }

    void leave() {
        steps.remove(steps.size() - 1);
    }

    /** A JSON pointer; names are cut, because it ends in a header. */
    String pointer() {
        StringBuilder pointer = new StringBuilder();
        for (Object step : steps) {
            pointer.append('/')
                    .append(Excerpt.of(step.toString()).replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }

    RecordRefused refuse(String code, String message, String hint) {
        return new RecordRefused(code, pointer(), message, hint);
    }
}
