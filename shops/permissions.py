"""Yes or no about one shop or product; tests hold these against the querysets that list many."""

from __future__ import annotations

from accounts.models import Membership, Place, User
from accounts.permissions import can_act_on
from shops.models import Batch, Paper, Product, Shop


def is_seller_at(user: User, place_id: int) -> bool:
    """A granted seller of this very village: a role further up sells nothing."""
    return any(place_id == held.pk for held in user.places_with_role(Membership.Role.SELLER))


def can_open_shop(user: User, place: Place) -> bool:
    return is_seller_at(user, place.pk)


def can_keep(user: User, shop: Shop) -> bool:
    """The owner alone changes the shop itself: its public number and its helpers."""
    return shop.owner_id == user.pk and is_seller_at(user, shop.place_id)


def can_remove_helper(user: User, shop: Shop, helper: User) -> bool:
    """The owner, or the helper who leaves."""
    return can_keep(user, shop) or user == helper


def can_sell_in(user: User, shop: Shop) -> bool:
    """The owner and the helpers, each as long as they are a granted seller of the shop's village."""
    if shop.owner_id != user.pk and not shop.helpers.filter(pk=user.pk).exists():
        return False
    return is_seller_at(user, shop.place_id)


def can_edit(user: User, product: Product) -> bool:
    return can_sell_in(user, product.shop)


def can_approve(user: User, product: Product) -> bool:
    return can_act_on(user, product.place, Membership.Role.ORGANISER)


def can_edit_batch(user: User, batch: Batch) -> bool:
    return can_sell_in(user, batch.shop)


def can_see_batch(user: User, batch: Batch) -> bool:
    """By its code; who has none does not get so far."""
    if batch.is_public:
        return True
    return user.is_authenticated and (can_edit_batch(user, batch) or can_check(user, batch.shop))


def can_see_paper(user: User, paper: Paper) -> bool:
    """The file itself; buyers read number, holder and day."""
    return user.is_authenticated and (can_sell_in(user, paper.shop) or can_check(user, paper.shop))


def can_check(user: User, shop: Shop) -> bool:
    return can_act_on(user, shop.place, Membership.Role.ORGANISER)


def can_see_shop(user: User, shop: Shop) -> bool:
    if shop.is_open:
        return True
    if not user.is_authenticated:
        return False
    return can_sell_in(user, shop) or can_act_on(user, shop.place, Membership.Role.ORGANISER)


def can_see(user: User, product: Product) -> bool:
    if product.is_published and product.shop.is_open:
        return True
    return user.is_authenticated and (can_edit(user, product) or can_approve(user, product))
