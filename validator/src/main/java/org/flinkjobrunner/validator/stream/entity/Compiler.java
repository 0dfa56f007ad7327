package org.flinkjobrunner.validator.stream.entity;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.function.ThrowingRunnable;
import org.flinkjobrunner.validator.program.Program;
import org.flinkjobrunner.validator.program.ProgramException;
import org.flinkjobrunner.validator.stream.Activation;
import org.flinkjobrunner.validator.stream.Programs;

/** Compiles programs beside the stream: a large one takes seconds, and records must not wait for it. */
final class Compiler implements AutoCloseable {
    /** Is told in the operator's thread. */
    interface Adopter {
        void compiled(Activation activation, Program program) throws Exception;

        void failed(Activation activation, ProgramException why);
    }

    private final MailboxExecutor mailbox;
    private final Adopter adopter;
    private final boolean beside;
    private ExecutorService thread;

    /** @param beside false: at once and in the operator's thread, for tests */
    Compiler(MailboxExecutor mailbox, Adopter adopter, boolean beside) {
        this.beside = beside;
        this.mailbox = mailbox;
        this.adopter = adopter;
    }

    void compile(Activation activation) throws Exception {
        if (!beside) {
            now(activation);
            return;
        }
        if (thread == null) {
            thread = Executors.newSingleThreadExecutor(task -> {
                Thread daemon = new Thread(task, "compiles programs");
                daemon.setDaemon(true);
                return daemon;
            });
        }
        thread.execute(() -> run(activation));
    }

    private void now(Activation activation) throws Exception {
        try {
            adopter.compiled(activation, Programs.of(activation));
        } catch (ProgramException e) {
            adopter.failed(activation, e);
        }
    }

    private void run(Activation activation) {
        try {
            Program program = Programs.of(activation);
            tell(() -> adopter.compiled(activation, program));
        } catch (ProgramException e) {
            tell(() -> adopter.failed(activation, e));
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            tell(() -> adopter.failed(activation, new ProgramException("the program cannot be compiled: " + e, e)));
        }
    }

    private void tell(ThrowingRunnable<Exception> news) {
        try {
            mailbox.execute(news, "a program has been compiled");
        } catch (RejectedExecutionException e) {
            return; // the task has ended meanwhile
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }
}
