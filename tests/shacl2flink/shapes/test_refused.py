"""Whatever is not evaluated is refused by name: shape, term, line, what to do, where to read."""

from __future__ import annotations

import pytest

from shacl2flink import Compilation, Input, compile_shapes

PREFIXES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix fjr: <https://flinkjobrunner.org/ns#> .
"""
FIRST_LINE = PREFIXES.count("\n") + 1
SH = "http://www.w3.org/ns/shacl#"
# Line 1 opens the shape, line 2 the property shape, line 3 is what is tried.
AT_PROPERTY = "ex:S a sh:NodeShape ; sh:targetClass ex:C ;\nsh:property [ sh:path ex:p ;\n{} ] ."
AT_NODE = "ex:S a sh:NodeShape ; sh:targetClass ex:C ;\n\n{} ."
PROPERTY_LABEL = "<https://example.org/S>/<https://example.org/p>"
NODE_LABEL = "https://example.org/S"

# What is written at a property shape, the code, the term, the hint's beginning (or nothing).
PROPERTY_TABLE = [
    ("sh:sparql [ sh:select 'SELECT $this {}' ]", "unsupported-term", "sparql"),
    ("sh:js [ sh:jsFunctionName 'f' ]", "unsupported-term", "js"),
    ("sh:expression ex:e", "unsupported-term", "expression"),
    ("sh:values [ sh:path ex:q ]", "unsupported-term", "values"),
    # SHACL 1.2.
    ("sh:memberShape [ sh:class ex:A ]", "unsupported-term", "memberShape"),
    ("sh:singleLine true", "unsupported-term", "singleLine"),
    ("sh:uniqueMembers true", "unsupported-term", "uniqueMembers"),
    ("sh:someValue [ sh:class ex:A ]", "unsupported-term", "someValue"),
    ("sh:reifierShape ex:R", "unsupported-term", "reifierShape"),
    # Misspelt ones.
    ("sh:minCuont 1", "unknown-term", "minCuont"),
    ("sh:dataType xsd:string", "unknown-term", "dataType"),
    ("sh:somethingElse 1", "unknown-term", "somethingElse"),
    # Values of the wrong kind.
    ("sh:languageIn ( 1 )", "wrong-value", "languageIn"),
    ('sh:languageIn ( "en"@en )', "wrong-value", "languageIn"),
    ("sh:uniqueLang 1", "wrong-value", "uniqueLang"),
    ('sh:equals "ex:q"', "wrong-value", "equals"),
    ("sh:disjoint [ ]", "wrong-value", "disjoint"),
    ("sh:lessThan 1", "wrong-value", "lessThan"),
    ("sh:lessThanOrEquals ( ex:q )", "wrong-value", "lessThanOrEquals"),
    ('sh:not "ex:A"', "wrong-value", "not"),
    ("sh:and ( 1 )", "wrong-value", "and"),
    ("sh:or ( [ sh:minLength 1 ] 1 )", "wrong-value", "or"),
    ("sh:xone ( true )", "wrong-value", "xone"),
    ("sh:node 1", "wrong-value", "node"),
    ("sh:qualifiedValueShape 1 ; sh:qualifiedMinCount 1", "wrong-value", "qualifiedValueShape"),
    (
        "sh:qualifiedValueShape [ ] ; sh:qualifiedMinCount -1",
        "wrong-value",
        "qualifiedMinCount",
    ),
    (
        "sh:qualifiedValueShape [ ] ; sh:qualifiedMaxCount 1.5",
        "wrong-value",
        "qualifiedMaxCount",
    ),
    (
        "sh:qualifiedValueShape [ ] ; sh:qualifiedMaxCount 1 ; sh:qualifiedValueShapesDisjoint 1",
        "wrong-value",
        "qualifiedValueShapesDisjoint",
    ),
    ("sh:closed 1", "wrong-value", "closed"),
    ("sh:closed true ; sh:ignoredProperties ( 1 )", "wrong-value", "ignoredProperties"),
    # Shapes that are not there.
    ("sh:node ex:Nowhere", "undescribed-shape", "node"),
    ("sh:not ex:Nowhere", "undescribed-shape", "not"),
    ("sh:or ( ex:Nowhere )", "undescribed-shape", "or"),
    ("sh:minCount -1", "wrong-value", "minCount"),
    ('sh:minCount "1"', "wrong-value", "minCount"),
    ("sh:minCount 1.0", "wrong-value", "minCount"),
    ('sh:minCount "one"^^xsd:integer', "wrong-value", "minCount"),
    ("sh:maxCount 99999999999999999999", "wrong-value", "maxCount"),
    ("sh:maxCount ex:many", "wrong-value", "maxCount"),
    ('sh:datatype "xsd:string"', "wrong-value", "datatype"),
    ("sh:datatype ( xsd:string xsd:integer )", "wrong-value", "datatype"),
    ('sh:class "ex:A"', "wrong-value", "class"),
    ("sh:class [ ]", "wrong-value", "class"),
    ("sh:nodeKind sh:Iri", "wrong-value", "nodeKind"),
    ("sh:nodeKind ex:IRI", "wrong-value", "nodeKind"),
    ('sh:nodeKind "IRI"', "wrong-value", "nodeKind"),
    ("sh:minInclusive ex:a", "wrong-value", "minInclusive"),
    ("sh:maxExclusive [ ]", "wrong-value", "maxExclusive"),
    ("sh:minLength -3", "wrong-value", "minLength"),
    ('sh:maxLength "3"^^xsd:int', "wrong-value", "maxLength"),
    ('sh:pattern "a"@en', "wrong-value", "pattern"),
    ("sh:pattern ex:a", "wrong-value", "pattern"),
    ('sh:pattern "a" ; sh:flags 1', "wrong-value", "flags"),
    ("sh:severity 'Warning'", "wrong-value", "severity"),
    ("sh:message 12", "wrong-value", "message"),
    ('sh:deactivated "true"', "wrong-value", "deactivated"),
    ("sh:deactivated 1", "wrong-value", "deactivated"),
    ('sh:property "ex:P"', "wrong-value", "property"),
    # Too many.
    ('sh:languageIn ( "en" ) , ( "de" )', "too-many-values", "languageIn"),
    ("sh:uniqueLang true , false", "too-many-values", "uniqueLang"),
    ("sh:closed true , false", "too-many-values", "closed"),
    ("sh:closed true ; sh:ignoredProperties () , ( ex:p )", "too-many-values", "ignoredProperties"),
    (
        "sh:qualifiedValueShape [ ] , [ ] ; sh:qualifiedMinCount 1",
        "too-many-values",
        "qualifiedValueShape",
    ),
    (
        "sh:qualifiedValueShape [ ] ; sh:qualifiedMinCount 1 , 2",
        "too-many-values",
        "qualifiedMinCount",
    ),
    ("sh:minCount 1 , 2", "too-many-values", "minCount"),
    ("sh:datatype xsd:string , xsd:integer", "too-many-values", "datatype"),
    ("sh:nodeKind sh:IRI , sh:Literal", "too-many-values", "nodeKind"),
    ("sh:minInclusive 1 , 2", "too-many-values", "minInclusive"),
    ('sh:pattern "a" , "b"', "too-many-values", "pattern"),
    ('sh:pattern "a" ; sh:flags "i" , "s"', "too-many-values", "flags"),
    ("sh:in ( 1 ) , ( 2 )", "too-many-values", "in"),
    ("sh:severity sh:Info , sh:Warning", "too-many-values", "severity"),
    ("sh:path ex:q", "too-many-values", "path"),
    ("sh:deactivated true , false", "too-many-values", "deactivated"),
    # Lists.
    ("sh:languageIn ex:a", "malformed-list", "languageIn"),
    ("sh:and [ rdf:first [ ] ]", "malformed-list", "and"),
    ("sh:or ex:A", "malformed-list", "or"),
    ("sh:xone 1", "malformed-list", "xone"),
    ("sh:closed true ; sh:ignoredProperties ex:p", "malformed-list", "ignoredProperties"),
    ("sh:in ex:a", "malformed-list", "in"),
    ("sh:in 1", "malformed-list", "in"),
    ("sh:in [ rdf:first 1 ]", "malformed-list", "in"),
    ("sh:in [ rdf:first 1 ; rdf:rest 2 ]", "malformed-list", "in"),
    ("sh:in [ rdf:first 1 , 2 ; rdf:rest () ]", "malformed-list", "in"),
    ("sh:in ( ex:a [ ] )", "blank-node-value", "in"),
    ("sh:hasValue [ ]", "blank-node-value", "hasValue"),
    # Regular expressions.
    ('sh:pattern "a("', "invalid-regex", "pattern"),
    ('sh:pattern "[z-a]"', "invalid-regex", "pattern"),
    (r'sh:pattern "(a)\\1"', "unsupported-regex", "pattern"),
    ('sh:pattern "(?=a)"', "unsupported-regex", "pattern"),
    ('sh:pattern "a" ; sh:flags "g"', "invalid-flags", "flags"),
]
NODE_TABLE = [
    ("sh:minCount 1", "misplaced-term", "minCount"),
    ("sh:maxCount 1", "misplaced-term", "maxCount"),
    ("sh:uniqueLang true", "misplaced-term", "uniqueLang"),
    ("sh:lessThan ex:q", "misplaced-term", "lessThan"),
    ("sh:lessThanOrEquals ex:q", "misplaced-term", "lessThanOrEquals"),
    ("sh:qualifiedValueShape [ ]", "misplaced-term", "qualifiedValueShape"),
    ("sh:targetNode [ ]", "blank-node-value", "targetNode"),
    ('sh:targetSubjectsOf "ex:p"', "wrong-value", "targetSubjectsOf"),
    ("sh:targetObjectsOf [ ]", "wrong-value", "targetObjectsOf"),
    ("sh:target [ a sh:SPARQLTarget ]", "unsupported-term", "target"),
    ("sh:targetWhere [ sh:class ex:A ]", "unsupported-term", "targetWhere"),
    ("sh:rule [ a sh:TripleRule ; sh:subject sh:this ]", "unsupported-term", "rule"),
    ("sh:entailment <http://www.w3.org/ns/entailment/RDFS>", "unsupported-term", "entailment"),
    ('sh:targetClass "ex:D"', "wrong-value", "targetClass"),
    ("sh:targetClas ex:D", "unknown-term", "targetClas"),
    ("sh:path ex:p", "path-on-node-shape", "path"),
    ("sh:property ex:Nowhere", "missing-path", "path"),
    ("sh:property [ sh:minCount 1 ]", "missing-path", "path"),
    ("a sh:ShapeClass", "unsupported-term", "ShapeClass"),
    ("a sh:NodeShap", "unknown-term", "NodeShap"),
]
MALFORMED_PATHS = [
    '"ex:p"',
    "12",
    "[ ]",
    "()",
    "( ex:p )",
    "( ex:p 1 )",
    "[ ex:a ex:b ]",
    "[ sh:inversePath 1 ]",
    "[ sh:inversePath ex:q , ex:r ]",
    "[ sh:inversePath ex:q ; sh:zeroOrMorePath ex:q ]",
    "[ sh:inversePath ex:q ; ex:a ex:b ]",
    "[ sh:alternativePath ex:q ]",
    "[ sh:alternativePath ( ex:q ) ]",
    "[ sh:alternativePath ( ex:q [ ] ) ]",
    "[ sh:oneOrMorePath () ]",
    "[ rdf:first ex:q ]",
    "[ rdf:first ex:q ; rdf:rest ( ex:r ) , ( ex:s ) ]",
    "[ sh:zeroOrOnePath " * 40 + "ex:q" + " ]" * 40,
]


def compiled(body: str) -> Compilation:
    return compile_shapes([Input(name="s.ttl", content=(PREFIXES + body).encode())])


def assert_refused(body: str, code: str, term: str, shape: str, line: int) -> None:
    compilation = compiled(body)
    assert compilation.program is None
    assert compilation.refused(stream=False)
    found = [d for d in compilation.diagnostics if (d.code, d.term) == (code, SH + term)]
    assert found, compilation.diagnostics
    diagnostic = found[0]
    assert diagnostic.shape == shape
    assert diagnostic.severity == "error"
    assert diagnostic.source is not None
    assert diagnostic.source.file == "s.ttl"
    assert diagnostic.source.line == FIRST_LINE + line - 1
    assert diagnostic.source.column is not None
    assert diagnostic.message
    assert diagnostic.hint
    assert (diagnostic.section or "").startswith("https://www.w3.org/TR/")


@pytest.mark.parametrize(("text", "code", "term"), PROPERTY_TABLE)
def test_at_a_property_shape(text: str, code: str, term: str) -> None:
    assert_refused(AT_PROPERTY.format(text), code, term, PROPERTY_LABEL, 3)


@pytest.mark.parametrize(("text", "code", "term"), NODE_TABLE)
def test_at_a_node_shape(text: str, code: str, term: str) -> None:
    nested = {"sh:property [ sh:minCount 1 ]": "<https://example.org/S>/<?>"}
    label = nested.get(text, "https://example.org/Nowhere" if "Nowhere" in text else NODE_LABEL)
    assert_refused(AT_NODE.format(text), code, term, label, 3)


@pytest.mark.parametrize("path", MALFORMED_PATHS)
def test_a_path_that_is_none(path: str) -> None:
    body = f"ex:S a sh:NodeShape ; sh:targetClass ex:C ;\nsh:property [\nsh:path {path} ] ."
    assert_refused(body, "malformed-path", "path", "<https://example.org/S>/<?>", 3)


def test_an_unknown_term_of_data_is_only_told() -> None:
    """Shapes and data may be one graph, and what data say is not for the shapes."""
    shape = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:nodeKind sh:IRI .\n"
    (diagnostic,) = compiled(shape + "ex:i a ex:C ; sh:nodeShape ex:S .").diagnostics
    assert (diagnostic.code, diagnostic.severity) == ("unknown-term", "warning")


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("sh:qualifiedMinCount 1", "qualifiedMinCount"),
        ("sh:qualifiedValueShape [ ]", "qualifiedValueShape"),
        ("sh:qualifiedValueShapesDisjoint true", "qualifiedValueShapesDisjoint"),
        ("sh:ignoredProperties ( ex:q )", "ignoredProperties"),
        ('sh:uniqueLang "1"^^xsd:boolean', "uniqueLang"),
    ],
)
def test_what_has_no_effect_is_a_warning(text: str, term: str) -> None:
    diagnostics = compiled(AT_PROPERTY.format(text)).diagnostics
    assert {(d.code, d.severity, d.term) for d in diagnostics} == {
        ("ineffective-term", "warning", SH + term)
    }


def test_a_misspelt_term_comes_with_the_right_one() -> None:
    (diagnostic,) = compiled(AT_PROPERTY.format("sh:minCuont 1")).diagnostics
    assert diagnostic.hint == "did you mean sh:minCount?"


def test_one_diagnostic_for_a_term_with_everything_below_it() -> None:
    body = AT_NODE.format(
        'sh:sparql [ a sh:SPARQLConstraint ; sh:prefixes ex: ; sh:message "m" ;'
        ' sh:select "SELECT $this {}" ]'
    )
    assert [d.term for d in compiled(body).diagnostics] == [SH + "sparql"]


@pytest.mark.parametrize(
    ("body", "term"),
    [
        ('ex:K a sh:ConstraintComponent ; sh:validator [ sh:ask "ASK {}" ] .', "validator"),
        ("ex:F a sh:SPARQLFunction .", "SPARQLFunction"),
        ("ex:T a sh:SPARQLTargetType .", "SPARQLTargetType"),
        ("ex:S sh:targetClas ex:C .", "targetClas"),
        ("[] sh:conforms true .", "conforms"),
    ],
)
def test_terms_at_nodes_that_are_no_shapes(body: str, term: str) -> None:
    shape = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:nodeKind sh:IRI .\n"
    compilation = compiled(shape + body)
    assert SH + term in {d.term for d in compilation.diagnostics}
    assert {d.source.line for d in compilation.diagnostics if d.source} == {FIRST_LINE + 1}
    assert compilation.refused(stream=False)


@pytest.mark.parametrize("name", ["maxAge", "holdFor", "clearAfter"])
def test_our_own_terms_are_refused_for_now(name: str) -> None:
    compilation = compiled(AT_PROPERTY.format(f'fjr:{name} "PT1S"'))
    (diagnostic,) = compilation.diagnostics
    assert (diagnostic.code, diagnostic.shape) == ("unsupported-term", PROPERTY_LABEL)
    assert diagnostic.term == f"https://flinkjobrunner.org/ns#{name}"


def test_a_term_of_ours_that_does_not_exist() -> None:
    (diagnostic,) = compiled(AT_PROPERTY.format("fjr:maxage 1")).diagnostics
    assert diagnostic.code == "unknown-term"


@pytest.mark.parametrize(
    "text",
    [
        'sh:name "p"@en , "p"@de',
        'sh:description "d"',
        "sh:order 1",
        "sh:group ex:G",
        "sh:defaultValue 5",
        "sh:unit ex:celsius",
        "ex:anything ex:atAll",
        'rdfs:label "l"',
    ],
)
def test_what_validates_nothing_is_accepted(text: str) -> None:
    compilation = compiled(AT_PROPERTY.format("sh:minCount 1 ; " + text))
    assert compilation.diagnostics == ()
    assert compilation.program is not None


def test_groups_severities_and_prefixes_are_accepted() -> None:
    body = (
        AT_PROPERTY.format("sh:minCount 1 ; sh:severity ex:bad")
        + " ex:G a sh:PropertyGroup ; sh:order 1 . ex:bad a sh:Severity ."
        + ' ex: sh:declare [ sh:prefix "ex" ; sh:namespace "https://example.org/"^^xsd:anyURI ] .'
    )
    assert compiled(body).diagnostics == ()


def test_a_deactivated_shape_may_hold_what_is_not_supported() -> None:
    body = AT_NODE.format(
        "sh:property [ sh:path ex:p ; sh:deactivated true ; sh:uniqueLang true ;"
        " sh:property [ sh:path [ sh:inversePath ex:q ] ; sh:minCount 1 ] ]"
    )
    compilation = compiled(body)
    assert compilation.diagnostics == ()
    assert compilation.program is not None
    assert b"<https://example.org/S>/" not in compilation.program


def test_but_not_what_is_misspelt() -> None:
    body = AT_PROPERTY.format("sh:deactivated true ; sh:minCuont 1")
    assert [d.code for d in compiled(body).diagnostics] == ["unknown-term"]


def test_a_shape_nested_in_itself() -> None:
    body = AT_NODE.format(
        "sh:property ex:P .\nex:P a sh:PropertyShape ; sh:path ex:p ;\nsh:property ex:Q .\n"
        "ex:Q a sh:PropertyShape ; sh:path ex:q ;\nsh:property ex:P"
    )
    (diagnostic,) = compiled(body).diagnostics
    assert diagnostic.code == "recursive-shape"
    assert "<https://example.org/P> -> <https://example.org/Q>" in diagnostic.message
    assert diagnostic.source is not None
    assert diagnostic.source.line == FIRST_LINE + 6


def test_a_cyclic_list_ends() -> None:
    body = AT_PROPERTY.format("sh:in _:l") + " _:l rdf:first 1 ; rdf:rest _:l ."
    assert [d.code for d in compiled(body).diagnostics] == ["malformed-list"]


def test_a_cyclic_path_ends() -> None:
    body = (
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path _:p ] ."
        " _:p sh:inversePath _:p ."
    )
    assert [d.code for d in compiled(body).diagnostics] == ["malformed-path"]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("sh:node ex:S", "node"),
        ("sh:not ex:S", "not"),
        ("sh:or ( [ sh:class ex:A ] ex:S )", "or"),
        ("sh:qualifiedValueShape ex:S ; sh:qualifiedMinCount 1", "qualifiedValueShape"),
    ],
)
def test_recursion_through_any_term(text: str, term: str) -> None:
    (diagnostic,) = compiled(AT_PROPERTY.format(text)).diagnostics
    assert diagnostic.code == "recursive-shape"
    assert diagnostic.term == SH + term
    assert "<https://example.org/S> -> " in diagnostic.message


def test_few_shapes_cannot_ask_for_any_number_of_evaluations() -> None:
    levels = "".join(
        f"ex:N{n} a sh:NodeShape ; sh:node ex:N{n + 1} ; sh:not ex:N{n + 1} .\n" for n in range(40)
    )
    body = AT_NODE.format("sh:node ex:N0") + levels + "ex:N40 a sh:NodeShape ; sh:nodeKind sh:IRI ."
    assert {d.code for d in compiled(body).diagnostics} == {"limit-evaluations"}


@pytest.mark.parametrize(
    "body",
    ["", "ex:a ex:b ex:c .", "ex:C a owl:Class ; rdfs:label 'no shape' ."],
)
def test_no_shapes(body: str) -> None:
    (diagnostic,) = compiled(body).diagnostics
    assert diagnostic.code == "no-shapes"


def test_a_shape_that_validates_nothing_is_a_warning() -> None:
    body = AT_PROPERTY.format("sh:minCount 1") + (
        "\n\nex:Idle a sh:NodeShape ; sh:nodeKind sh:IRI ."
    )
    compilation = compiled(body)
    (diagnostic,) = compilation.diagnostics
    assert (diagnostic.code, diagnostic.severity) == ("unused-shape", "warning")
    assert diagnostic.shape == "https://example.org/Idle"
    assert diagnostic.source is not None
    assert diagnostic.source.line == FIRST_LINE + 4
    assert compilation.program is not None
    assert b"Idle" not in compilation.program
    assert not compilation.refused()


def test_flags_alone_are_a_warning() -> None:
    compilation = compiled(AT_PROPERTY.format('sh:flags "i"'))
    assert [(d.code, d.severity) for d in compilation.diagnostics] == [
        ("flags-without-pattern", "warning")
    ]


def test_imports_are_not_followed() -> None:
    shape = AT_PROPERTY.format("sh:minCount 1")
    imports = "\nex: a owl:Ontology ; owl:imports <https://example.org/more> ."
    compilation = compiled(shape + imports)
    assert [d.code for d in compilation.diagnostics] == ["import-not-given"]
    assert compilation.refused(stream=False)
    given = "\n<https://example.org/more> a owl:Ontology ."
    assert compiled(shape + imports + given).diagnostics == ()


def test_an_anonymous_class_is_no_target() -> None:
    body = "[] a sh:NodeShape , rdfs:Class ; sh:nodeKind sh:IRI ."
    assert "anonymous-class" in {d.code for d in compiled(body).diagnostics}


def test_diagnostics_are_in_the_order_of_the_file_and_bounded() -> None:
    many = "".join(
        f"ex:S{n} a sh:NodeShape ; sh:targetClass ex:C ; sh:closed 1 .\n" for n in range(1100)
    )
    lines = [d.source.line for d in compiled(many).diagnostics if d.source]
    assert lines == list(range(FIRST_LINE, FIRST_LINE + 1000))


def test_subclasses_in_the_shapes_graph_are_pointed_out() -> None:
    body = AT_PROPERTY.format("sh:minCount 1") + "\nex:D rdfs:subClassOf ex:C ."
    compilation = compiled(body)
    assert [(d.code, d.severity) for d in compilation.diagnostics] == [
        ("hierarchy-in-shapes", "info")
    ]
