package org.flinkjobrunner.validator.wire;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flinkjobrunner.validator.program.Context;
import org.flinkjobrunner.validator.program.Contexts;
import org.flinkjobrunner.validator.program.TermDefinition;

/** Makes active contexts of what documents say in {@code @context}, and keeps them. Nothing is fetched. For one thread. */
final class Expansions {
    private static final int MAX_KEPT = 200;
    private static final int MAX_PARTS = 100;

    private final Contexts contexts;
    private final Context core;
    private final Expansion standard;
    private final Map<Object, Expansion> kept = new LinkedHashMap<>();

    Expansions(Contexts contexts) {
        this.contexts = contexts;
        this.core = CoreContext.in(contexts);
        String preset = contexts.defaultContext();
        Context given = preset == null ? null : contexts.get(preset);
        Active active = new Active();
        if (given != null) {
            active.add(given, CoreContext.isCore(preset));
        }
        this.standard = active.finish();
    }

    /** For documents without {@code @context}. */
    Expansion standard() {
        return standard;
    }

    /** @param place where the {@code @context} is */
    Expansion of(Object context, Place place) throws RecordRefused {
        Expansion known = kept.get(context);
        if (known == null) {
            Active active = new Active();
            active.add(context, place);
            known = active.finish();
            if (kept.size() >= MAX_KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
            kept.put(context, known);
        }
        return known;
    }

    private final class Active {
        private final Map<String, TermDefinition> terms = new HashMap<>();
        private String vocab;
        private boolean hasCore;

        void add(Object context, Place place) throws RecordRefused {
            if (context == null) {
                terms.clear();
                vocab = null;
                hasCore = false;
            } else if (context instanceof String iri) {
                add(named(iri, place), CoreContext.isCore(iri));
            } else if (context instanceof Map) {
                InlineContext inline = new InlineContext(Json.object(context), terms, vocab, place);
                vocab = inline.add();
            } else if (context instanceof List<?> parts && place.depth() <= 2 && parts.size() <= MAX_PARTS) {
                for (int i = 0; i < parts.size(); i++) {
                    add(parts.get(i), place.enter(i));
                    place.leave();
                }
            } else {
                throw place.refuse(
                        "invalid-context",
                        "the @context holds " + Excerpt.of(context),
                        "an IRI, an object, or an array of these is expected");
            }
        }

        private Context named(String iri, Place place) throws RecordRefused {
            Context known = contexts.get(iri);
            if (known == null && CoreContext.isCore(iri)) {
                return core;
            }
            if (known == null) {
                throw place.refuse(
                        "unknown-context",
                        "the @context <" + Excerpt.of(iri) + "> is not known, and contexts are never fetched",
                        "deploy with it as a context, or give it as --context IRI=FILE");
            }
            return known;
        }

        void add(Context context, boolean isCore) {
            terms.putAll(context.terms());
            vocab = context.vocab() == null ? vocab : context.vocab();
            hasCore |= isCore;
        }

        /** The core context is always the last one; only a vocabulary of the document's own is left to it. */
        Expansion finish() {
            if (!hasCore) {
                terms.putAll(core.terms());
                vocab = vocab == null ? core.vocab() : vocab;
            }
            return new Expansion(terms, vocab);
        }
    }
}
