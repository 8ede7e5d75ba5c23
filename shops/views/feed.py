"""RSS of what is in season, the newest fifty, for readers and for sites that list what villages sell."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shops import listing, site_role
from shops.goods import Cover, pack
from shops.listing import Row
from shops.naming import in_language
from shops.wish import Wish
from ui import amounts
from ui.stamps import stamped

RSS = Rss201rev2Feed.content_type
NEWEST = 50


@require_safe
@stamped("shops", content_type=RSS)
def feed(request: HttpRequest) -> HttpResponse:
    """Two queries, whatever is for sale."""
    about = _("村里人自己种、自己卖，现在正在采的。")
    channel = Rss201rev2Feed(
        title=_("正在采的·新农活"),
        link=request.build_absolute_uri(reverse("shops:products")),
        description=" ".join(filter(None, (about, site_role.note()))),
        language=settings.LANGUAGE_CODE if request.LANGUAGE_CODE == "zh-hans" else request.LANGUAGE_CODE,
        feed_url=request.build_absolute_uri(request.path),
    )
    for row in listing.page(Wish(in_season=True), size=NEWEST).rows:
        url = request.build_absolute_uri(reverse("shops:product", args=[row.id]))
        channel.add_item(
            title=row.name,
            link=url,
            unique_id=url,
            description=told(request, row),
            pubdate=row.listed_at,
        )
    return HttpResponse(channel.writeString("utf-8"), content_type=RSS)


def told(request: HttpRequest, row: Row) -> SafeString:
    """Picture, price per 斤 and pack, village."""
    picture = ""
    if row.photo_key:
        cover = Cover(row.photo_key, row.photo_width)
        src = request.build_absolute_uri(cover.url_at(cover.widths()[-1]))
        picture = format_html('<p><img src="{}" alt="{}"></p>', src, row.name)
    price = _("每斤 ¥%(price)s（%(pack)s）") % {
        "price": amounts.per_jin(row.price_fen, row.net_grams),
        "pack": pack(row),
    }
    return format_html("{}<p>{}<br>{}</p>", picture, price, in_language(row.place_name, row.place_name_en))
