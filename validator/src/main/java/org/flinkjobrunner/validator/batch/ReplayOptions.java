package org.flinkjobrunner.validator.batch;

import org.flinkjobrunner.validator.stream.Family;

/** The command line of a replay; {@code finalOnly}: only what stands at the end. */
record ReplayOptions(String program, String changes, Family source, boolean finalOnly) {
    static final String USAGE =
            "usage: ReplayMain --program FILE --changes FILE --source ngsi-ld|iff [--final true|false]";

    /** @throws IllegalArgumentException naming what is wrong */
    static ReplayOptions parse(String... arguments) {
        String program = null;
        String changes = null;
        Family source = null;
        boolean finalOnly = false;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a value");
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--program" -> program = value;
                case "--changes" -> changes = value;
                case "--source" -> source = Family.of(value);
                case "--final" -> finalOnly = value.equals("true");
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
        if (program == null || changes == null || source == null) {
            throw new IllegalArgumentException("--program, --changes and --source are needed");
        }
        return new ReplayOptions(program, changes, source, finalOnly);
    }
}
