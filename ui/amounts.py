"""Format money (fen) and weight (grams) as people read them; nothing else turns them into text."""

from decimal import Decimal

from django.utils.translation import gettext as _

JIN = 500
KG = 1000


def yuan(fen: int | None) -> str:
    """Format 1234550 as "12,345.50", with a long minus, which is seen in a column of figures."""
    if fen is None:
        return ""
    whole, cents = divmod(abs(fen), 100)
    return f"{'−' if fen < 0 else ''}{whole:,}.{cents:02d}"


def bytes_over(size: int, unit: int) -> str:
    """Format the size of a file that is refused as too heavy in units of 10**6 or 10**9 bytes.

    Rounded up to a tenth, so that it never reads as the limit itself: 5_000_001 bytes are "5.1" MB.
    """
    tenths = -(-size * 10 // unit)
    return figure(tenths, 10)


def fen_per(fen: int, grams: int, unit: int) -> int:
    """Return what `unit` grams cost when `grams` cost `fen`, in fen, half a fen rounded up."""
    return (2 * fen * unit + grams) // (2 * grams)


def per_jin(fen: int | None, grams: int | None) -> str:
    return yuan(fen_per(fen, grams, JIN)) if fen is not None and grams else ""


def per_kg(fen: int | None, grams: int | None) -> str:
    return yuan(fen_per(fen, grams, KG)) if fen is not None and grams else ""


def figure(grams: int, unit: int) -> str:
    """Format how many units the grams are: "1,250", "2.5", never "2.50"."""
    number = f"{Decimal(grams) / unit:,f}"
    return number.rstrip("0").rstrip(".") if "." in number else number


def jin(grams: int | None) -> str:
    if grams is None:
        return ""
    if grams == JIN // 2:
        return _("半斤")
    return _("%(n)s斤") % {"n": figure(grams, JIN)}


def kg(grams: int | None) -> str:
    return "" if grams is None else _("%(n)s公斤") % {"n": figure(grams, KG)}


def both(grams: int | None) -> str:
    """Format 2500 as "5斤（2.5公斤）": what people say and what scales show."""
    return "" if grams is None else _("%(jin)s（%(kg)s）") % {"jin": jin(grams), "kg": kg(grams)}
