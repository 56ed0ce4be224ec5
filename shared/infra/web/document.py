"""A service's OpenAPI 3.1 document: what FastAPI reads from the declared routes, and what only the declarations know.

Names that last (operation ids, schema names), who may call, an example of what is sent and of what comes back, and
every problem that can come instead, by status and code. The gateway merges the services' documents into one.
"""

from string import Formatter
from typing import Any

from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from shared.infra.web.routes import DeclaredRoute, Reach
from shared.kernel.actor import EVERYONE, Role
from shared.kernel.errors import BadRequest, FieldProblem, Interrupted, Invalid, Problem, TooManyRequests, Unavailable

#: How schemas are called that have a plain name in their own module, like Status.
Names = dict[type, str]


class ProblemDetails(BaseModel):
    """RFC 9457 problem. `code` is stable and `type` opens its explanation; `errors` names each wrong field."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[dict[str, str]] | None = None

    model_config = {"extra": "allow"}


_ROLES = {
    Role.RESIDENT: "居民",
    Role.VOLUNTEER: "志愿者",
    Role.HOUSEHOLD_GROUP_HEAD: "联户长",
    Role.BUILDING_HEAD: "楼长",
    Role.GRID_OFFICER: "网格员",
    Role.COMMUNITY_STAFF: "社区工作人员",
    Role.COMMUNITY_ADMIN: "社区管理员",
    Role.STREET_STAFF: "街道工作人员",
    Role.ORGANISATION_STAFF: "承办单位人员",
    Role.TEAM_LEADER: "志愿队队长",
    Role.OVERSIGHT: "监督",
    Role.INTEGRATOR: "对接系统",
    Role.PLATFORM_ADMIN: "平台管理员",
}
_REACHES = {
    Reach.OWN: "本人的",
    Reach.AREA: "本人所管区域内的",
    Reach.CONCERNED: "本人的、本人或本单位承办的，以及本人所管区域内的",
    Reach.TENANT: "本人所在社区及其上级街道、区的",
    Reach.ANYWHERE: "所有登录用户看到的相同",
    Reach.PUBLIC: "凭签名链接，无需登录",
}
#: What the texts of problems speak of, as it could be.
_FACTS: dict[str, Any] = {
    "needed_roles": ["community_staff", "street_staff"],
    "who": ["holder", "staff"],
    "allowed_methods": "GET, POST",
    "state": "dispatched",
    "allowed_actions": ["start"],
    "limit": "10 MB",
    "accepted": "application/json",
    "opens_at": "2026-03-01T10:30:00+00:00",
    "closes_at": "2026-03-01T13:00:00+00:00",
    "service_record_id": "01932f0c-7c55-7d0e-9a53-2f3c1d1c8a11",
    "needed": 20,
    "available": 5,
    "area": "3号楼",
    "tenant": "长征社区",
    "areas": 4,
    "homes": 117,
    "people": 3,
    "survivor": "01932f09-0009-7d0e-9a53-2f3c1d1c8a11",
    "problem_count": 1,
    "holder": "马桂兰",
    "role": "community_admin",
    "starts_on": "2025-03-01",
    "ends_on": "2027-03-01",
    "organisation": "安居物业服务中心",
    "name": "安居物业服务中心",
    "names": ["安居物业服务中心"],
    "children": 2,
    "council": "四营社区大党委",
    "entry": "长征社区便民服务大厅",
    "services": 2,
}
_WRONG_FIELD = FieldProblem("/text", "string_too_long", "最多 2000 个字", "at most 2000 characters")
_WRONG_PARAMETER = FieldProblem("colour", "extra_forbidden", "没有这个字段或参数", "there is no such parameter")
_REQUEST_ID = "01932f0d-0c55-7d0e-9a53-2f3c1d1c8a11"
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Same key and same content: the first answer again, nothing done twice. Kept 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "example": "01932f0a-7c55-7d0e-9a53-2f3c1d1c8a11",
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of what was read: nobody's change is overwritten unseen.",
    "schema": {"type": "string", "minLength": 1},
    "example": '"7-3f2a9c0d"',
}
_DONE = {200: "成功 · Done", 201: "已创建 · Created"}


def describe(title: str, version: str, routes: list[Any], names: Names) -> dict[str, Any]:
    """The document of an app's declared routes; internal ones are not in it."""
    shown = [route for route in routes if isinstance(route, DeclaredRoute) and route.include_in_schema]
    document = get_openapi(title=title, version=version, routes=shown)
    parts = document.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):  # FastAPI's own idea of a 422
        schemas.pop(unused, None)
    schemas["ProblemDetails"] = ProblemDetails.model_json_schema()
    parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    parts["examples"] = {}
    for route in shown:
        operation = document["paths"][route.path_format][route.declared.method.lower()]
        _complete(operation, route, parts["examples"])
    lasting = {_given_name(kind, schemas): name for kind, name in names.items()}
    for given in schemas:
        if given.startswith("Body_"):  # FastAPI's name for a form: Body_upload_attachment
            lasting[given] = given.removeprefix("Body_").title().replace("_", "")
    named: dict[str, Any] = _renamed(document, lasting)
    return named


