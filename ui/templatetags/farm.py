"""What the form templates need to know about a field."""

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString

register = template.Library()

# How many letter widths fit in a row of a 360-pixel phone; a Chinese character takes two.
ROW = 36


@register.filter
def kind(field: BoundField) -> str:
    """Which of the pack's shapes a field takes: hidden, check, choices, group or plain."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect):
        return "choices"
    if isinstance(widget, (forms.MultiWidget, forms.SelectDateWidget)):
        return "group"
    return "plain"


@register.filter
def control(field: BoundField) -> SafeString:
    """The bare input in our dress, told apart by screen readers with its help and its errors."""
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    attrs: dict[str, str | bool] = {}
    if not isinstance(widget, forms.CheckboxInput):
        attrs["class"] = f"in {own}".strip()
    if described := field.aria_describedby:
        attrs["aria-describedby"] = described
    if isinstance(widget, forms.ClearableFileInput):  # which writes a sentence of its own around the button
        button = forms.FileInput()
        button.attrs = widget.attrs
        return field.as_widget(button, attrs)
    return field.as_widget(attrs=attrs)


@register.filter
def answers(field: BoundField) -> list[BoundWidget]:
    """The radios or boxes of a choice. "Wrong" belongs to the group: a single radio may not carry it."""
    widget = field.field.widget
    attrs = {**field.build_widget_attrs({}), "id": field.auto_id}
    attrs.pop("aria-invalid", None)
    parts = widget.subwidgets(field.html_name, field.value(), attrs=attrs)
    return [BoundWidget(widget, part, field.form.renderer) for part in parts]


@register.filter
def is_short(options: list[BoundWidget]) -> bool:
    """Whether the answers stand side by side: few, short and only one to be chosen."""
    widest = max((sum(1 if c < "\u2e80" else 2 for c in str(o.choice_label)) for o in options), default=0)
    return (
        len(options) <= 4 and widest * len(options) <= ROW and all(o.data["type"] == "radio" for o in options)
    )


@register.filter
def marked(field: BoundField) -> bool:
    """Whether to write 必填: only where some of the form may stay empty.

    A form with `marks_required = False` sets what may stay empty apart by itself.
    """
    if not getattr(field.form, "marks_required", True):
        return False
    visible = [one.field for one in field.form.visible_fields()]
    return field.field.required and not all(one.required for one in visible)


@register.filter
def anchor(field: BoundField) -> str:
    """Where a line of the error summary leads: the input, or the group of them."""
    return field.auto_id if kind(field) in ("choices", "group") else field.id_for_label or field.auto_id


@register.filter
def error_count(form: forms.BaseForm) -> int:
    """How many visible fields want mending; the errors of the form as a whole are told in words."""
    return sum(1 for field in form.visible_fields() if field.name in form.errors)
