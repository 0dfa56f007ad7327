package org.flinkjobrunner.validator.program;

import java.util.List;
import org.flinkjobrunner.validator.shapes.Unit;

/** A unit and what it reads of its entity. */
record IndexedUnit(Unit unit, List<String> attributes, boolean readsAllAttributes, boolean readsTypes) {}
