package org.flinkjobrunner.validator.stream.alert;

import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.flinkjobrunner.validator.stream.io.ContributionSerializer;
import org.flinkjobrunner.validator.stream.sink.OutRecord;
import org.flinkjobrunner.validator.wire.IffAlerts;

/**
 * The IndustryFusion alerts, keyed by resource and event, which several of our alerts may share: the worst one shows, and
 * they clear with the last one.
 */
public final class ContributorStage extends KeyedProcessFunction<String, Contribution, OutRecord> {
    private static final long serialVersionUID = 1L;
    private static final Comparator<Contribution> WORST_FIRST = Comparator.comparingInt(
                    (Contribution one) -> IffAlerts.rank(one.severity()))
            .thenComparing(Contribution::severity)
            .thenComparing(Contribution::alertId);

    private final String alertsTopic;
    private final String bulkTopic;
    private transient MapState<String, Contribution> contributors;

    public ContributorStage(String alertsTopic, String bulkTopic) {
        this.alertsTopic = alertsTopic;
        this.bulkTopic = bulkTopic;
    }

    @Override
    public void open(OpenContext context) {
        contributors = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "contributors", StringSerializer.INSTANCE, ContributionSerializer.INSTANCE));
    }

    @Override
    public void processElement(Contribution contribution, Context context, Collector<OutRecord> out) throws Exception {
        Contribution before = worst();
        if (contribution.stands()) {
            contributors.put(contribution.alertId(), contribution);
        } else {
            contributors.remove(contribution.alertId());
        }
        Contribution now = worst();
        if (now == null) {
            // Also when nothing was known before: a job without state may clear what an earlier one raised.
            tell(contribution, IffAlerts.OK, IffAlerts.OK_TEXT, out);
        } else if (before == null
                || !now.severity().equals(before.severity())
                || !now.text().equals(before.text())) {
            tell(now, now.severity(), now.text(), out);
        }
    }

    private Contribution worst() throws Exception {
        Contribution worst = null;
        for (Contribution one : contributors.values()) {
            if (worst == null || WORST_FIRST.compare(one, worst) < 0) {
                worst = one;
            }
        }
        return worst;
    }

    private void tell(Contribution about, String severity, String text, Collector<OutRecord> out) {
        String resource = about.resource();
        String event = about.event();
        byte[] value = IffAlerts.value(resource, event, severity, text);
        byte[] bulkValue = severity.equals(IffAlerts.OK) ? null : value;
        out.collect(new OutRecord(bulkTopic, IffAlerts.bulkKey(resource, event), bulkValue, List.of()));
        out.collect(new OutRecord(alertsTopic, IffAlerts.key(resource, event), value, List.of()));
    }
}
