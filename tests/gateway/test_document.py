"""The merged OpenAPI document: valid, complete, its examples what it says they are, its names lasting."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from deploy.assemble import Assembly
from deploy.services import SERVICES
from gateway.document import MergedDocument, merged, with_parts
from gateway.upstreams import InProcess, Remote, Upstream, nobody
from shared.kernel.actor import Role
from shared.kernel.errors import Problem, catalogue
from tests.support.contract import routes
from tests.support.processes import free_port
from tests.support.world import World

Json = dict[str, Any]
#: Client generators make their functions of these; another name breaks every client.
OPERATIONS = {
    "accept_petition",
    "approve_service_record",
    "assign_responsibilities",
    "cancel_service_record",
    "change_agreement",
    "change_area",
    "change_care",
    "change_council",
    "change_facility",
    "change_household",
    "change_organisation",
    "change_person",
    "change_service",
    "check_in",
    "check_out",
    "claim_opening",
    "close_area",
    "close_facility",
    "close_organisation",
    "close_service",
    "confirm_petition",
    "correct_my_contact",
    "correct_organisation",
    "create_area",
    "create_council",
    "create_facility",
    "create_household",
    "create_organisation",
    "create_person",
    "create_service",
    "dispatch_petition",
    "dispute_petition",
    "end_enrolment",
    "end_membership",
    "end_office",
    "end_role",
    "end_support_of_area",
    "enrol_somewhere",
    "enter_need",
    "enter_resource",
    "fill_office",
    "finish_project",
    "fulfil_clause",
    "give_role",
    "hand_over_office",
    "hand_over_person",
    "import_area_file",
    "import_people_file",
    "join_organisation",
    "join_project",
    "list_agreements",
    "list_area_grant_history",
    "list_area_history",
    "list_project_history",
    "list_need_history",
    "list_resource_history",
    "list_enrolment_history",
    "list_membership_history",
    "list_agreement_history",
    "list_council_history",
    "list_person_history",
    "list_area_officers",
    "list_areas",
    "list_categories",
    "list_councils",
    "list_duplicates",
    "list_enrolments",
    "list_facilities",
    "list_facility_history",
    "list_households",
    "list_memberships",
    "list_my_care",
    "list_grant_history",
    "list_grants",
    "list_my_transfers",
    "list_needs",
    "list_office_history",
    "list_offices",
    "list_openings",
    "list_organisation_history",
    "list_organisation_supports",
    "list_organisations",
    "list_people",
    "list_person_accesses",
    "list_petitions",
    "list_projects",
    "list_resources",
    "list_responsible",
    "list_service_history",
    "list_service_records",
    "list_services",
    "locate_area",
    "look_people_up",
    "make_agreement",
    "merge_areas",
    "merge_organisations",
    "merge_people",
    "move_area",
    "note_council_meeting",
    "offer_opening",
    "read_agreement",
    "read_area",
    "read_area_coverage",
    "read_area_enrolments",
    "read_area_tree",
    "read_care",
    "read_directory_statistics",
    "read_check_in_code",
    "read_circles",
    "read_council",
    "read_enrolment",
    "read_facility",
    "read_history",
    "read_home",
    "read_home_petitions",
    "read_home_tasks",
    "read_household",
    "read_kinds",
    "read_me",
    "read_membership",
    "read_my_points",
    "read_need",
    "read_office",
    "read_opening",
    "read_organisation",
    "read_organisation_enrolments",
    "read_person",
    "read_petition",
    "read_photo",
    "read_service",
    "read_service_record",
    "read_thumbnail",
    "reject_petition",
    "reject_service_record",
    "resolve_organisation",
    "resolve_petition",
    "reveal_person",
    "seat_organisation",
    "split_area",
    "start_petition",
    "submit_petition",
    "submit_service_record",
    "support_area",
    "unseat_organisation",
    "upload_attachment",
    "withdraw_need",
    "withdraw_petition",
    "withdraw_resource",
}

#: They read, and are sent what must not stand in an address.
ASKING = {"look_people_up"}

#: What they are sent is a file.
FORMS = {"upload_attachment", "import_area_file", "import_people_file"}


@pytest.fixture
async def document(client: httpx.AsyncClient) -> Json:
    """As the gateway serves it."""
    found: Json = (await client.get("/openapi.json")).json()
    return found


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_document_is_valid_openapi_3_1(document: Json) -> None:
    assert document["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_example_is_what_its_schema_says(document: Json) -> None:
    held = list(_examples(document))
    assert len(held) > 300
    registry = Registry().with_resource("urn:linli", Resource(document, DRAFT202012))
    for where, schema, example in held:
        checker = Draft202012Validator(
            _absolute(schema), registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        assert [error.message for error in checker.iter_errors(example)] == [], where


def _examples(document: Json) -> Iterator[tuple[str, Json, Any]]:
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        for parameter in operation.get("parameters", []):
            if "example" in parameter:
                yield f"{where} {parameter['name']}", parameter["schema"], parameter["example"]
            for example in parameter["schema"].get("examples", []):
                yield f"{where} {parameter['name']}", parameter["schema"], example
        answers = [("body", operation.get("requestBody", {})), *operation["responses"].items()]
        for name, answer in answers:
            for media in answer.get("content", {}).values():
                if "example" in media:
                    yield f"{where} {name}", media["schema"], media["example"]
                for code, reference in media.get("examples", {}).items():
                    assert reference == {"$ref": f"#/components/examples/{code}"}
                    example = document["components"]["examples"][code]
                    assert str(example["value"]["status"]) == name and example["value"]["code"] == code
                    yield f"{where} {code}", media["schema"], example["value"]


def _absolute(schema: Any) -> Any:
    """References as seen from outside of the document."""
    if isinstance(schema, dict):
        return {k: f"urn:linli{v}" if k == "$ref" else _absolute(v) for k, v in schema.items()}
    return [_absolute(each) for each in schema] if isinstance(schema, list) else schema


def test_every_operation_says_what_it_does_and_who_may_call_it(document: Json) -> None:
    tags = [tag["name"] for tag in document["tags"]]
    for path, method, operation in operations(document):
        chinese, _, english = operation["summary"].partition(" · ")
        assert re.search(r"[一-鿿]", chinese) and re.fullmatch(r"[A-Z][ -~]+", english), path
        assert operation["description"] and "可以调用 Roles" in operation["description"], path
        assert operation["tags"][0] in tags
        assert set(operation["x-roles"]) <= set(Role) and operation["x-reach"], path
        assert operation["security"] == ([] if operation["x-reach"] == "public" else [{"bearer": []}])
        if method != "get":
            (media,) = operation["requestBody"]["content"].values()
            assert "example" in media or operation["operationId"] in FORMS, path
            headers = {p["name"] for p in operation.get("parameters", []) if p["in"] == "header"}
            if operation["operationId"] in ASKING:
                assert headers == set(), path
                continue
            assert headers == {"Idempotency-Key"} | ({"If-Match"} if method == "put" else set()), path
    assert all(re.search(r"[一-鿿]", tag["description"]) for tag in document["tags"])
    info = document["info"]
    assert info["title"] == "邻里 Linli" and re.fullmatch(r"\d+\.\d+\.\d+", info["version"]) and info["description"]
    assert document["servers"][0]["url"] == "/"
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_a_body_without_which_a_request_is_understood_is_not_required(document: Json) -> None:
    def required(path: str) -> bool:
        return bool(document["paths"][f"/api/v1{path}"]["post"]["requestBody"].get("required"))

    assert not required("/openings/{id}/claim") and not required("/petitions/{id}/accept")
    assert required("/petitions") and required("/petitions/{id}/dispatch")


def test_operation_ids_are_the_ones_that_clients_know(document: Json) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert sorted(ids) == sorted(OPERATIONS)


def test_names_of_schemas_tell_what_they_are(document: Json) -> None:
    names = set(document["components"]["schemas"])
    assert not {name for name in names if not re.fullmatch(r"([A-Z][a-z]+)+", name)}
    assert not names & {"Status", "Action", "Kind", "HTTPValidationError"}
    assert {"PetitionStatus", "OpeningStatus", "ServiceRecordStatus", "UploadAttachment"} <= names


def test_every_operation_lists_the_problems_that_it_can_give(document: Json) -> None:
    known = {problem.code: problem for problem in catalogue()}
    for route in routes():
        operation = document["paths"][route.path_format][route.declared.method.lower()]
        shown = {
            (int(status), code)
            for status, answer in operation["responses"].items()
            for code in answer.get("content", {}).get("application/problem+json", {}).get("examples", {})
        }
        assert shown == {(known[problem.code].status, problem.code) for problem in route.problems()}
        assert (500, Problem.code) in shown
    claim = document["paths"]["/api/v1/openings/{id}/claim"]["post"]["responses"]["409"]
    assert set(claim["content"]["application/problem+json"]["examples"]) == {
        "opening.already_claimed", "opening.full", "opening.over", "opening.overlap",
    }  # fmt: skip


def test_the_services_mean_the_same_by_the_same_name(environment: dict[str, str]) -> None:
    assembly = Assembly()
    parts = assembly.gateway.openapi()["components"]
    for service in SERVICES:
        parts = with_parts(parts, assembly.app(service).openapi()["components"])
    with pytest.raises(ValueError, match="schemas Petition"):
        with_parts(parts, {"schemas": {"Petition": {"type": "string"}}})


async def test_a_service_that_is_away_or_contradicts_another_is_left_out_and_named(world: World) -> None:
    own = world.assembly.gateway.openapi()
    liar = world.assembly.app("volunteers")
    honest = liar.openapi_schema
    upstreams: dict[str, Upstream] = {name: InProcess(name, world.assembly.app(name)) for name in SERVICES}
    liar.openapi_schema = {"paths": {"/lie": {}}, "components": {"schemas": {"Named": {}}}}
    try:
        document = await merged(own, upstreams, nobody())
    finally:
        liar.openapi_schema = honest
    assert document["x-missing"] == ["volunteers"] and "/api/v1/petitions" in document["paths"]
    assert "/lie" not in document["paths"] and document["components"]["schemas"]["Named"] != {}
    remote = Remote("petitions", f"http://127.0.0.1:{free_port()}")
    async with remote.opened():
        document = await merged(own, upstreams | {"petitions": remote}, nobody())
    assert document["x-missing"] == ["petitions"] and "/api/v1/me" in document["paths"]
    assert OpenAPIV31SpecValidator(document).is_valid()


async def test_the_document_is_merged_once_and_then_kept(world: World) -> None:
    away: dict[str, Upstream] = {"petitions": Remote("petitions", "http://127.0.0.1:1")}
    here: dict[str, Upstream] = {"petitions": InProcess("petitions", world.assembly.app("petitions"))}
    whole = MergedDocument(world.assembly.gateway.openapi(), here)
    assert await whole.page(nobody()) is await whole.page(nobody())
    part = MergedDocument(world.assembly.gateway.openapi(), away)
    incomplete = await part.page(nobody())
    assert b"x-missing" in incomplete.content and incomplete.tag != (await whole.page(nobody())).tag
