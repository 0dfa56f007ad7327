"""Programs as rows, and the schema `shacl`: views for people with psql and for reporting tools.

The comments of views and columns are their documentation: a test compares them with
docs/reference/database.md.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TYPES = "ARRAY(SELECT jsonb_path_query({0}, '$.entityTypes[*]') #>> '{{}}')"
_VALUE = "COALESCE({0} #>> '{{value,@value}}', {0} #>> '{{value,@id}}')"

# By name: its comment, its columns as (name, expression, comment), and where they come from.
VIEWS: dict[str, tuple[str, list[tuple[str, str, str]], str]] = {
    "deployments": (
        "What is deployed, and which program is active.",
        [
            ("deployment", "d.name", "Its name."),
            ("desired", "d.desired", "`running` or `undeployed`."),
            ("program", "d.digest", "The digest of the program that is active."),
            ("epoch", "d.epoch", "Counts the activations."),
            ("acknowledged_epoch", "d.acknowledged_epoch",
             "The newest epoch that every instance of the Flink job has acknowledged."),
            ("flink_job_id", "d.flink_job_id", "The newest Flink job."),
            ("observed", "d.observed", "The state of the Flink job when last seen."),
            ("observed_at", "d.observed_at", "When that was."),
            ("desired_since", "d.desired_since", "When it was deployed or undeployed."),
            ("created_at", "d.created_at", "When it was deployed first."),
        ],
        "public.deployments d",
    ),
    "activations": (
        "Which program was activated when; the newest of a deployment is the active one.",
        [
            ("deployment", "a.deployment", "The deployment."),
            ("epoch", "a.epoch", "The number of the activation."),
            ("program", "a.digest", "The digest of the program."),
            ("job_id", "a.job_id", "The job that did it."),
            ("at", "a.at", "When."),
        ],
        "public.activations a",
    ),
    "programs": (
        "Every program that was ever deployed.",
        [
            ("program", "p.digest", "Its digest, by which the other views name it."),
            ("format_version", "p.format_version", "Of the program's format."),
            ("numbers", "p.numbers", "How numbers of JSON are read."),
            ("shapes", "(p.summary ->> 'shapes')::bigint", "How many shapes it has."),
            ("constraints", "(p.summary ->> 'constraints')::bigint",
             "How many constraints they have."),
            ("knowledge_triples", "(p.summary ->> 'knowledgeTriples')::bigint",
             "How many triples its knowledge has, without inferred ones."),
            ("created_at", "p.created_at", "When it was deployed first."),
        ],
        "public.programs p",
    ),
    "shapes": (
        "The shapes of every program.",
        [
            ("program", "s.digest", "The digest of the program."),
            ("shape", "s.label",
             "Its label: its IRI, or its place for an anonymous one; alerts name it so."),
            ("iri", "s.iri", "Its IRI; null for an anonymous one."),
            ("path", "s.path", "The predicate of a property shape; null for a node shape."),
            ("target_classes", "s.target_classes",
             "The classes that it targets; empty when it is only reached from another shape."),
            ("severity", "s.severity", "The IRI of its severity."),
            ("messages", "s.messages", "Its messages, each with `@value` and `@language`."),
            ("property_shapes", "s.property_shapes", "The labels of its property shapes."),
        ],
        "public.program_shapes s",
    ),
    "constraints": (
        "The constraints of every shape.",
        [
            ("program", "c.digest", "The digest of the program."),
            ("shape", "s.label", "The label of the shape."),
            ("position", "c.position", "Tells constraints of one shape apart, from 0."),
            ("component",
             "'http://www.w3.org/ns/shacl#' || c.component || 'ConstraintComponent'",
             "The IRI of the constraint component; alerts name it so."),
            ("parameters", "c.parameters",
             "Its parameters, as [the program](program.md) writes them."),
        ],
        """public.program_constraints c
        JOIN public.program_shapes s ON s.digest = c.digest AND s.position = c.shape""",
    ),
    "knowledge": (
        "The knowledge of every program, with the closure of `rdfs:subClassOf`.",
        [
            ("program", "p.digest", "The digest of the program."),
            ("subject", "t.subject", "An IRI, or the label of a blank node (`_:b0`)."),
            ("predicate", "t.predicate", "An IRI."),
            ("object", "t.object", "An IRI, a label, or the lexical form of a literal."),
            ("object_kind", "t.object_kind", "`iri`, `blank` or `literal`."),
            ("datatype", "t.datatype", "The IRI of a literal's datatype."),
            ("language", "t.language", "A literal's language."),
            ("inferred", "t.inferred",
             "The triple was not given: it follows from the hierarchy of classes."),
        ],
        "public.programs p JOIN public.knowledge_triples t ON t.knowledge = p.knowledge",
    ),
    "standing_alerts": (
        "The alerts that stand now.",
        [
            ("alert_id", "a.alert_id", "Its id."),
            ("deployment", "a.deployment", "The deployment that raised it."),
            ("program", "a.data ->> 'program'", "The program that judged last."),
            ("entity", "a.entity", "The id of the entity."),
            ("entity_types", _TYPES.format("a.data"), "The types of the entity."),
            ("attribute", "a.data #>> '{attributePath,0,name}'",
             "The attribute that is wrong; null when the entity itself is."),
            ("shape", "a.source_shape", "The label of the shape."),
            ("component", "a.data ->> 'sourceConstraintComponent'",
             "The IRI of the constraint component."),
            ("severity", "a.severity", "The IRI of the severity."),
            ("message", "a.data #>> '{messages,0,@value}'", "The first of its messages."),
            ("value", _VALUE.format("a.data"),
             "The first offending value; null for components that judge no single value."),
            ("raised_at", "a.raised_at", "Since when it stands."),
            ("updated_at", "a.updated_at", "When it changed last."),
            ("stale_since", "a.stale_since",
             "Nobody judges it any more since then; null while somebody does."),
            ("data", "a.data", "[The whole alert](formats.md#alerts)."),
        ],
        "public.alerts a WHERE a.state <> 'cleared'",
    ),
    "alert_history": (
        "Every transition of every alert.",
        [
            ("position", "h.position", "The order in which they became visible."),
            ("alert_id", "h.alert_id", "The id of the alert."),
            ("transition", "h.type", "`raised`, `updated` or `cleared`."),
            ("at", "h.at", "When."),
            ("deployment", "h.data ->> 'deployment'", "The deployment that raised it."),
            ("program", "h.data ->> 'program'", "The program that judged."),
            ("entity", "h.data ->> 'entity'", "The id of the entity."),
            ("shape", "h.data ->> 'sourceShape'", "The label of the shape."),
            ("component", "h.data ->> 'sourceConstraintComponent'",
             "The IRI of the constraint component."),
            ("severity", "h.data ->> 'severity'", "The IRI of the severity."),
            ("message", "h.data #>> '{messages,0,@value}'", "The first of its messages."),
            ("value", _VALUE.format("h.data"), "The first offending value."),
            ("data", "h.data", "[The whole alert](formats.md#alerts) as it was then."),
        ],
        "public.alert_history h",
    ),
}  # fmt: skip


def upgrade() -> None:
    _knowledge()
    _program_shapes()
    _program_constraints()
    op.add_column("programs", sa.Column("numbers", sa.Text))
    op.add_column("programs", sa.Column("knowledge", sa.BigInteger))
    op.create_foreign_key(
        "programs_knowledge_fkey", "programs", "knowledge", ["knowledge"], ["knowledge_id"]
    )
    op.execute("CREATE SCHEMA shacl")
    op.execute("COMMENT ON SCHEMA shacl IS 'For reading: see docs/reference/database.md'")
    for name, (comment, columns, source) in VIEWS.items():
        listed = ", ".join(f"{expression} AS {column}" for column, expression, _ in columns)
        _exactly(f"CREATE VIEW shacl.{name} AS SELECT {listed} FROM {source}")  # noqa: S608 - ours
        _exactly(f"COMMENT ON VIEW shacl.{name} IS '{_quoted(comment)}'")
        for column, _, told in columns:
            _exactly(f"COMMENT ON COLUMN shacl.{name}.{column} IS '{_quoted(told)}'")


def _exactly(statement: str) -> None:
    """What looks like a parameter in it is none."""
    op.get_bind().exec_driver_sql(statement)


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _knowledge() -> None:
    op.create_table(
        "knowledge",
        sa.Column("knowledge_id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("knowledge_id", name="knowledge_pkey"),
        sa.UniqueConstraint("hash", name="knowledge_hash_key"),
    )
    op.create_table(
        "knowledge_triples",
        sa.Column("knowledge", sa.BigInteger, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("predicate", sa.Text, nullable=False),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("object_kind", sa.Text, nullable=False),
        sa.Column("datatype", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("inferred", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(
            ["knowledge"],
            ["knowledge.knowledge_id"],
            name="knowledge_triples_knowledge_fkey",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "object_kind IN ('iri', 'blank', 'literal')", name="knowledge_triples_object_kind_check"
        ),
    )
    op.create_index("knowledge_triples_knowledge_idx", "knowledge_triples", ["knowledge"])


def _program_shapes() -> None:
    op.create_table(
        "program_shapes",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("iri", sa.Text),
        sa.Column("path", sa.Text),
        sa.Column("target_classes", ARRAY(sa.Text), nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("messages", JSONB, nullable=False),
        sa.Column("property_shapes", ARRAY(sa.Text), nullable=False),
        sa.PrimaryKeyConstraint("digest", "position", name="program_shapes_pkey"),
        sa.ForeignKeyConstraint(
            ["digest"], ["programs.digest"], name="program_shapes_digest_fkey", ondelete="CASCADE"
        ),
    )


def _program_constraints() -> None:
    op.create_table(
        "program_constraints",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("shape", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("component", sa.Text, nullable=False),
        sa.Column("parameters", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("digest", "shape", "position", name="program_constraints_pkey"),
        sa.ForeignKeyConstraint(
            ["digest"],
            ["programs.digest"],
            name="program_constraints_digest_fkey",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """What others put into the schema is not dropped: then this fails, and says so."""
    for name in VIEWS:
        op.execute(f"DROP VIEW shacl.{name}")
    op.execute("DROP SCHEMA shacl")
    op.drop_column("programs", "knowledge")
    op.drop_column("programs", "numbers")
    for table in ("program_constraints", "program_shapes", "knowledge_triples", "knowledge"):
        op.drop_table(table)
