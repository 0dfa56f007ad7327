package org.flinkjobrunner.validator.stream.entity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flinkjobrunner.validator.graph.DocumentNumbers;
import org.flinkjobrunner.validator.graph.EntityDocument;
import org.flinkjobrunner.validator.graph.EntityView;
import org.flinkjobrunner.validator.program.Program;
import org.flinkjobrunner.validator.program.TypePlan;
import org.flinkjobrunner.validator.shapes.Constraint;
import org.flinkjobrunner.validator.shapes.Evaluator;
import org.flinkjobrunner.validator.shapes.PropertyPath;
import org.flinkjobrunner.validator.shapes.ResultSink;
import org.flinkjobrunner.validator.shapes.Shape;
import org.flinkjobrunner.validator.shapes.Unit;
import org.flinkjobrunner.validator.stream.Verdict;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.wire.Alert;

/**
 * Judges entities by one program, and finds how the result differs from what stood. Whatever the order of shapes and the
 * reason for judging, the differences come in the order of units and alert ids. For one thread.
 */
final class Judge implements ResultSink {
    /** @param alert null for a clear */
    record Difference(Standing standing, Verdict.Kind kind, Alert alert) implements Comparable<Difference> {
        @Override
        public int compareTo(Difference other) {
            return standing.compareTo(other.standing);
        }
    }

    private static final Unit[] NO_UNITS = {};
    private static final int KEY_DIGITS = 16;

    private final String deployment;
    private final Program program;
    private final EntityMetrics metrics;
    private final long key;
    /** Judged at every change: whether an entity is among their targets, its attributes may decide. */
    private final Unit[] otherUnits;

    private final List<Finding> findings = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();
    private String[] plannedTypes;
    private TypePlan planned;
    private EntityDocument document;
    private Unit unit;

    Judge(String deployment, Program program, EntityMetrics metrics) {
        this.deployment = deployment;
        this.program = program;
        this.metrics = metrics;
        this.key = key(program.digest());
        this.otherUnits = program.otherUnits();
    }

    /** The first digits of a program's digest: what an entity remembers of who judged it. */
    private static long key(String digest) {
        int first = digest.indexOf(':') + 1;
        long key = Long.parseUnsignedLong(digest.substring(first, first + KEY_DIGITS), 16);
        return key == EntityState.UNJUDGED ? 1 : key;
    }

    Program program() {
        return program;
    }

    boolean hasJudged(EntityState state) {
        return state.judgedBy() == key;
    }

    /** What the last judgement found different from before; valid until the next one. */
    List<Difference> differences() {
        return differences;
    }

    /** Judges everything anew. */
    EntityState judge(EntityState state) {
        start();
        TypePlan plan = state.isTyped() ? plan(state) : null;
        Unit[] units = plan == null ? NO_UNITS : plan.units();
        if (plan != null) {
            note(plan, state);
        }
        evaluate(state, units);
        return told(state, Standing.NONE);
    }

    /** Judges what a change can affect, where this program has judged the entity before. */
    EntityState judge(EntityState state, Delta delta) {
        if (delta.isEverything() || !hasJudged(state)) {
            return judge(state);
        }
        start();
        if (!state.isTyped() && otherUnits.length == 0) {
            return state;
        }
        List<String> attributes = delta.attributes();
        Unit[] units = state.isTyped() ? affected(plan(state), attributes) : NO_UNITS;
        evaluate(state, units);
        if (units.length == 0 && otherUnits.length == 0 && attributes.size() == 1) {
            metrics.unmatched().attribute(attributes.get(0));
        }
        return findings.isEmpty() && state.standing().length == 0
                ? state
                : told(state, others(state.standing(), units));
    }

    /** Most entities that come after one another have the same types, in one array. */
    private TypePlan plan(EntityState state) {
        String[] types = state.types();
        if (types != plannedTypes) {
            planned = program.plan(types);
            plannedTypes = types;
        }
        return planned;
    }

    /** Forgets the last judgement. */
    void start() {
        findings.clear();
        differences.clear();
    }

    private void note(TypePlan plan, EntityState state) {
        if (plan.units().length == 0) {
            for (String type : state.types()) {
                metrics.unmatched().type(type);
            }
            return;
        }
        for (Instance instance : state.instances()) {
            if (instance.hasValue() && plan.affectedBy(instance.name()).length == 0) {
                metrics.unmatched().attribute(instance.name());
            }
        }
    }

