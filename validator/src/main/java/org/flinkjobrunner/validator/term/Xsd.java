package org.flinkjobrunner.validator.term;

/** The IRIs of the datatypes that have a meaning here. */
public final class Xsd {
    public static final String NS = "http://www.w3.org/2001/XMLSchema#";
    public static final String STRING = NS + "string";
    public static final String BOOLEAN = NS + "boolean";
    public static final String INTEGER = NS + "integer";
    public static final String DECIMAL = NS + "decimal";
    public static final String FLOAT = NS + "float";
    public static final String DOUBLE = NS + "double";
    public static final String DATE_TIME = NS + "dateTime";
    public static final String LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString";
    public static final String JSON = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON";

    private Xsd() {}
}
