package org.flinkjobrunner.validator.stream.entity;

import java.util.List;
import org.apache.flink.api.common.operators.MailboxExecutor;

/**
 * Goes through the keys of an instance in the background: a slice of them, then records again, then the next slice, so
 * that no record waits longer than one slice takes. For the operator's thread.
 */
final class Sweep {
    /** What is done with each key, and at the end. */
    interface Work {
        void touch(String key) throws Exception;

        void done() throws Exception;
    }

    private static final long SLICE_NANOS = 500_000;
    /** Looking at the clock costs as much as touching a key that needs nothing. */
    private static final int KEYS_PER_LOOK = 16;

    private final MailboxExecutor mailbox;
    private final Work work;
    private List<String> keys = List.of();
    private int next;
    private boolean underWay;
    private boolean scheduled;

    Sweep(MailboxExecutor mailbox, Work work) {
        this.mailbox = mailbox;
        this.work = work;
    }

    /** Starts at the beginning, whether or not one is under way. */
    void start(List<String> all) {
        keys = all;
        next = 0;
        underWay = true;
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
        if (!scheduled) {
            scheduled = true;
            mailbox.execute(this::slice, "a slice of the sweep over entities");
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
