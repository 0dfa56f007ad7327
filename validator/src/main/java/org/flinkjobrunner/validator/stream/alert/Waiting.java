package org.flinkjobrunner.validator.stream.alert;

import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.flinkjobrunner.validator.stream.Clock;
import org.flinkjobrunner.validator.stream.Verdict;

/**
 * The one timer that an alert has at most. On the wall clock it is one of processing time, unless it waits for the end of
 * the initial load, which is a watermark; in a replay it is one of event time, which is recorded time.
 */
final class Waiting {
    /** Every time at which timers are due is a task of its own for Flink, and a batch of its own for Kafka. */
    private static final long TICK_MILLIS = 20;

    private final Clock clock;
    private final InternalTimerService<VoidNamespace> timers;

    Waiting(Clock clock, InternalTimerService<VoidNamespace> timers) {
        this.clock = clock;
        this.timers = timers;
    }

    /** @return the state as it waits, for this and nothing else */
    AlertState begin(AlertState now, long due) {
        AlertState waiting = end(now).due(due);
        if (onWallClock(due)) {
            timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, due);
        } else {
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, due);
        }
        return waiting;
    }

    /** @return the state as it does not wait */
    AlertState end(AlertState now) {
        if (!now.waits()) {
            return now;
        }
        if (onWallClock(now.due())) {
            timers.deleteProcessingTimeTimer(VoidNamespace.INSTANCE, now.due());
        } else {
            timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, now.due());
        }
        return now.due(AlertState.NOT_DUE);
    }

    private boolean onWallClock(long due) {
        return clock == Clock.WALL && due != Clock.LOADED;
    }

    /** When a raise has settled; on the wall clock a little later, so that those which settle together wake up together. */
    long settled(Verdict verdict) {
        return clock == Clock.WALL
                ? nextTick(now() + verdict.settleMillis())
                : plantTime(verdict) + verdict.settleMillis();
    }

    private static long nextTick(long time) {
        return (time + TICK_MILLIS - 1) / TICK_MILLIS * TICK_MILLIS;
    }

    /** When a verdict is told. Recorded time, unlike the timestamps of records, never goes back. */
    long plantTime(Verdict verdict) {
        return clock == Clock.WALL ? verdict.at() : Math.max(verdict.at(), timers.currentWatermark() + 1);
    }

    /** When what was due at that time is told. */
    long fired(long due) {
        return clock == Clock.WALL && due == Clock.LOADED ? now() : due;
    }

    long now() {
        return timers.currentProcessingTime();
    }
}