def _complete(operation: dict[str, Any], route: DeclaredRoute, examples: dict[str, Any]) -> None:
    declared = route.declared
    operation["description"] = f"{operation['description']}\n\n{_who(declared.roles, declared.reach)}"
    if declared.changes:
        operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
    if declared.method == "PUT":
        operation["parameters"].append(_IF_MATCH)
    if declared.sends is not None:
        operation["requestBody"]["content"]["application/json"]["example"] = declared.sends
    if route.body_may_be_left_out:
        operation["requestBody"]["required"] = False
    done = operation["responses"][str(declared.status)]
    done["description"] = _DONE[declared.status]
    if declared.answer is None:
        done["content"] = {"image/jpeg": {}}
    elif declared.example is not None:
        done["content"]["application/json"]["example"] = declared.example
    operation["responses"] = {str(declared.status): done}
    if declared.method == "GET" and declared.answer is not None:
        done["headers"] = {"ETag": {"description": "For If-None-Match.", "schema": {"type": "string"}}}
        operation["responses"]["304"] = {"description": "没有变化 · Not modified since the ETag of If-None-Match"}
    by_status: dict[int, list[type[Problem]]] = {}
    for problem in route.problems():
        by_status.setdefault(problem.status, []).append(problem)
    for status, problems in sorted(by_status.items()):
        operation["responses"][str(status)] = _problems(problems, examples)


def _who(roles: frozenset[Role], reach: Reach) -> str:
    """The line that says who may call, for people; machines read x-roles and x-reach."""
    if reach is Reach.PUBLIC:
        names = "任何人 anyone"
    elif roles == EVERYONE:
        names = "所有登录用户 everyone who is signed in"
    else:
        names = "、".join(f"{_ROLES[role]} `{role}`" for role in sorted(roles))
    return f"**可以调用 Roles：** {names}\n\n**范围 Reach：** {_REACHES[reach]} `{reach}`"


def _problems(problems: list[type[Problem]], examples: dict[str, Any]) -> dict[str, Any]:
    for problem in problems:
        examples[problem.code] = {"summary": " · ".join(problem.title), "value": example_of(problem)}
    content = {
        "schema": {"$ref": "#/components/schemas/ProblemDetails"},
        "examples": {p.code: {"$ref": f"#/components/examples/{p.code}"} for p in problems},
    }
    words = "；".join(f"`{p.code}` {p.title[0]} · {p.title[1]}" for p in problems)
    return {"description": words, "content": {"application/problem+json": content}}


def facts_of(problem: type[Problem]) -> list[str]:
    """The facts that the texts of a problem speak of; they are members of the answer too."""
    return [name for _, name, _, _ in Formatter().parse(problem.detail[0]) if name]


def example_of(problem: type[Problem]) -> dict[str, Any]:
    """The answer of a problem as it could be."""
    if issubclass(problem, TooManyRequests):
        made: Problem = problem(12)
    elif issubclass(problem, (Unavailable, Interrupted)):
        made = problem("petitions")
    else:
        fields = [_WRONG_FIELD] if issubclass(problem, Invalid) else []
        fields = [_WRONG_PARAMETER] if issubclass(problem, BadRequest) else fields
        made = problem(fields=fields, **{name: _FACTS[name] for name in facts_of(problem)})
    return made.body("zh-CN") | {"request_id": _REQUEST_ID}


def _given_name(kind: type, schemas: dict[str, Any]) -> str:
    """FastAPI's name of a type: its own, or with its module when two types share one."""
    long = f"{kind.__module__}.{kind.__qualname__}".replace(".", "__")
    return long if long in schemas else kind.__name__


def _renamed(part: Any, names: dict[str, str]) -> Any:
    """The document with schemas under other names, wherever they are referred to."""
    if isinstance(part, list):
        return [_renamed(each, names) for each in part]
    if not isinstance(part, dict):
        return part
    out = {key: _renamed(value, names) for key, value in part.items()}
    if isinstance(ref := out.get("$ref"), str):
        head, _, name = ref.rpartition("/")
        out["$ref"] = f"{head}/{names.get(name, name)}" if head == "#/components/schemas" else ref
    if isinstance(schemas := out.get("schemas"), dict):
        out["schemas"] = {names.get(name, name): schema for name, schema in schemas.items()}
        for name, schema in out["schemas"].items():
            if name in names.values():
                schema["title"] = name
    return out
