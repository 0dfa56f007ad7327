package org.flinkjobrunner.validator.program;

import java.util.Map;
import org.flinkjobrunner.validator.shapes.Unit;

/** What concerns entities of certain types, and which of it an update of an attribute can affect. */
public final class TypePlan {
    private final Unit[] units;
    private final Unit[] typeUnits;
    /** Those that read whatever attributes there are. */
    private final Unit[] anyUnits;

    private final Map<String, Unit[]> byAttribute;

    TypePlan(Unit[] units, Unit[] typeUnits, Unit[] anyUnits, Map<String, Unit[]> byAttribute) {
        this.units = units;
        this.typeUnits = typeUnits;
        this.anyUnits = anyUnits;
        this.byAttribute = byAttribute;
    }

    /** In the order of their keys; not to be changed. */
    public Unit[] units() {
        return units;
    }

    /** Empty when no shape reads the attribute; not to be changed. */
    public Unit[] affectedBy(String attributeIri) {
        Unit[] affected = byAttribute.get(attributeIri);
        return affected == null ? anyUnits : affected;
    }

    /** Those that read the entity's own types; not to be changed. */
    public Unit[] typeUnits() {
        return typeUnits;
    }
}
