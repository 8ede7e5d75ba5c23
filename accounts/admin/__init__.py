"""The admin pages of people, their roles and places, and what is recorded of them."""

from accounts.admin import audit, clearances, memberships, notifications, people

__all__ = ["audit", "clearances", "memberships", "notifications", "people"]
