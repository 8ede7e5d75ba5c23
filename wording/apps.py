from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.utils.translation import pgettext_lazy


class WordingConfig(AppConfig):
    name = "wording"
    verbose_name = pgettext_lazy("many", "用语检查")

    def ready(self) -> None:
        from wording.rulebook.loader import Kept

        Kept.folder = settings.VAR_DIR / "rules"
        checks.register(check_rule_files, "wording", deploy=True)


def check_rule_files(**options) -> list[checks.CheckMessage]:
    """Return an error for each damaged rule file, so that `manage.py check --deploy`, and an upgrade by it, stop."""
    from wording.rulebook import loader

    hint = "Mend the file; manage.py check_rules looks at all of them. The running site keeps the rules that it has."
    return [checks.Error(fault, hint, id="wording.E001") for fault in loader.find_faults(loader.HERE)]
