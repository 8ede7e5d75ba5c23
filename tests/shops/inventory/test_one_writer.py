"""Only one module changes stock, so that nothing is sold twice: no other source writes its columns or its rows."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WRITER = Path("shops/inventory/stock.py")
COLUMNS = {"stock", "left", "free_at"}
# A new product is created with its stock in one statement; record_first_stock then writes the move of these units.
CREATORS = ("demo/seed/sales/shops.py", "shops/listings/services.py")
CREATES = {"create", "get_or_create", "update_or_create"}
WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete"}


def app_sources() -> list[Path]:
    apps = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    found = (path.relative_to(ROOT) for app in apps for path in (ROOT / app).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


def stock_writes(source: str) -> list[str]:
    """Return each call that writes a column of stock or a StockMove, as written in the source."""
    return [
        ast.unparse(call) for call in calls(ast.parse(source)) if writes_a_column(call) or writes_a_move(call)
    ]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def writes_a_column(call: ast.Call) -> bool:
    """`.update(stock=…)`, `.update(**{"stock": …})`, `.update(**{field: F(field) + …})`, `.save(update_fields=["stock"])`,
    `.create(stock=…)`, `Product(stock=…)` in `.bulk_create`.
    """
    match call.func:
        case ast.Attribute(attr=method) if method in CREATES:
            return bool(
                COLUMNS & {*names_in(call), *strings_in([keyword.value for keyword in call.keywords])}
            )
        case ast.Attribute(attr="bulk_create"):
            return any(COLUMNS & names_in(inner) for inner in calls(call) if inner is not call)
        case ast.Attribute(attr="update"):
            named = {keyword.arg for keyword in call.keywords}
            unpacked = [keyword.value for keyword in call.keywords if isinstance(keyword.value, ast.Dict)]
            computed = any(calls_f(value) for value in unpacked)
            return bool(named & COLUMNS or COLUMNS & strings_in(unpacked)) or computed
        case ast.Attribute(attr="save" | "bulk_update"):
            return bool(COLUMNS & strings_in([*call.args[1:], *(keyword.value for keyword in call.keywords)]))
        case _:
            return False


def names_in(call: ast.Call) -> set[str]:
    """Return the names of the arguments that the call gives by name."""
    return {keyword.arg for keyword in call.keywords if keyword.arg}


def calls_f(value: ast.AST) -> bool:
    """Return whether the value contains an F() of a computed name."""
    return any(
        isinstance(call.func, ast.Name) and call.func.id == "F" and not isinstance(call.args[0], ast.Constant)
        for call in calls(value)
    )


def strings_in(values: list[ast.AST]) -> set[str]:
    nodes = (node for value in values for node in ast.walk(value))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def writes_a_move(call: ast.Call) -> bool:
    """`StockMove(…)`, or a writing method of a queryset of StockMove or of its reverse manager `moves`."""
    match call.func:
        case ast.Name(id="StockMove"):
            return True
        case ast.Attribute(attr=method, value=value) if method in WRITES:
            text = ast.unparse(value)
            return "StockMove.objects" in text or ".moves" in text
        case _:
            return False


def test_only_one_module_of_the_product_writes_stock():
    found = {str(path): stock_writes((ROOT / path).read_text()) for path in app_sources() if path != WRITER}
    writers = {
        path: [write.partition("(")[0] for write in writes] for path, writes in found.items() if writes
    }
    assert writers == dict.fromkeys(CREATORS, ["Product.objects.create"])
    assert all("record_first_stock(" in (ROOT / path).read_text() for path in CREATORS)


def test_the_one_module_is_seen_to_write():
    guarded = "filter_with_room(rows, field, delta).update(**{field: F(field) + delta}, **more)"
    assert guarded in stock_writes((ROOT / WRITER).read_text())


@pytest.mark.parametrize(
    "source",
    [
        'Product.objects.filter(pk=1).update(stock=F("stock") - 1)',
        "rows.update(left=3)",
        'rows.update(**{"stock": 3})',
        "rows.update(**{field: F(field) - quantity})",
        'product.save(update_fields=["name", "stock"])',
        'Product.objects.bulk_update(products, ["stock"])',
        "Product.objects.create(shop=shop, stock=3)",
        'Product.objects.get_or_create(name="橙", defaults={"stock": 3})',
        'Product.objects.update_or_create(pk=1, **{"stock": 3})',
        "Product.objects.bulk_create([Product(stock=3) for _ in range(2)])",
        "Presale.objects.create(product=product, quota=3, left=3)",
        "StockMove.objects.create(product=product, delta=-1)",
        "StockMove(product=product, delta=-1).save()",
        "StockMove.objects.filter(pk=1).update(order=order)",
        "product.moves.create(delta=-1)",
    ],
)
def test_control_each_way_of_writing_is_found(source):
    assert stock_writes(source)


@pytest.mark.parametrize(
    "source",
    [
        "Product.objects.filter(stock__gte=1).update(listed_at=now)",
        "StockMove.objects.filter(event_id=key).exists()",
        "rows.update(**change)",
        "Product.objects.create(shop=shop)",
        "stock.change_stock(product, -1, StockMove.Reason.LOSS, actor)",
    ],
)
def test_control_reading_is_not_writing(source):
    assert stock_writes(source) == []
