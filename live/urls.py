"""Plan, air, look back: one file of addresses each."""

from django.urls import include, path

from live.urls_air import urlpatterns as air
from live.urls_plan import urlpatterns as plan
from live.urls_recap import urlpatterns as recap

app_name = "live"
urlpatterns = [path("", include(air)), path("", include(recap)), path("", include(plan))]
