"""Decide what a user may do with one shop, product or batch; tests check that the querysets of lists agree."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from accounts.models import Membership, Place, User
from accounts.permissions import can_act_on
from shops.models import Batch, Paper, Product, Shop


def is_seller_at(user: User, place_id: int) -> bool:
    """Return whether the user is a granted seller of this very village; a role in a place above does not count."""
    return any(place_id == held.pk for held in user.places_with_role(Membership.Role.SELLER))


def can_open_shop(user: User, place: Place) -> bool:
    return is_seller_at(user, place.pk)


def can_keep(user: User, shop: Shop) -> bool:
    """Return whether the user may change the shop itself (contact, helpers): only its owner may."""
    return shop.owner_id == user.pk and is_seller_at(user, shop.place_id)


def can_remove_helper(user: User, shop: Shop, helper: User) -> bool:
    """Return whether the user may remove the helper: the owner may, and the helper."""
    return can_keep(user, shop) or user == helper


def can_sell_in(user: User, shop: Shop) -> bool:
    """Return whether the user may sell in the shop: owner and helpers may while granted sellers of its village."""
    if shop.owner_id != user.pk and not shop.helpers.filter(pk=user.pk).exists():
        return False
    return is_seller_at(user, shop.place_id)


def can_edit(user: User, product: Product) -> bool:
    return can_sell_in(user, product.shop)


def can_approve(user: User, product: Product) -> bool:
    return can_act_on(user, product.place, Membership.Role.ORGANISER)


def can_edit_batch(user: User, batch: Batch) -> bool:
    return can_sell_in(user, batch.shop)


def can_see_batch(user: User | AnonymousUser, batch: Batch) -> bool:
    """Return whether the user may see the batch; the view has checked its code."""
    if batch.is_public:
        return True
    return user.is_authenticated and (can_edit_batch(user, batch) or can_check(user, batch.shop))


def can_see_paper(user: User | AnonymousUser, paper: Paper) -> bool:
    """Return whether the user may see the certificate's file; buyers see only its number, holder and date."""
    return user.is_authenticated and (can_sell_in(user, paper.shop) or can_check(user, paper.shop))


def can_check(user: User, shop: Shop) -> bool:
    return can_act_on(user, shop.place, Membership.Role.ORGANISER)


def can_see_shop(user: User | AnonymousUser, shop: Shop) -> bool:
    if shop.is_open:
        return True
    if not user.is_authenticated:
        return False
    return can_sell_in(user, shop) or can_act_on(user, shop.place, Membership.Role.ORGANISER)


def can_see(user: User | AnonymousUser, product: Product) -> bool:
    if product.is_published and product.shop.is_open:
        return True
    return user.is_authenticated and (can_edit(user, product) or can_approve(user, product))
