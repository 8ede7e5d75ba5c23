from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ProgrammeConfig(AppConfig):
    name = "programme"
    verbose_name = gettext_lazy("培训班")
