package org.flinkjobrunner.validator.stream.entity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.flinkjobrunner.validator.graph.DocumentNumbers;
import org.flinkjobrunner.validator.graph.EntityDocument;
import org.flinkjobrunner.validator.graph.EntityView;
import org.flinkjobrunner.validator.program.Program;
import org.flinkjobrunner.validator.program.TypePlan;
import org.flinkjobrunner.validator.shapes.Constraint;
import org.flinkjobrunner.validator.shapes.Evaluator;
import org.flinkjobrunner.validator.shapes.ResultSink;
import org.flinkjobrunner.validator.shapes.Shape;
import org.flinkjobrunner.validator.shapes.Unit;
import org.flinkjobrunner.validator.stream.Verdict;
import org.flinkjobrunner.validator.term.Term;
import org.flinkjobrunner.validator.wire.Alert;

/**
 * Judges entities by one program, and tells how what it finds differs from what stood. Whatever the order of shapes and
 * the reason for judging, the differences come in the order of units and alert ids. For one thread.
 */
final class Judge implements ResultSink {
    /** Takes the differences; {@code alert} is null for a clear. */
    interface Differences {
        void difference(String alertId, Verdict.Kind kind, Alert alert);
    }

    private record Difference(Standing standing, Verdict.Kind kind, Finding finding) {}

    private static final Unit[] NO_UNITS = {};
    private static final Comparator<Difference> ORDER = Comparator.comparing(Difference::standing);

    private final String deployment;
    private final Program program;
    private final long key;
    private final List<Finding> findings = new ArrayList<>();
    private EntityDocument document;
    private Unit unit;
    private long evaluations;

    Judge(String deployment, Program program) {
        this.deployment = deployment;
        this.program = program;
        this.key = key(program.digest());
    }

    /** The first digits of a program's digest: what an entity remembers of who judged it. */
    private static long key(String digest) {
        long key =
                Long.parseUnsignedLong(digest.substring(digest.indexOf(':') + 1).substring(0, 16), 16);
        return key == EntityState.UNJUDGED ? 1 : key;
    }

    Program program() {
        return program;
    }

    boolean hasJudged(EntityState state) {
        return state.judgedBy() == key;
    }

    /** How many units have been evaluated. */
    long evaluations() {
        return evaluations;
    }

    /** Judges everything anew. */
    EntityState judge(EntityState state, Differences out) {
        Unit[] units = state.isTyped() ? program.plan(state.types()).units() : NO_UNITS;
        evaluate(state, units);
        return told(state, Standing.NONE, out);
    }

    /** Judges what a change can affect, of an entity that was judged by this program before. */
    EntityState judge(EntityState state, Delta delta, Differences out) {
        if (delta.isEverything() || !hasJudged(state)) {
            return judge(state, out);
        }
        if (!state.isTyped()) {
            return state;
        }
        TypePlan plan = program.plan(state.types());
        List<String> attributes = delta.attributes();
        Unit[] units = attributes.size() == 1 ? plan.affectedBy(attributes.get(0)) : affected(plan, attributes);
        evaluate(state, units);
        if (findings.isEmpty() && state.standing().length == 0) {
            return state;
        }
        return told(state, others(state.standing(), units), out);
    }

    private static Unit[] affected(TypePlan plan, List<String> attributes) {
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
        findings.clear();
        if (units.length == 0) {
            return;
        }
        document = DocumentNumbers.apply(state.document(), program.numbers());
        EntityView view = new EntityView(document, program.knowledge());
        for (Unit each : units) {
            unit = each;
            Evaluator.evaluate(each, document.iri(), view, this);
        }
        evaluations += units.length;
    }

    @Override
    public void violation(Term focusNode, Shape shape, Constraint constraint, Term value) {
        for (int i = findings.size() - 1; i >= 0; i--) {
            Finding finding = findings.get(i);
            if (finding.standing().unitKey() == unit.key() && finding.isOf(focusNode, shape, constraint)) {
                finding.add(value);
                return;
            }
        }
        String alertId = AlertId.of(deployment, document.id(), focusNode, shape, constraint);
        Standing standing = new Standing(unit.key(), alertId, Finding.fingerprint(shape, constraint));
        Finding finding = new Finding(standing, focusNode, shape, constraint);
        finding.add(value);
        findings.add(finding);
    }

    /** What stands because of units that were not evaluated now. */
    private static Standing[] others(Standing[] standing, Unit[] evaluated) {
        Standing[] others = new Standing[standing.length];
        int count = 0;
        for (Standing one : standing) {
            if (!contains(evaluated, one.unitKey())) {
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

    private EntityState told(EntityState state, Standing[] others, Differences out) {
        Standing[] before = state.standing();
        if (findings.isEmpty() && others.length == before.length) {
            return state.judged(before, key);
        }
        Standing[] after = together(others);
        List<Difference> differences = new ArrayList<>();
        for (Finding finding : findings) {
            compare(finding, before, differences);
        }
        for (Standing one : before) {
            if (find(after, one.alertId()) == null && firstOf(before, one)) {
                differences.add(new Difference(one, Verdict.Kind.CLEAR, null));
            }
        }
        differences.sort(ORDER);
        for (Difference difference : differences) {
            Alert alert = difference.finding == null ? null : difference.finding.alert(document, program.digest());
            out.difference(difference.standing.alertId(), difference.kind, alert);
        }
        return state.judged(differences.isEmpty() && Arrays.equals(before, after) ? before : after, key);
    }

    private Standing[] together(Standing[] others) {
        Standing[] after = Arrays.copyOf(others, others.length + findings.size());
        for (int i = 0; i < findings.size(); i++) {
            after[others.length + i] = findings.get(i).standing();
        }
        Arrays.sort(after);
        return after;
    }

    private void compare(Finding finding, Standing[] before, List<Difference> differences) {
        Standing now = finding.standing();
        Standing stood = find(before, now.alertId());
        if (stood == null) {
            add(now, Verdict.Kind.RAISE, finding, differences);
        } else if (stood.fingerprint() != now.fingerprint()) {
            add(now, Verdict.Kind.UPDATE, finding, differences);
        }
    }

    /** Two units may find the same: it is told once. */
    private static void add(Standing now, Verdict.Kind kind, Finding finding, List<Difference> differences) {
        for (Difference known : differences) {
            if (known.standing.alertId().equals(now.alertId())) {
                return;
            }
        }
        differences.add(new Difference(now, kind, finding));
    }

    private static Standing find(Standing[] standing, String alertId) {
        for (Standing one : standing) {
            if (one.alertId().equals(alertId)) {
                return one;
            }
        }
        return null;
    }

    private static boolean firstOf(Standing[] standing, Standing which) {
        return find(standing, which.alertId()) == which;
    }
}
