"""The house itself: the same rooms in every service, tenants in every key, grants as declared, no drift."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import asyncpg
import pytest
from pydantic import BaseModel

from deploy.assemble import Assembly
from deploy.migrating import SCHEMAS, drift_all, migrate_all
from deploy.services import SERVICES
from shared.infra.schema import grants_of
from shared.infra.web.routes import DeclaredRoute, Reach
from shared.kernel.errors import catalogue

ROOT = Path(__file__).parents[2]
ROOMS = {
    "README.md", "__init__.py", "main.py", "worker.py", "house.py", "settings.py", "actions", "domain", "migrations",
    "queries", "routes", "schemas",
}  # fmt: skip
#: Tables that belong to no tenant, and why.
GLOBAL = {
    "outbox": "a queue of the whole service",
    "inbox": "what a consumer has seen",
    "lease": "who works",
    "feed_position": "how far a projection has come",
    "upload": "belongs to a person until something takes it",
    "alembic_version": "Alembic's own",
    "area_kind": "words that all tenants share",
    "office_kind": "words that all tenants share",
    "organisation_kind": "words that all tenants share",
    "care_kind": "words that all tenants share",
    "membership_kind": "words that all tenants share",
    "list_word": "words that all tenants share",
    "circle_kind": "words that all tenants share",
    "facility_kind": "words that all tenants share",
    "service_category": "words that all tenants share",
}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_rooms(service: str) -> None:
    found = {entry.name for entry in (ROOT / "services" / service).iterdir() if entry.name != "__pycache__"}
    assert found >= ROOMS
    assert {"tables", "tables.py"} & found


async def test_running_the_migrations_again_changes_nothing_and_nothing_drifts(environment: dict[str, str]) -> None:
    await migrate_all(environment)
    assert await drift_all(environment) == []


@pytest.mark.parametrize("service", SERVICES)
async def test_tenant_id_comes_first_in_every_key(service: str, environment: dict[str, str]) -> None:
    connection = await asyncpg.connect(environment[f"LINLI_{service.upper()}_OWNER_DATABASE_URL"])
    rows = await connection.fetch(
        """select c.relname as table, k.conname, k.contype::text as kind,
                  (select attname from pg_attribute where attrelid = c.oid and attnum = k.conkey[1]) as first,
                  (select attnotnull from pg_attribute where attrelid = c.oid and attname = 'tenant_id') as required
             from pg_constraint k join pg_class c on c.oid = k.conrelid
            where c.relnamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f')"""
    )
    await connection.close()
    assert len(rows) > 10
    for row in rows:
        if row["table"] not in GLOBAL:
            assert row["first"] == "tenant_id" and row["required"], dict(row)


@pytest.mark.parametrize("service", SERVICES)
async def test_the_services_role_can_do_to_each_table_what_is_declared_and_no_more(
    service: str, environment: dict[str, str]
) -> None:
    connection = await asyncpg.connect(environment[f"LINLI_{service.upper()}_DATABASE_URL"])
    tries = {
        "update": 'update "{}" set {} = {}',
        "delete": 'delete from "{}" where false',
        "truncate": 'truncate "{}"',
    }
    for table, verbs in grants_of(SCHEMAS[service].metadata).items():
        column = next(c.name for c in SCHEMAS[service].metadata.tables[table].columns if not c.identity)
        for verb, statement in tries.items():
            try:
                async with connection.transaction():
                    await connection.execute(statement.format(table, column, column))
                    if verb == "truncate":
                        pytest.fail(f"{service} may truncate {table}")
                    assert verb in verbs, f"{service} may {verb} {table}"
                    raise _UndoError
            except _UndoError:
                continue
            except asyncpg.InsufficientPrivilegeError:
                assert verb not in verbs
    await connection.close()


class _UndoError(Exception):
    """Rolls back what a test did."""


async def test_every_history_and_ledger_table_is_append_only() -> None:
    appended = {
        (service, table)
        for service in SERVICES
        for table, verbs in grants_of(SCHEMAS[service].metadata).items()
        if set(verbs) == {"select", "insert"}
    }
    wanted = {("petitions", "petition_history"), ("volunteers", "transfer"), ("volunteers", "entry")}
    wanted |= {("directory", "area_history"), ("directory", "area_succession")}
    wanted |= {("directory", "record_history"), ("directory", "council_meeting"), ("directory", "catalogue_history")}
    wanted |= {("volunteers", "chain"), ("volunteers", "opening_history"), ("volunteers", "service_record_history")}
    assert wanted <= appended


