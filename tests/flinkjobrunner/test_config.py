"""Every setting: its default, its variable, what is refused, and that it is documented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flinkjobrunner import config
from flinkjobrunner.config import TARGETS, Auth, Backend, Settings, load_settings
from flinkjobrunner.config_reference import reference
from flinkjobrunner.errors import ConfigurationError

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference" / "configuration.md"

# Variable, field, default in a checkout, another value as text, and what it comes to.
SETTINGS: list[tuple[str, str, Any, str, Any]] = [
    ("RUNNER_BIND", "bind", "127.0.0.1", "0.0.0.0", "0.0.0.0"),
    ("RUNNER_PORT", "port", 8080, "0", 0),
    ("DIGITALTWIN_ROOT", "digitaltwin_root", ROOT / "work/shacl2flink", "/x", Path("/x")),
    ("WORK_ROOT", "work_root", ROOT / ".flinkjobrunner", "/x", Path("/x")),
    ("KUBECONFIG", "kubeconfig", None, "/x", Path("/x")),
    ("ALLOWED_TARGETS", "allowed_targets", TARGETS, "plan, setup,", ("plan", "setup")),
    ("RUNNER_BACKEND", "backend", Backend.LOCAL, "session", Backend.SESSION),
    ("RUNNER_DATABASE_URL", "database_url", None, "postgresql://h/d", "postgresql://h/d"),
    ("RUNNER_KAFKA_BOOTSTRAP", "kafka_bootstrap", "127.0.0.1:9092", "k:1", "k:1"),
    ("RUNNER_FLINK_URL", "flink_url", "http://127.0.0.1:8081", "http://f:1", "http://f:1"),
    ("RUNNER_SOURCES", "sources", ("ngsi-ld", "iff"), "iff", ("iff",)),
    ("RUNNER_FETCH_ALLOW", "fetch_allow", (), "a, 10.0.0.0/8", ("a", "10.0.0.0/8")),
    ("RUNNER_AUTH", "auth", Auth.TOKEN, "none", Auth.NONE),
    ("RUNNER_RATE_LIMIT", "rate_limit", 500, "0", 0),
    ("RUNNER_INPUTS_MIB", "inputs_mib", 4096, "100", 100),
    ("RUNNER_RUNTIME", "runtime", ROOT / "build/runtime", "/x", Path("/x")),
    ("RUNNER_PARALLELISM", "parallelism", 2, "4", 4),
    ("RUNNER_LEASE_SECONDS", "lease_seconds", 30, "1.5", 1.5),
    ("RUNNER_JOB_TIMEOUT_SECONDS", "job_timeout_seconds", 3600, "10", 10),
    ("FLINKJOBRUNNER_URL", "service_url", "http://127.0.0.1:8080", "http://s", "http://s"),
]
SECRETS = {"RUNNER_TOKEN": "token", "FLINKJOBRUNNER_TOKEN": "service_token"}


@pytest.fixture(autouse=True)
def work_root(clean_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder without a stack, so that one which runs in this checkout does not get in."""
    monkeypatch.setenv("WORK_ROOT", str(tmp_path))
    return tmp_path


def stack(folder: Path, **content: Any) -> None:
    (folder / "stack.json").write_text(json.dumps(content))


def test_this_list_is_complete() -> None:
    variables = {field.validation_alias for field in Settings.model_fields.values()}
    assert variables == {entry[0] for entry in SETTINGS} | set(SECRETS)
    assert set(Settings.model_fields) == {e[1] for e in SETTINGS} | set(SECRETS.values())


@pytest.mark.parametrize(("variable", "field", "default", "text", "value"), SETTINGS)
def test_each_setting(
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    field: str,
    default: Any,
    text: str,
    value: Any,
) -> None:
    monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(config, "read_stack", lambda _: {})
    assert getattr(load_settings(), field) == default
    # An empty variable is none, as a manifest with an optional value has it.
    monkeypatch.setenv(variable, "")
    assert getattr(load_settings(), field) == default
    monkeypatch.setenv(variable, text)
    assert getattr(load_settings(), field) == value


@pytest.mark.parametrize(("variable", "field"), SECRETS.items())
def test_tokens_are_not_shown(monkeypatch: pytest.MonkeyPatch, variable: str, field: str) -> None:
    monkeypatch.setenv(variable, "marker-secret")
    settings = load_settings()
    assert getattr(settings, field).get_secret_value() == "marker-secret"
    assert "marker-secret" not in f"{settings!r} {settings.environment()}"


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("RUNNER_PORT", "65536"),
        ("RUNNER_PORT", "http"),
        ("RUNNER_BACKEND", "docker"),
        ("RUNNER_AUTH", "basic"),
        ("RUNNER_SOURCES", "ngsi-ld,mqtt"),
        ("RUNNER_LEASE_SECONDS", "0"),
        ("RUNNER_JOB_TIMEOUT_SECONDS", "-1"),
        ("ALLOWED_TARGETS", "plan,clean install"),
        ("ALLOWED_TARGETS", "--eval=x"),
        ("ALLOWED_TARGETS", "plan,SHELL=x"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str
) -> None:
    monkeypatch.setenv(variable, text)
    with pytest.raises(ConfigurationError, match=f"^{variable}: .") as caught:
        load_settings()
    assert "\n" not in str(caught.value)


