package org.flinkjobrunner.validator.program;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Makes the pattern that is matched. The compiler writes {@code regex} in the part of the syntax that java.util.regex and
 * RE2 read alike; what RE2 would read differently without an error, nested character classes, is refused here.
 */
final class PatternReader {
    private PatternReader() {}

    static Pattern read(Fields constraint, String pattern, String flags) throws ProgramException {
        String regex = constraint.text("regex");
        try {
            if (regex == null) {
                return Pattern.compile(refuseNestedClasses(pattern, constraint), options(flags, constraint));
            }
            return Pattern.compile(refuseNestedClasses(regex, constraint));
        } catch (PatternSyntaxException e) {
            throw new ProgramException(
                    constraint.place() + ": the pattern \"" + pattern + "\" cannot be matched in linear time: "
                            + e.getDescription() + " \"" + e.getPattern() + "\"",
                    e);
        }
    }

    private static int options(String flags, Fields constraint) throws ProgramException {
        int options = 0;
        for (char flag : flags.toCharArray()) {
            options |= switch (flag) {
                case 's' -> Pattern.DOTALL;
                case 'm' -> Pattern.MULTILINE;
                case 'i' -> Pattern.CASE_INSENSITIVE;
                default ->
                    throw new ProgramException(constraint.place() + ": the flag \"" + flag
                            + "\" has to be translated by the compiler into \"regex\"");
            };
        }
        return options;
    }

    private static String refuseNestedClasses(String regex, Fields constraint) throws ProgramException {
        boolean inClass = false;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\') {
                i++;
            } else if (!inClass) {
                inClass = c == '[';
            } else if (c == '[' || regex.startsWith("&&", i)) {
                throw new ProgramException(
                        constraint.place() + ": the pattern \"" + regex + "\" nests character classes; RE2 cannot");
            } else {
                inClass = c != ']';
            }
        }
        return regex;
    }
}
