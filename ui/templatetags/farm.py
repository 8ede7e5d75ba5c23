"""Filters of the form templates, about one field."""

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString

register = template.Library()

# The number of letter widths in a row of a 360-pixel phone; a Chinese character takes two.
ROW = 36


@register.filter
def kind(field: BoundField) -> str:
    """Return which of the pack's templates a field uses: hidden, check, choices, group or plain."""
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
    """Render the input alone with the pack's classes, linked to its help and errors for screen readers."""
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    attrs: dict[str, str | bool] = {}
    if not isinstance(widget, forms.CheckboxInput):
        attrs["class"] = f"in {own}".strip()
    if described := field.aria_describedby:
        attrs["aria-describedby"] = described
    if isinstance(widget, forms.ClearableFileInput):  # whose own template writes a sentence around the button
        button = forms.FileInput()
        button.attrs = widget.attrs
        return field.as_widget(button, attrs)
    return field.as_widget(attrs=attrs)


@register.filter
def answers(field: BoundField) -> list[BoundWidget]:
    """Return the radio buttons or checkboxes of a choice. aria-invalid belongs to the group: a single radio may not have it."""
    widget = field.field.widget
    attrs = {**field.build_widget_attrs({}), "id": field.auto_id}
    attrs.pop("aria-invalid", None)
    parts = widget.subwidgets(field.html_name, field.value(), attrs=attrs)
    return [BoundWidget(widget, part, field.form.renderer) for part in parts]


@register.filter
def is_short(options: list[BoundWidget]) -> bool:
    """Return whether the options are shown in one row: few, short, and only one to be chosen."""
    widest = max((sum(1 if c < "\u2e80" else 2 for c in str(o.choice_label)) for o in options), default=0)
    return (
        len(options) <= 4 and widest * len(options) <= ROW and all(o.data["type"] == "radio" for o in options)
    )


@register.filter
def marked(field: BoundField) -> bool:
    """Return whether to write 必填: only if some fields of the form are optional.

    A form with `marks_required = False` shows its optional fields separately.
    """
    if not getattr(field.form, "marks_required", True):
        return False
    visible = [one.field for one in field.form.visible_fields()]
    return field.field.required and not all(one.required for one in visible)


@register.filter
def anchor(field: BoundField) -> str:
    """Return the id to which a line of the error summary links: the input, or its group."""
    return field.auto_id if kind(field) in ("choices", "group") else field.id_for_label or field.auto_id


@register.filter
def error_count(form: forms.BaseForm) -> int:
    """Count the visible fields with errors; errors of the whole form are shown as sentences."""
    return sum(1 for field in form.visible_fields() if field.name in form.errors)
