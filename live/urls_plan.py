"""Planning a live: list, rundown, scripts, checklist, who speaks, the printed sheet."""

from django.urls import path

from live.planning import item_views
from live.planning import views as plans
from live.planning import views as sheet
from live.readiness import views as checklist
from live.readiness import views as hosts
from live.scripts import views

urlpatterns = [
    path("", plans.lives, name="lives"),
    path("new/", plans.new_plan, name="new_plan"),
    path("<int:pk>/", plans.plan, name="plan"),
    path("<int:pk>/edit/", plans.edit_plan, name="edit_plan"),
    path("<int:pk>/again/", plans.again, name="again"),
    path("<int:pk>/remove/", plans.remove_plan, name="remove_plan"),
    path("<int:pk>/add/", item_views.add_item, name="add_item"),
    path("<int:pk>/add/typed/", item_views.add_typed, name="add_typed"),
    path("<int:pk>/order/", item_views.order_items, name="order"),
    path("<int:pk>/items/<int:item>/", item_views.item, name="item"),
    path("<int:pk>/items/<int:item>/remove/", item_views.remove_item, name="remove_item"),
    path("<int:pk>/items/<int:item>/script/", views.script, name="script"),
    path("<int:pk>/items/<int:item>/script/wording/", views.wording, name="script_wording"),
    path("<int:pk>/items/<int:item>/script/versions/", views.versions, name="script_versions"),
    path("<int:pk>/checklist/", checklist.checklist, name="checklist"),
    path("<int:pk>/host/", hosts.host, name="host"),
    path("<int:pk>/host/<int:consent>/", hosts.consent_file, name="consent_file"),
    path("<int:pk>/host/<int:consent>/withdraw/", hosts.withdraw_consent, name="withdraw_consent"),
    path("<int:pk>/sheet/", sheet.sheet, name="sheet"),
]
