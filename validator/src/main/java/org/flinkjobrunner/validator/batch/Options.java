package org.flinkjobrunner.validator.batch;

import java.util.ArrayList;
import java.util.List;
import org.flinkjobrunner.validator.term.Numbers;

/** The command line; {@code numbers} may be null: as the program says. */
record Options(String program, List<String> data, Numbers numbers, boolean turtle) {
    static final String USAGE =
            "usage: ValidateMain --program FILE [--data FILE]... [--numbers declared|json-ld|double]"
                    + " --format json|turtle";

    /** @throws IllegalArgumentException naming what is wrong */
    static Options parse(String[] arguments) {
        String program = null;
        List<String> data = new ArrayList<>();
        Numbers numbers = null;
        boolean turtle = false;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a value");
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--program" -> program = value;
                case "--data" -> data.add(value);
                case "--numbers" -> numbers = numbers(value);
                case "--format" -> turtle = isTurtle(value);
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
        if (program == null) {
            throw new IllegalArgumentException("--program is missing");
        }
        return new Options(program, List.copyOf(data), numbers, turtle);
    }

    private static Numbers numbers(String value) {
        Numbers numbers = Numbers.of(value);
        if (numbers == null) {
            throw new IllegalArgumentException("--numbers is declared, json-ld or double, not " + value);
        }
        return numbers;
    }

    private static boolean isTurtle(String value) {
        return switch (value) {
            case "turtle" -> true;
            case "json" -> false;
            default -> throw new IllegalArgumentException("--format is json or turtle, not " + value);
        };
    }
}
