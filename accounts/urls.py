"""/accounts/ for coming in, /me/ for one's own things, /privacy/ for everybody."""

from django.urls import include, path

from accounts.auth import urls as auth_urls
from accounts.auth import views as auth
from accounts.people import staff_views
from accounts.people import views as people
from accounts.worklist import views as worklist

own = [
    path("accounts/signup/phone/", auth.prove, name="prove"),
    path("accounts/signup/code/", auth.prove_code, name="prove_code"),
    path("accounts/password/forgotten/", auth.forgotten, name="forgotten"),
    path("me/", people.me, name="me"),
    path("me/waiting/", worklist.waits, name="waits"),
    path("me/waiting/numbers/", worklist.numbers, name="numbers"),
    path("me/waiting/open/", worklist.open_news, name="open_news"),
    path("me/name/", people.name, name="name"),
    path("me/roles/", people.roles, name="roles"),
    path("me/roles/<int:pk>/end/", people.role_end, name="role_end"),
    path("me/privacy/agree/", people.agree, name="agree"),
    path("me/privacy/withdraw/", people.withdraw, name="withdraw"),
    path("me/notifications/", people.notifications, name="notifications"),
    path("me/notifications/on/", people.notifications_on, name="notifications_on"),
    path("me/notifications/off/", people.notifications_off, name="notifications_off"),
    path("me/close/", people.close, name="close"),
    path("me/requests/", staff_views.requests, name="requests"),
    path("me/requests/<int:pk>/grant/", staff_views.grant, name="grant"),
    path("me/requests/<int:pk>/decline/", staff_views.decline, name="decline"),
    path("me/people/", staff_views.people, name="people"),
    path("me/people/<int:pk>/password/", staff_views.reset, name="reset"),
    path("me/people/<int:pk>/password/card/", staff_views.card, name="card"),
]

urlpatterns = [
    path("privacy/", auth.privacy, name="privacy"),
    path("", include((own, "accounts"))),
    path("", include(auth_urls)),
]
