package org.flinkjobrunner.validator.program;

import java.util.ArrayList;
import java.util.List;
import org.flinkjobrunner.validator.shapes.AlternativePath;
import org.flinkjobrunner.validator.shapes.InversePath;
import org.flinkjobrunner.validator.shapes.PredicatePath;
import org.flinkjobrunner.validator.shapes.PropertyPath;
import org.flinkjobrunner.validator.shapes.RepeatedPath;
import org.flinkjobrunner.validator.shapes.RepeatedPath.Times;
import org.flinkjobrunner.validator.shapes.SequencePath;

/** Reads property paths: an object with one member, which is the form of the path. */
final class PathReader {
    private PathReader() {}

    static PropertyPath read(Fields path) throws ProgramException {
        PropertyPath read = form(path);
        path.end();
        return read;
    }

    private static PropertyPath form(Fields path) throws ProgramException {
        if (path.get("inverse") != null) {
            return new InversePath(read(path.requireObject("inverse")));
        }
        if (path.get("sequence") != null) {
            return new SequencePath(paths(path, "sequence"));
        }
        if (path.get("alternative") != null) {
            return new AlternativePath(paths(path, "alternative"));
        }
        for (Times times : Times.values()) {
            if (path.get(times.text()) != null) {
                return new RepeatedPath(read(path.requireObject(times.text())), times);
            }
        }
        return new PredicatePath(path.requireText("predicate"));
    }

    private static List<PropertyPath> paths(Fields path, String form) throws ProgramException {
        List<PropertyPath> paths = new ArrayList<>();
        for (Fields part : path.objects(form)) {
            paths.add(read(part));
        }
        return List.copyOf(paths);
    }
}
