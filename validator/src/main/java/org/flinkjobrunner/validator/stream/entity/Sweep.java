package org.flinkjobrunner.validator.stream.entity;

import java.util.List;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.MailboxExecutor.MailOptions;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;

/**
 * Goes through the keys of an instance in the background: a slice of them, then records again, then the next slice, so
 * that no record waits longer than one slice takes. For the operator's thread.
 *
 * <p>Between two mails Flink processes one record only, so slices that followed each other at once would let a thousand
 * records through in a second. Where records come, the next slice therefore waits a moment.
 */
final class Sweep {
    /** What is done with each key, and at the end. */
    interface Work {
        void touch(String key) throws Exception;

        void done() throws Exception;
    }

    private static final long SLICE_NANOS = 500_000;
    private static final long MOMENT_MILLIS = 1;
    /** Looking at the clock costs as much as touching a key that needs nothing. */
    private static final int KEYS_PER_LOOK = 16;

    private final MailboxExecutor mailbox;
    private final ProcessingTimeService timers;
    private final LongSupplier records;
    private final Work work;
    private List<String> keys = List.of();
    private int next;
    private boolean underWay;
    private boolean scheduled;
    private long recordsBefore;

    /** @param records how many have been processed */
    Sweep(MailboxExecutor mailbox, ProcessingTimeService timers, LongSupplier records, Work work) {
        this.mailbox = mailbox;
        this.timers = timers;
        this.records = records;
        this.work = work;
    }

    /** Starts at the beginning, whether or not one is under way. */
    void start(List<String> all) {
        keys = all;
        next = 0;
        underWay = true;
        recordsBefore = records.getAsLong();
        schedule();
    }

    boolean isUnderWay() {
        return underWay;
    }

    /** Keys that are still to be touched. */
    int left() {
        return keys.size() - next;
    }

    private void schedule() {
        if (scheduled) {
            return;
        }
        scheduled = true;
        long now = records.getAsLong();
        if (now == recordsBefore) {
            mailbox.execute(MailOptions.deferrable(), this::slice, "a slice of the sweep over entities");
        } else {
            recordsBefore = now;
            timers.registerTimer(timers.getCurrentProcessingTime() + MOMENT_MILLIS, time -> slice());
        }
    }

    private void slice() throws Exception {
        scheduled = false;
        long end = System.nanoTime() + SLICE_NANOS;
        while (next < keys.size()) {
            int stop = Math.min(keys.size(), next + KEYS_PER_LOOK);
            while (next < stop) {
                work.touch(keys.get(next++));
            }
            if (System.nanoTime() >= end) {
                break;
            }
        }
        if (next < keys.size()) {
            schedule();
        } else {
            keys = List.of();
            next = 0;
            underWay = false;
            work.done();
        }
    }
}