def test_web_and_worker_run_without_what_only_migrations_need() -> None:
    asked = "import deploy.serving, sys; print(*{'sqlalchemy', 'sqlmodel', 'alembic'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "\n"


def test_what_prepares_a_start_loads_neither_apps_nor_their_frame() -> None:
    """`linli run` waits for it at every start."""
    dear = {"fastapi", "httpx", "PIL", "gateway", "deploy.assemble", "services.petitions.consumers"}
    asked = f"import deploy.cli, deploy.starting, deploy.migrating, sys; print(*{dear} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "\n"


@pytest.mark.parametrize("service", ["petitions", "volunteers"])
def test_what_a_service_hears_has_somebody_who_carries_it_out(service: str) -> None:
    heard = import_module(f"services.{service}.subscriptions").SUBSCRIPTIONS
    assert heard == list(import_module(f"services.{service}.consumers").HANDLERS)


def test_commands_imports_and_the_demo_read_no_table_of_a_service() -> None:
    """They act over HTTP or through a service's own actions and queries."""
    tables = {table for schema in SCHEMAS.values() for table in schema.metadata.tables}
    sql = re.compile(r"\s*(?:with|select|insert|update|delete|truncate|copy|lock|merge)\b.*", re.S | re.I)
    named = re.compile(rf"\b(?:from|join|into|update|table|copy|using|only)\s+\"?({'|'.join(sorted(tables))})\b", re.I)
    for file in (ROOT / "deploy").rglob("*.py"):
        for text in _texts(ast.parse(file.read_text())):
            if sql.fullmatch(text):
                assert not named.search(text), (file.relative_to(ROOT), text)


def _texts(tree: ast.AST) -> Iterator[str]:
    """Every text in the code, f-strings with what is constant in them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "?".join(part.value for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_route_of_every_service_is_declared(environment: dict[str, str]) -> None:
    assembly = Assembly()
    apps = [assembly.app(service) for service in SERVICES]
    plain = {"/healthz", "/readyz", "/openapi.json"}
    for app in apps:
        for route in app.routes:
            if not isinstance(route, DeclaredRoute):
                assert getattr(route, "path", "") in plain, route
            else:
                # Between services a service token admits, not a role.
                assert bool(route.declared.roles) != (route.declared.reach is Reach.INTERNAL), route.path


def test_every_day_that_somebody_sends_is_one_that_somebody_can_mean(environment: dict[str, str]) -> None:
    """PostgreSQL's driver takes the first day that Python knows for minus infinity."""
    assembly, seen = Assembly(), set[type[BaseModel]]()
    for service in SERVICES:
        for route in assembly.app(service).routes:
            if isinstance(route, DeclaredRoute):
                for model in (route._body_type, route._query_type):
                    assert not list(_bare_days(model, seen)), route.declared.name
    assert len(seen) > 50


def _bare_days(annotation: Any, seen: set[type[BaseModel]]) -> Iterator[str]:
    """The members of a model, and of those within it, that are any day at all."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in seen:
        seen.add(annotation)
        for name, field in annotation.model_fields.items():
            if field.annotation is date and not field.metadata:
                yield f"{annotation.__name__}.{name}"
            yield from _bare_days(field.annotation, seen)
    elif get_origin(annotation) is not Annotated:
        for part in get_args(annotation):
            if part is date:
                yield str(annotation)
            yield from _bare_days(part, seen)


def test_every_problem_has_a_code_of_its_own_and_speaks_both_languages() -> None:
    problems = list(catalogue())
    codes = [problem.code for problem in problems]
    assert len(set(codes)) == len(codes)
    for problem in problems:
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", problem.code)
        for chinese, english in (problem.title, problem.detail):
            assert re.search(r"[一-鿿]", chinese) and not re.search(r"[一-鿿]", english), problem.code


def test_the_diagrams_in_the_readmes_are_those_of_the_tables() -> None:
    from services.petitions.domain.states import diagram as petitions
    from services.volunteers.domain.states import diagram as volunteers

    for service, diagram in (("petitions", petitions), ("volunteers", volunteers)):
        assert diagram() in (ROOT / "services" / service / "README.md").read_text(), service
