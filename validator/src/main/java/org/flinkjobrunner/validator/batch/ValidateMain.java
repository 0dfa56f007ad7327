package org.flinkjobrunner.validator.batch;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flinkjobrunner.validator.graph.MergedGraph;
import org.flinkjobrunner.validator.program.Program;
import org.flinkjobrunner.validator.program.ProgramException;
import org.flinkjobrunner.validator.term.Numbers;

/** Validates files against a compiled program: the SHACL validation report goes to standard output. */
public final class ValidateMain {
    static final int CONFORMS = 0;
    static final int RESULTS = 1;
    static final int REFUSED = 2;
    static final int FAULT = 3;

    private final Limits limits;

    ValidateMain(Limits limits) {
        this.limits = limits;
    }

    public static void main(String[] arguments) {
        PrintStream report = System.out;
        System.setOut(System.err); // whatever the libraries have to say must not get into the report
        int status = new ValidateMain(Limits.DEFAULT).run(arguments, report, System.err);
        report.flush();
        System.exit(status);
    }

    int run(String[] arguments, OutputStream out, PrintStream err) {
        try {
            return validate(Options.parse(arguments), out);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage() + "\n" + Options.USAGE);
        } catch (ProgramException e) {
            err.println("the program cannot be used: " + e.getMessage());
        } catch (IOException e) {
            err.println(e);
        }
        return FAULT;
    }

    private int validate(Options options, OutputStream out) throws ProgramException, IOException {
        Program program = Program.read(Files.readAllBytes(Path.of(options.program())));
        try {
            return report(options, program, out);
        } catch (DataException e) {
            JsonReport.writeDiagnostics(e.diagnostics(), out);
        } catch (OutOfMemoryError | StackOverflowError e) {
            String message = "the data is too large or too deeply nested: " + e;
            JsonReport.writeDiagnostics(
                    List.of(Diagnostic.ofFile("limit", null, message, "validate it in smaller parts")), out);
        }
        return REFUSED;
    }

    private int report(Options options, Program program, OutputStream out) throws DataException, IOException {
        Numbers numbers = options.numbers() == null ? program.numbers() : options.numbers();
        MergedGraph data =
                new DataLoader(program, numbers, EntityReaders.of(program, numbers), limits).load(options.data());
        List<Result> results = Validation.validate(program, data);
        if (options.turtle()) {
            TurtleReport.write(results, out);
        } else {
            JsonReport.write(results, data.entityIds(), out);
        }
        return results.isEmpty() ? CONFORMS : RESULTS;
    }
}
