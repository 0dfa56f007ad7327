package org.flinkjobrunner.validator.stream.alert;

/** The headers of the records of the alert topic: they tell who wrote what, so that nobody has to parse his own. */
public final class AlertHeaders {
    public static final String ATTEMPT = "attempt";
    public static final String DEPLOYMENT = "deployment";
    public static final String SEQUENCE = "sequence";
    public static final String STATE = "state";

    private AlertHeaders() {}
}
