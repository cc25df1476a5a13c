"""The house's one arrow: config > clinic > patients > exercises, for imports and for relations."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model

ROOT = Path(__file__).parent.parent
ORDER = ["exercises", "patients", "clinic", "config"]
SLICES = {
    "patients": ["audit", "accounts", "records", "entrance", "family", "tasks", "screening", "outcomes", "team"],
    "clinic": [
        "prescriptions",
        "flare",
        "today",
        "offline",
        "messaging",
        "paper",
        "guided",
        "reminders",
        "progression",
        "caseload",
        "numbers",
        "progress",
        "story",
        "palette",
        "strangers",
        "enquiries",
        "newsletter",
        "discussion",
        "frontdoor",
        "governance",
        "demo",
    ],
}
RELATIONS_BY_NAME = {"self", "settings.AUTH_USER_MODEL"}


def python_files(*folders):
    return [p for folder in folders for p in (ROOT / folder).rglob("*.py") if "migrations" not in p.parts]


def imported_modules(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_imports_between_the_apps_go_down_only():
    result = subprocess.run([Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True)

    assert result.returncode == 0, result.stdout


def test_relations_between_models_go_down_only():
    up = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for app in ORDER[:-1]
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model
        and field.related_model._meta.app_label in ORDER
        and ORDER.index(field.related_model._meta.app_label) > ORDER.index(app)
        # The editor's name beside an edit: the user model is Django's swappable one, which every app may name.
        and field.related_model is not get_user_model()
    ]

    assert up == []


def test_relations_name_the_class_and_not_a_string():
    named = []
    for path in python_files("exercises", "patients", "clinic"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", "") in {"ForeignKey", "OneToOneField", "ManyToManyField"}
            ):
                continue
            target = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "to"), None)
            if isinstance(target, ast.Constant) and target.value not in RELATIONS_BY_NAME:
                named.append(f"{path.relative_to(ROOT)}: {target.value}")

    assert named == []


@pytest.mark.parametrize("app", SLICES)
def test_slices_import_only_the_slices_below_them(app):
    order = SLICES[app]
    wrong = []
    for height, name in enumerate(order):
        above = tuple(f"{app}.{other}." for other in order[height + 1 :])
        for path in python_files(f"{app}/{name}"):
            wrong += [
                f"{path.relative_to(ROOT)} imports {module}"
                for module in imported_modules(path)
                if f"{module}.".startswith(above) or module == f"{app}.models"
            ]

    assert wrong == []


def test_no_drawer_for_everything():
    drawers = {"core", "common", "utils", "helpers", "misc"}
    found = [p for p in python_files("config", "exercises", "patients", "clinic") if drawers & {p.stem, *p.parts}]

    assert found == []


def test_locked_requirements_carry_no_address():
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in path.read_text(), path.name
