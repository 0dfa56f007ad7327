package org.flinkjobrunner.validator.program;

import java.util.Map;
import org.flinkjobrunner.validator.shapes.Unit;

/** What concerns entities of certain types, and which of it an update of an attribute can affect. */
public final class TypePlan {
    private static final Unit[] NONE = {};

    private final Unit[] units;
    private final Unit[] typeUnits;
    private final Map<String, Unit[]> byAttribute;

    TypePlan(Unit[] units, Unit[] typeUnits, Map<String, Unit[]> byAttribute) {
        this.units = units;
        this.typeUnits = typeUnits;
        this.byAttribute = byAttribute;
    }

    /** In the order of their keys; not to be changed. */
    public Unit[] units() {
        return units;
    }

    /** Empty when no shape reads the attribute; not to be changed. */
    public Unit[] affectedBy(String attributeIri) {
        Unit[] affected = byAttribute.get(attributeIri);
        return affected == null ? NONE : affected;
    }

    /** Those that read the entity's own types; not to be changed. */
    public Unit[] typeUnits() {
        return typeUnits;
    }
}
