"""Read the storefront page after page to the end."""

from dataclasses import replace

from shops.catalogue import queries
from shops.catalogue.queries import ProductQuery

MOST_PAGES = 500


def every_id(product_query: ProductQuery, size: int = queries.SIZE) -> list[int]:
    ids: list[int] = []
    for _page in range(MOST_PAGES):
        page = queries.fetch_page(product_query, size)
        ids += [row.id for row in page.rows]
        if page.next is None:
            return ids
        product_query = replace(product_query, after=page.next)
    raise AssertionError("the pages do not end")
