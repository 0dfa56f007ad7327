package org.flinkjobrunner.validator.stream;

/** An instance of a stage tells how far it is with a program: a record of {@code shacl.status}. */
public record Acknowledgement(
        String deployment,
        String stage,
        int instance,
        int parallelism,
        long epoch,
        String digest,
        State state,
        long entitiesRechecked,
        long time) {
    public enum State {
        /** New changes are judged by it. */
        ACTIVE,
        /** All entities have been judged by it. */
        CONVERGED
    }
}
