"""People, the places in which they act, and the records about them."""

from accounts.models.audit import AuditEntry, AuditEntryQuerySet
from accounts.models.clearance import Clearance, ClearanceQuerySet
from accounts.models.consent import Consent
from accounts.models.data_export import DataExport
from accounts.models.limit import Limit
from accounts.models.membership import Membership, MembershipQuerySet, filter_holders
from accounts.models.notification import Notice, NoticeQuerySet, PushSubscription, ReadNews
from accounts.models.place import Place, PlaceQuerySet
from accounts.models.user import GIVEN_PASSWORD_LASTS, SetupCode, User, UserManager, UserQuerySet

__all__ = [
    "GIVEN_PASSWORD_LASTS",
    "AuditEntry",
    "AuditEntryQuerySet",
    "Clearance",
    "ClearanceQuerySet",
    "Consent",
    "DataExport",
    "Limit",
    "Membership",
    "MembershipQuerySet",
    "Notice",
    "NoticeQuerySet",
    "Place",
    "PlaceQuerySet",
    "PushSubscription",
    "ReadNews",
    "SetupCode",
    "User",
    "UserManager",
    "UserQuerySet",
    "filter_holders",
]
