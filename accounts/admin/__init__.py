"""The admin pages of people, their roles and places, and of the records about them."""

from accounts.admin import audit, clearances, memberships, notifications, people

__all__ = ["audit", "clearances", "memberships", "notifications", "people"]
