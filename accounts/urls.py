"""/accounts/ for signing in, /me/ for a person's own pages, /privacy/ for everybody."""

from django.urls import include, path

from accounts.auth import urls as auth_urls
from accounts.auth import views as auth
from accounts.notifications import views as notifications
from accounts.people import membership_views as memberships
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
    path("me/roles/", memberships.roles, name="roles"),
    path("me/roles/<int:pk>/end/", memberships.role_end, name="role_end"),
    path("me/privacy/agree/", people.agree, name="agree"),
    path("me/privacy/withdraw/", people.withdraw, name="withdraw"),
    path("me/notifications/", notifications.notifications, name="notifications"),
    path("me/notifications/on/", notifications.notifications_on, name="notifications_on"),
    path("me/notifications/off/", notifications.notifications_off, name="notifications_off"),
    path("me/close/", people.close, name="close"),
    path("me/requests/", memberships.requests, name="requests"),
    path("me/requests/<int:pk>/grant/", memberships.grant, name="grant"),
    path("me/requests/<int:pk>/decline/", memberships.decline, name="decline"),
    path("me/people/", auth.people, name="people"),
    path("me/people/<int:pk>/password/", auth.reset, name="reset"),
    path("me/people/<int:pk>/password/card/", auth.card, name="card"),
]

urlpatterns = [
    path("privacy/", people.privacy, name="privacy"),
    path("", include((own, "accounts"))),
    path("accounts/", include(auth_urls)),
]
