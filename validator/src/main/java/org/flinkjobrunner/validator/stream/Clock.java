package org.flinkjobrunner.validator.stream;

/** Which time the stages live in. */
public enum Clock {
    /** The wall clock. Watermarks carry only {@link #LOADED}. */
    WALL,
    /** The recorded time of a replay: watermarks carry it, timers follow it. */
    RECORDED;

    /**
     * The watermark with which an instance of EntityStage says that the initial load is over and that all its verdicts on
     * it are out. A watermark, because it reaches every instance of AlertStage behind all that was sent before.
     */
    public static final long LOADED = 1;
}
