package org.flinkjobrunner.validator.stream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.flinkjobrunner.validator.program.Program;
import org.flinkjobrunner.validator.program.ProgramException;

/** Compiled programs, one per JVM and digest: all instances of the stages share them while any of them holds one. */
public final class Programs {
    /** Decompressed; what takes more is not a program but a bomb. */
    static final int MOST_BYTES = 256 << 20;

    private static final Map<String, WeakReference<Program>> KNOWN = new HashMap<>();

    private Programs() {}

    /** @throws ProgramException when the bytes are not the program that the activation names */
    public static Program of(Activation activation) throws ProgramException {
        synchronized (KNOWN) {
            WeakReference<Program> known = KNOWN.get(activation.digest());
            Program program = known == null ? null : known.get();
            if (program == null) {
                program = read(activation);
                KNOWN.values().removeIf(reference -> reference.get() == null);
                KNOWN.put(activation.digest(), new WeakReference<>(program));
            }
            return program;
        }
    }

    private static Program read(Activation activation) throws ProgramException {
        Program program = Program.read(decompressed(activation.compressed()));
        if (!program.digest().equals(activation.digest())) {
            throw new ProgramException("the program has the digest " + program.digest() + ", but " + activation.digest()
                    + " was activated: deploy again");
        }
        return program;
    }

    private static byte[] decompressed(byte[] compressed) throws ProgramException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            byte[] json = in.readNBytes(MOST_BYTES);
            if (in.read() >= 0) {
                throw new ProgramException("the program is larger than " + MOST_BYTES + " bytes");
            }
            return json;
        } catch (IOException e) {
            throw new ProgramException("the program cannot be decompressed: " + e.getMessage(), e);
        }
    }
}
