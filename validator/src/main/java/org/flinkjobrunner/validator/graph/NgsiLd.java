package org.flinkjobrunner.validator.graph;

/** The IRIs of NGSI-LD as RDF. */
public final class NgsiLd {
    public static final String NS = "https://uri.etsi.org/ngsi-ld/";
    public static final String RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
    public static final String RDF_FIRST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";
    public static final String RDF_REST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest";
    public static final String RDF_NIL = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil";
    public static final String RDFS_SUB_CLASS_OF = "http://www.w3.org/2000/01/rdf-schema#subClassOf";

    public static final String HAS_VALUE = NS + "hasValue";
    public static final String HAS_OBJECT = NS + "hasObject";
    public static final String HAS_LANGUAGE_MAP = NS + "hasLanguageMap";
    public static final String HAS_VOCAB = NS + "hasVocab";
    public static final String HAS_JSON = NS + "hasJSON";
    public static final String HAS_VALUE_LIST = NS + "hasValueList";
    public static final String HAS_OBJECT_LIST = NS + "hasObjectList";
    public static final String HAS_OBJECT_TYPE = NS + "hasObjectType";

    public static final String OBSERVED_AT = NS + "observedAt";
    public static final String CREATED_AT = NS + "createdAt";
    public static final String MODIFIED_AT = NS + "modifiedAt";
    public static final String DELETED_AT = NS + "deletedAt";
    public static final String EXPIRES_AT = NS + "expiresAt";
    public static final String UNIT_CODE = NS + "unitCode";
    public static final String DATASET_ID = NS + "datasetId";
    public static final String SCOPE = NS + "scope";
    /** The datatype of the times above: not xsd:dateTime. */
    public static final String DATE_TIME = NS + "DateTime";

    /** The dataset id of the default instance, which has no triple. */
    public static final String NO_DATASET = "@none";

    private NgsiLd() {}
}
