"""The directory's tables: the one definition of its schema.

Each row belongs to a tenant, which stands first in every key. References inside a tenant are foreign keys; those that
may lead to another tenant (a parent area, a home, the person who holds an office) are not, since tenants may one day
live on different machines; they go by id, which is unique everywhere.
"""

from pathlib import Path

from services.directory.domain.care import CARE_KINDS
from services.directory.domain.catalogue import CIRCLE_KINDS, FACILITY_KINDS, SERVICE_CATEGORIES
from services.directory.domain.kinds import AREA_KINDS, OFFICE_KINDS, ORGANISATION_KINDS
from services.directory.domain.lists import LIST_WORDS
from services.directory.domain.ties import MEMBERSHIP_KINDS
from services.directory.tables.areas import Area, AreaHistory, AreaKind, AreaPolygon, AreaSuccession, OfficeKind
from services.directory.tables.base import Base
from services.directory.tables.care import Care, CareHelper, CareKind
from services.directory.tables.catalogue import (
    CatalogueHistory,
    CircleKind,
    Facility,
    FacilityKind,
    Service,
    ServiceCategory,
    ServicePlace,
)
from services.directory.tables.councils import Council, CouncilMeeting, CouncilMember
from services.directory.tables.enrolments import Enrolment
from services.directory.tables.frame import Change, Idempotency, Inbox, Lease, Outbox
from services.directory.tables.joint_work import Agreement, Need, Project, Resource
from services.directory.tables.organisations import (
    Organisation,
    OrganisationHistory,
    OrganisationKind,
    OrganisationSuccession,
    Support,
)
from services.directory.tables.people import AccessLog, Household, Person, PersonHistory, SealedValue
from services.directory.tables.records import ListWord, MembershipKind, RecordHistory
from services.directory.tables.roles import Membership, Office, OfficeHistory, RoleGrant, RoleGrantHistory
from shared.infra.migrate import Schema

__all__ = [
    "SCHEMA",
    "AccessLog",
    "Agreement",
    "Area",
    "AreaHistory",
    "AreaKind",
    "AreaPolygon",
    "AreaSuccession",
    "Base",
    "Care",
    "CareHelper",
    "CareKind",
    "CatalogueHistory",
    "Change",
    "CircleKind",
    "Council",
    "CouncilMeeting",
    "CouncilMember",
    "Enrolment",
    "Facility",
    "FacilityKind",
    "Household",
    "Idempotency",
    "Inbox",
    "Lease",
    "ListWord",
    "Membership",
    "MembershipKind",
    "Need",
    "Office",
    "OfficeHistory",
    "OfficeKind",
    "Organisation",
    "OrganisationHistory",
    "OrganisationKind",
    "OrganisationSuccession",
    "Outbox",
    "Person",
    "PersonHistory",
    "Project",
    "RecordHistory",
    "Resource",
    "RoleGrant",
    "RoleGrantHistory",
    "SealedValue",
    "Service",
    "ServiceCategory",
    "ServicePlace",
    "Support",
]

#: What `linli migrate` needs to know.
SCHEMA = Schema(
    "directory",
    Base.metadata,
    Path(__file__).parent.parent / "migrations",
    {
        "area_kind": AREA_KINDS,
        "office_kind": OFFICE_KINDS,
        "organisation_kind": ORGANISATION_KINDS,
        "care_kind": CARE_KINDS,
        "membership_kind": MEMBERSHIP_KINDS,
        "list_word": LIST_WORDS,
        "circle_kind": CIRCLE_KINDS,
        "facility_kind": FACILITY_KINDS,
        "service_category": SERVICE_CATEGORIES,
    },
)
