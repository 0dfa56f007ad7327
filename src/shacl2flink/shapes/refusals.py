"""Terms of the `sh:` namespace that are known and refused, each with where it is specified.

Nothing is skipped silently: a term that stands in none of the tables is refused too, as
a misspelt one.
"""

from __future__ import annotations

from dataclasses import dataclass

CORE = "https://www.w3.org/TR/shacl/"
ADVANCED = "https://www.w3.org/TR/shacl-af/"
SCRIPT = "https://www.w3.org/TR/shacl-js/"
DRAFT = "https://www.w3.org/TR/shacl12-core/"

_SPARQL = "say it with constraint components of SHACL Core, or leave it out"


@dataclass(frozen=True)
class Refusal:
    chapter: str
    section: str
    hint: str


def _table(chapter: str, hint: str, *rows: tuple[str, str]) -> dict[str, Refusal]:
    return {
        name: Refusal(chapter, section, hint) for section, names in rows for name in names.split()
    }


REFUSED: dict[str, Refusal] = {
    **_table(
        "SHACL Core: graphs and reports",
        "leave it out: it says nothing about a shape",
        (CORE + "#shapes-graph", "shapesGraph suggestedShapesGraph shapesGraphWellFormed"),
        (CORE + "#shacl-sparql-entailment", "entailment"),
        (
            CORE + "#validation-report",
            (
                "conforms result detail focusNode resultPath resultSeverity resultMessage value "
                "sourceShape sourceConstraint sourceConstraintComponent ValidationReport "
                "ValidationResult AbstractResult"
            ),
        ),
    ),
    **_table(
        "SHACL-SPARQL",
        _SPARQL,
        (
            CORE + "#sparql-constraints",
            "sparql select prefixes SPARQLConstraint SPARQLExecutable SPARQLSelectExecutable",
        ),
        (
            CORE + "#sparql-constraint-components",
            (
                "ask construct update validator nodeValidator propertyValidator parameter optional "
                "labelTemplate ConstraintComponent Parameter Parameterizable Validator "
                "SPARQLAskValidator SPARQLSelectValidator SPARQLAskExecutable "
                "SPARQLConstructExecutable SPARQLUpdateExecutable"
            ),
        ),
        (
            CORE + "#sparql-constraints-annotations",
            (
                "resultAnnotation annotationProperty annotationValue annotationVarName "
                "ResultAnnotation"
            ),
        ),
    ),
    **_table(
        "SHACL Advanced Features",
        "leave it out",
        (ADVANCED + "#targets", "target Target TargetType SPARQLTarget SPARQLTargetType"),
        (
            ADVANCED + "#rules",
            "rule condition subject predicate object Rule TripleRule SPARQLRule JSRule",
        ),
        (ADVANCED + "#ExpressionConstraintComponent", "expression"),
        (ADVANCED + "#functions", "returnType Function SPARQLFunction"),
        (
            ADVANCED + "#node-expressions",
            (
                "filterShape nodes this union intersection minus exists if then else count sum min "
                "max avg distinct groupConcat separator orderBy desc asc limit offset"
            ),
        ),
        (ADVANCED + "#property-values", "values"),
    ),
    **_table(
        "SHACL JavaScript",
        "scripts are never run",
        (
            SCRIPT,
            (
                "js jsFunctionName jsLibrary jsLibraryURL JSConstraint JSExecutable JSFunction "
                "JSLibrary JSTarget JSTargetType JSValidator"
            ),
        ),
    ),
    **_table(
        "SHACL 1.2 (draft)",
        "use the terms of SHACL 1.0",
        (
            DRAFT,
            (
                "targetWhere targetShape memberShape minListLength maxListLength uniqueMembers "
                "singleLine someValue subsetOf uniqueValuesFor rootClass reifierShape "
                "reificationRequired nodeByExpression sparqlExpr shape conformanceDisallows "
                "ByTypes ShapeClass NodeExpression ListNodeExpression"
            ),
        ),
    ),
}

# They say nothing that a data graph could violate.
NON_VALIDATING: dict[str, str] = {
    "name": CORE + "#name",
    "description": CORE + "#name",
    "order": CORE + "#order",
    "group": CORE + "#group",
    "defaultValue": CORE + "#defaultValue",
    "unit": CORE + "#nonValidation",
    "declare": CORE + "#sparql-prefixes",
    "prefix": CORE + "#sparql-prefixes",
    "namespace": CORE + "#sparql-prefixes",
    "intent": DRAFT,
    "agentInstruction": DRAFT,
    "codeIdentifier": DRAFT,
}
ACCEPTED_TYPES = frozenset(
    {"NodeShape", "PropertyShape", "Shape", "PropertyGroup", "PrefixDeclaration", "Severity"}
    | {"NodeKind"}
)
# Ours, for what SHACL has no word for; a later version will know them.
OWN_TERMS = frozenset({"maxAge", "holdFor", "clearAfter"})