    private static Unit[] affected(TypePlan plan, List<String> attributes) {
        if (attributes.size() == 1) {
            return plan.affectedBy(attributes.get(0));
        }
        List<Unit> units = new ArrayList<>();
        for (String attribute : attributes) {
            for (Unit unit : plan.affectedBy(attribute)) {
                if (!units.contains(unit)) {
                    units.add(unit);
                }
            }
        }
        return units.toArray(NO_UNITS);
    }

    private void evaluate(EntityState state, Unit[] units) {
        if (units.length == 0 && otherUnits.length == 0) {
            return;
        }
        document = DocumentNumbers.apply(state.document(), program.numbers());
        EntityView view = new EntityView(document, program.knowledge());
        for (Unit each : units) {
            unit = each;
            Evaluator.evaluate(each, document.iri(), view, this);
        }
        evaluateOthers(view);
        metrics.evaluated(units.length + otherUnits.length);
    }

    private void evaluateOthers(EntityView view) {
        if (document.types().length == 0 && document.size() == 0) {
            return; // not there, or no longer
        }
        for (Unit each : otherUnits) {
            unit = each;
            for (Term focus : each.root().targets().in(view)) {
                Evaluator.evaluate(each, focus, view, this);
            }
        }
    }

    /** All values of one focus node, shape and constraint come one after another. */
    @Override
    public void violation(Term focusNode, Shape shape, Constraint constraint, PropertyPath path, Term value) {
        Finding last = findings.isEmpty() ? null : findings.get(findings.size() - 1);
        if (last == null || !last.isOf(unit, focusNode, shape, constraint, path)) {
            String alertId = AlertId.of(deployment, document.id(), focusNode, shape, constraint, path);
            Standing standing = new Standing(unit.key(), alertId, Finding.fingerprint(shape, constraint));
            last = new Finding(standing, unit, focusNode, shape, constraint, path);
            findings.add(last);
        }
        last.add(value);
    }

    /** What stands because of units that were not evaluated now. */
    private Standing[] others(Standing[] standing, Unit[] evaluated) {
        Standing[] others = new Standing[standing.length];
        int count = 0;
        for (Standing one : standing) {
            if (!contains(evaluated, one.unitKey()) && !contains(otherUnits, one.unitKey())) {
                others[count++] = one;
            }
        }
        return count == standing.length ? standing : Arrays.copyOf(others, count);
    }

    private static boolean contains(Unit[] units, String unitKey) {
        for (Unit each : units) {
            if (each.key().equals(unitKey)) {
                return true;
            }
        }
        return false;
    }

    private EntityState told(EntityState state, Standing[] others) {
        Standing[] before = state.standing();
        if (findings.isEmpty() && others.length == before.length) {
            return state.judged(before, key);
        }
        merge();
        Standing[] after = together(others);
        if (Arrays.equals(before, after)) {
            return state.judged(before, key);
        }
        compare(before, after);
        return state.judged(after, key);
    }

    /** A shape that is reached in several ways finds the same again. */
    private void merge() {
        findings.sort(Finding.ORDER);
        int kept = 0;
        for (Finding finding : findings) {
            Finding last = kept == 0 ? null : findings.get(kept - 1);
            if (last != null && last.standing().equals(finding.standing())) {
                last.addAll(finding);
            } else {
                findings.set(kept++, finding);
            }
        }
        findings.subList(kept, findings.size()).clear();
    }

    private Standing[] together(Standing[] others) {
        if (others.length + findings.size() == 0) {
            return Standing.NONE;
        }
        Standing[] after = Arrays.copyOf(others, others.length + findings.size());
        for (int i = 0; i < findings.size(); i++) {
            after[others.length + i] = findings.get(i).standing();
        }
        Arrays.sort(after);
        return after;
    }

    /** Several units may hold one alert: it is told once, and stands while any holds it. */
    private void compare(Standing[] before, Standing[] after) {
        Map<String, Standing> stood = new HashMap<>();
        for (Standing one : before) {
            stood.putIfAbsent(one.alertId(), one);
        }
        Set<String> stands = new HashSet<>();
        for (Standing one : after) {
            stands.add(one.alertId());
        }
        Set<String> told = new HashSet<>();
        for (Finding finding : findings) {
            Standing now = finding.standing();
            Standing was = stood.get(now.alertId());
            if ((was == null || was.fingerprint() != now.fingerprint()) && told.add(now.alertId())) {
                Verdict.Kind kind = was == null ? Verdict.Kind.RAISE : Verdict.Kind.UPDATE;
                differences.add(new Difference(now, kind, finding.alert(document, program.digest())));
            }
        }
        for (Standing one : before) {
            if (!stands.contains(one.alertId()) && told.add(one.alertId())) {
                differences.add(new Difference(one, Verdict.Kind.CLEAR, null));
            }
        }
        differences.sort(null);
    }
}
