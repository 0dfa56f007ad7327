package org.flinkjobrunner.validator.batch;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Many validations in one process, because starting one costs more than most of them: the file that is named holds a JSON
 * array of strings per line, the report's file and then the arguments of {@link ValidateMain}. Prints the exit code of each.
 */
public final class ValidateSeveralMain {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ValidateSeveralMain() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream codes = System.out;
        System.setOut(System.err);
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            codes.println(validate(JSON.readValue(line, String[].class)));
        }
        codes.flush();
    }

    private static int validate(String... request) throws IOException {
        try (OutputStream report = Files.newOutputStream(Path.of(request[0]))) {
            String[] arguments = Arrays.copyOfRange(request, 1, request.length);
            return new ValidateMain(Limits.DEFAULT).run(arguments, report, System.err);
        }
    }
}
