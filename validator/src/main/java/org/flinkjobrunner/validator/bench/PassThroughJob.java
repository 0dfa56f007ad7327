package org.flinkjobrunner.validator.bench;

/** Reads, brings the records of an entity together, and writes every one: a stateless copy by key. */
public final class PassThroughJob {
    private PassThroughJob() {}

    public static void main(String[] arguments) throws Exception {
        ReferenceJob job = new ReferenceJob(arguments);
        job.source()
                .keyBy(Frame::entity)
                .map(frame -> frame)
                .returns(Frame.TYPE)
                .sinkTo(job.sink());
        job.environment.execute("bench-pass-through");
    }
}
