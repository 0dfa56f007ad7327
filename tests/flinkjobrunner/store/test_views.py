"""The views: what is in them, that each is documented, and that the documented queries work."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flinkjobrunner.store import begin, deployments, programs, semantics
from shacl2flink import Input, compile_shapes
from support.alerts import Seed, alert
from support.deployed import Deployed

if TYPE_CHECKING:
    from shacl2flink import Compilation

DOCS = Path(__file__).parents[3] / "docs"
EX = "https://example.org/"
SUB_CLASS_OF = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
PREFIXES = f"""
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <{EX}> .
"""
SHAPES = """
ex:MachineShape a sh:NodeShape ; sh:targetClass ex:Machine ;
    sh:property [ sh:path ex:speed ; sh:minCount 1 ; sh:maxCount 4 ;
        sh:severity sh:Warning ; sh:message "no speed"@en ] .
"""
KNOWLEDGE = """
ex:Laser rdfs:subClassOf ex:Cutter . ex:Cutter rdfs:subClassOf ex:Machine .
ex:Laser rdfs:label "Laser"@de ; ex:power 7 ; ex:of [ ex:power 8 ] .
"""
SPEED = f"<{EX}MachineShape>/<{EX}speed>"


def compiled(shapes: str = SHAPES, knowledge: str = KNOWLEDGE) -> Compilation:
    def document(name: str, text: str) -> Input:
        return Input(name=name, content=(PREFIXES + text).encode())

    done = compile_shapes([document("s.ttl", shapes)], [document("k.ttl", knowledge)])
    assert done.program is not None, done.diagnostics
    return done


def add(url: str, done: Compilation) -> str:
    """As a deploy adds it."""
    assert done.program is not None
    assert done.digest is not None
    assert done.summary is not None

    program = programs.NewProgram(
        digest=done.digest,
        compressed=gzip.compress(done.program),
        format_version=1,
        summary=done.summary,
        inputs_hash="1",
        sources={},
    )
    with begin(url) as connection:
        programs.add(connection, program)
        semantics.write(connection, done.digest, done.program)
    return done.digest


def rows(url: str, query: str) -> list[dict[str, Any]]:
    with begin(url) as connection:
        return [dict(row) for row in connection.exec_driver_sql(query).mappings()]


def count(url: str, table: str) -> int:
    return int(rows(url, f"SELECT count(*) AS n FROM {table}")[0]["n"])


def deploy(url: str, digest: str) -> None:
    deployed = Deployed(url)
    deployed.ask("one")
    job = deployed.claim()
    with begin(url) as connection:
        deployments.activate(
            connection,
            name="default",
            digest=digest,
            job_id=job.job_id,
            attempt=job.attempt,
            above=0,
            parallelism=2,
        )


class TestContent:
    def test_programs(self, database_url: str) -> None:
        digest = add(database_url, compiled())
        (row,) = rows(database_url, "SELECT * FROM shacl.programs")
        assert (row["program"], row["numbers"], row["format_version"]) == (digest, "declared", 1)
        assert (row["shapes"], row["constraints"], row["knowledge_triples"]) == (2, 2, 6)

    def test_shapes(self, database_url: str) -> None:
        add(database_url, compiled())
        inner, outer = rows(database_url, "SELECT * FROM shacl.shapes ORDER BY shape")
        assert (outer["shape"], outer["iri"]) == (f"{EX}MachineShape", f"{EX}MachineShape")
        assert (outer["target_classes"], outer["property_shapes"]) == ([f"{EX}Machine"], [SPEED])
        assert (inner["shape"], inner["iri"], inner["path"]) == (SPEED, None, f"{EX}speed")
        assert inner["severity"].endswith("#Warning")
        assert inner["messages"] == [{"@value": "no speed", "@language": "en"}]
        assert inner["target_classes"] == []

    def test_constraints_are_named_as_alerts_name_them(self, database_url: str) -> None:
        add(database_url, compiled())
        found = rows(database_url, "SELECT * FROM shacl.constraints ORDER BY position")
        assert [(one["shape"], one["component"], one["parameters"]) for one in found] == [
            (SPEED, "http://www.w3.org/ns/shacl#MinCountConstraintComponent", {"minCount": 1}),
            (SPEED, "http://www.w3.org/ns/shacl#MaxCountConstraintComponent", {"maxCount": 4}),
        ]

    def test_knowledge_with_its_closure(self, database_url: str) -> None:
        add(database_url, compiled())
        found = rows(database_url, "SELECT * FROM shacl.knowledge")
        hierarchy = {
            (one["subject"], one["object"], one["inferred"])
            for one in found
            if one["predicate"] == SUB_CLASS_OF
        }
        assert hierarchy == {
            (f"{EX}Laser", f"{EX}Cutter", False),
            (f"{EX}Cutter", f"{EX}Machine", False),
            (f"{EX}Laser", f"{EX}Machine", True),
        }
        others = {
            (one["object"], one["object_kind"], one["datatype"], one["language"])
            for one in found
            if one["predicate"] != SUB_CLASS_OF
        }
        integer = "http://www.w3.org/2001/XMLSchema#integer"
        assert others == {
            ("Laser", "literal", None, "de"),
            ("7", "literal", integer, None),
            ("8", "literal", integer, None),
            ("_:b0", "blank", None, None),
        }

    def test_knowledge_that_programs_share_is_kept_once(self, database_url: str) -> None:
        add(database_url, compiled())
        before = count(database_url, "knowledge_triples")
        add(database_url, compiled(SHAPES.replace("4", "5")))
        assert count(database_url, "knowledge_triples") == before == 7
        assert count(database_url, "shacl.knowledge") == 14

    def test_the_same_program_again_changes_nothing(self, database_url: str) -> None:
        add(database_url, compiled())
        add(database_url, compiled())
        assert count(database_url, "shacl.shapes") == 2

    def test_texts_that_postgresql_cannot_hold(self, database_url: str) -> None:
        long = "x" * 20_000
        text = SHAPES.replace("no speed", f"no\\u0000speed {long}").replace(
            "ex:speed", f"ex:{long}"
        )
        add(database_url, compiled(text, f'ex:a ex:{long} "\\u0000", "{long}" .'))
        (row,) = rows(database_url, "SELECT messages FROM shacl.shapes WHERE path IS NOT NULL")
        assert row["messages"][0]["@value"] == f"no\ufffdspeed {long}"
        assert count(database_url, "shacl.knowledge") == 2

    def test_programs_of_before_are_filled_in(self, database_url: str) -> None:
        digest = add(database_url, compiled())
        wanted = rows(database_url, "SELECT * FROM shacl.knowledge ORDER BY subject, object")
        with begin(database_url) as connection:
            connection.exec_driver_sql("UPDATE programs SET knowledge = NULL, numbers = NULL")
            for table in ("program_shapes", "program_constraints", "knowledge"):
                connection.exec_driver_sql(f"DELETE FROM {table}")
            semantics.fill(connection)
        found = rows(database_url, "SELECT * FROM shacl.knowledge ORDER BY subject, object")
        assert found == wanted
        assert {one["program"] for one in rows(database_url, "SELECT * FROM shacl.shapes")} == {
            digest
        }

    def test_alerts(self, database_url: str) -> None:
        seed = Seed(database_url)
        seed.say(alert("a", 1), alert("b", 1), alert("b", 2, "cleared"))
        (row,) = rows(database_url, "SELECT * FROM shacl.standing_alerts")
        assert (row["alert_id"], row["entity"]) == ("a", "urn:test:a")
        assert row["entity_types"] == [f"{EX}plant/Cutter"]
        assert (row["attribute"], row["value"]) == (f"{EX}plant/state", f"{EX}plant/BROKEN")
        assert row["message"] == "the state is none of the machine states"
        history = rows(database_url, "SELECT * FROM shacl.alert_history ORDER BY position")
        assert [(one["alert_id"], one["transition"]) for one in history] == [
            ("a", "raised"),
            ("b", "raised"),
            ("b", "cleared"),
        ]

    def test_an_alert_with_less_in_it(self, database_url: str) -> None:
        Seed(database_url).say(alert("a", 1, attributePath=[], value=None, messages=[]))
        (row,) = rows(database_url, "SELECT * FROM shacl.standing_alerts")
        assert (row["attribute"], row["value"], row["message"]) == (None, None, None)


def reference(url: str) -> str:
    """The tables of the page, made of the comments of the catalog."""
    parts = []
    for view in rows(
        url,
        "SELECT c.oid, relname, obj_description(c.oid) AS told FROM pg_class c"
        " WHERE relnamespace = 'shacl'::regnamespace AND relkind = 'v' ORDER BY c.oid",
    ):
        columns = rows(
            url,
            "SELECT attname AS name, format_type(atttypid, atttypmod) AS type,"
            " col_description(attrelid, attnum) AS told FROM pg_attribute"
            f" WHERE attrelid = {view['oid']} AND attnum > 0 ORDER BY attnum",
        )
        parts.append(f"## `{view['relname']}`\n\n{view['told']}\n\n| column | type | meaning |")
        parts[-1] += "\n|---|---|---|\n" + "\n".join(
            f"| `{one['name']}` | {one['type']} | {one['told']} |" for one in columns
        )
    return "\n\n".join(parts) + "\n"


def test_every_view_and_column_is_documented(database_url: str) -> None:
    page = (DOCS / "reference" / "database.md").read_text()
    head, found, tables = page.partition("\n## `")
    assert head
    assert found + tables == "\n" + reference(database_url)


QUERIES = re.findall(
    r"```sql\n(.*?)```", (DOCS / "how-to" / "query-with-sql.md").read_text(), re.DOTALL
)


class TestDocumentedQueries:
    @pytest.fixture
    def url(self, database_url: str) -> str:
        deploy(database_url, add(database_url, compiled()))
        again = "2026-01-01T00:01:00.000Z"
        Seed(database_url).say(
            alert("a", 1, sourceShape=SPEED),
            alert("b", 1, sourceShape=SPEED),
            alert("b", 2, "cleared", sourceShape=SPEED),
            alert("b", 3, sourceShape=SPEED, raisedAt=again, updatedAt=again),
        )
        return database_url

    def test_there_are_three(self) -> None:
        assert len(QUERIES) == 3

    def test_where_the_plant_suffers_most(self, url: str) -> None:
        (row,) = rows(url, QUERIES[0])
        assert (row["shape"], row["alerts"], row["message"]) == (SPEED, 2, "no speed")

    def test_how_long_violations_last(self, url: str) -> None:
        (row,) = rows(url, QUERIES[1])
        assert (row["shape"], row["times"]) == (SPEED, 1)
        assert row["mean"] == row["longest"]

    def test_which_classes_a_shape_concerns(self, url: str) -> None:
        found = [one["concerned"] for one in rows(url, QUERIES[2])]
        assert found == [f"{EX}Cutter", f"{EX}Laser", f"{EX}Machine"]
