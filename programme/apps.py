from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ProgrammeConfig(AppConfig):
    name = "programme"
    verbose_name = gettext_lazy("培训班")

    def ready(self) -> None:
        from programme import audit, event_descriptions, worklist  # noqa: F401 - register words and what waits
        from programme.attendance import panels  # noqa: F401 - registers its parts of a class's pages
        from programme.certificates import panel  # noqa: F401 - registers its row of a class's page
        from programme.exams import panel as exams_panel  # noqa: F401 - registers its row of a class's page
        from programme.ladder import panels as ladder_panels  # noqa: F401 - registers its part of /me/ and of a class
        from programme.lesson_plans import panel as plans_panel  # noqa: F401 - registers its row of a class's page
        from programme.mentoring import panels as mentoring_panels  # noqa: F401 - registers its row of /me/
        from programme.outcomes import panels as outcome_panels  # noqa: F401 - registers its part of /me/ and of a class
        from programme.rosters import panel as rosters_panel  # noqa: F401 - registers its row of a class's page
        from programme.sheets import panels as sheet_panels  # noqa: F401 - registers its parts of /me/, lessons and classes
        from programme.sign_in_cards import panel as card_panel  # noqa: F401 - registers its row of a class's page
        from programme.support import panel as support_panel  # noqa: F401 - registers its row of a class's page
        from programme.training_ledger import panel as ledger_panel  # noqa: F401 - registers its row of a class's page
