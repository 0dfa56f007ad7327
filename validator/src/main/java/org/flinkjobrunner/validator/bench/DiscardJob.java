package org.flinkjobrunner.validator.bench;

/** Reads and drops: what is left is the cost of getting records out of Kafka. */
public final class DiscardJob {
    private DiscardJob() {}

    public static void main(String[] arguments) throws Exception {
        ReferenceJob job = new ReferenceJob(arguments);
        job.source().filter(Frame::isSentinel).sinkTo(job.sink());
        job.environment.execute("bench-discard");
    }
}