def test_an_operator_may_add_a_target(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_TARGETS", "plan,smoke-test")
    assert load_settings().allowed_targets == ("plan", "smoke-test")


def test_a_running_stack_fills_the_gaps_and_the_environment_wins(
    work_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {
        "database_url": "postgresql://stack",
        "kafka_bootstrap": "stack:1",
        "flink_url": "http://stack:2",
        "service_url": "http://stack:3",
    }
    stack(work_root, **found, port=1, token="no setting of a stack")
    settings = load_settings()
    assert {name: getattr(settings, name) for name in found} == found
    assert (settings.port, settings.token) == (8080, None)
    monkeypatch.setenv("RUNNER_KAFKA_BOOTSTRAP", "environment:1")
    monkeypatch.setenv("RUNNER_FLINK_URL", "")
    settings = load_settings()
    assert settings.kafka_bootstrap == "environment:1"
    assert settings.flink_url == "http://stack:2"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"flink_url": 1}', "\xff"])
def test_a_stack_file_that_makes_no_sense_is_none(work_root: Path, content: str) -> None:
    (work_root / "stack.json").write_bytes(content.encode("latin-1"))
    assert load_settings().flink_url == "http://127.0.0.1:8081"


def test_what_a_child_process_is_given_means_the_same_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = (
        "RUNNER_BIND", "RUNNER_PORT", "RUNNER_AUTH", "RUNNER_RATE_LIMIT", "RUNNER_INPUTS_MIB",
        "ALLOWED_TARGETS", "FLINKJOBRUNNER_URL",
    )  # fmt: skip
    for variable, _, _, text, _ in SETTINGS:
        if variable not in own and not variable.endswith("SECONDS"):
            monkeypatch.setenv(variable, text)
    settings = load_settings()
    given = settings.environment()
    for variable, _, _, _, _ in SETTINGS:
        monkeypatch.delenv(variable, raising=False)
    for variable, text in given.items():
        monkeypatch.setenv(variable, text)
    assert load_settings() == settings


def test_without_a_database_it_says_what_to_do() -> None:
    with pytest.raises(ConfigurationError, match=r"RUNNER_DATABASE_URL.*`flinkjobrunner up`"):
        load_settings().database()


def test_paths_are_absolute_for_processes_that_run_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORK_ROOT", "below")
    monkeypatch.setenv("DIGITALTWIN_ROOT", "~/twin")
    settings = load_settings()
    assert settings.work_root == tmp_path / "below"
    assert settings.digitaltwin_root == Path.home() / "twin"


@pytest.mark.parametrize(
    ("bind", "token", "auth", "required"),
    [
        ("127.0.0.1", "", "token", False),
        ("127.8.8.8", "", "token", False),
        ("::1", "", "token", False),
        ("[::1]", "", "token", False),
        ("localhost", "", "token", False),
        ("0.0.0.0", "", "token", True),
        ("::", "", "token", True),
        ("10.1.2.3", "", "token", True),
        ("localhost.example", "", "token", True),
        # Who sets one wants it to be asked for.
        ("127.0.0.1", "secret", "token", True),
        ("0.0.0.0", "", "none", False),
        ("0.0.0.0", "secret", "none", False),
    ],
)
def test_who_is_asked_for_a_token(
    monkeypatch: pytest.MonkeyPatch, bind: str, token: str, auth: str, required: bool
) -> None:
    for variable, text in {
        "RUNNER_BIND": bind,
        "RUNNER_TOKEN": token,
        "RUNNER_AUTH": auth,
    }.items():
        monkeypatch.setenv(variable, text)
    assert load_settings().auth_required is required


@pytest.mark.parametrize("backend", ["session", "kubernetes"])
def test_elsewhere_only_the_standard_family_is_read(
    monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    monkeypatch.setenv("RUNNER_BACKEND", backend)
    assert load_settings().sources == ("ngsi-ld",)


def test_the_reference_is_current() -> None:
    assert reference() == REFERENCE.read_text(encoding="utf-8"), (
        "python -m flinkjobrunner.config_reference > docs/reference/configuration.md"
    )


def test_the_reference_tells_of_every_variable_its_default_and_its_meaning() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in reference().splitlines()
        if line.startswith("| `")
    ]
    assert all(len(row) == 3 and all(row) for row in rows)
    defaults = {row[0].strip("`"): row[1] for row in rows}
    assert set(defaults) == {entry[0] for entry in SETTINGS} | set(SECRETS)
    assert len(rows) == len(defaults)
    said = {
        "RUNNER_DATABASE_URL": "embedded",
        "RUNNER_SOURCES": "`ngsi-ld,iff` with `local`, else `ngsi-ld`",
        "RUNNER_TOKEN": "made when one is needed",
        "FLINKJOBRUNNER_TOKEN": "empty",
        "ALLOWED_TARGETS": "all six",
    }
    for variable, _, default, _, _ in SETTINGS:
        if isinstance(default, Path):
            said[variable] = f"`{default.relative_to(ROOT)}`"
        else:
            said.setdefault(variable, f"`{default}`" if default else "empty")
    assert defaults == said
