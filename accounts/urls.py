"""/accounts/ for coming in, /me/ for one's own things, /privacy/ for everybody."""

from django.urls import include, path

from accounts import allauth_pages
from accounts.views import entrance, me, people, waiting

own = [
    path("accounts/signup/phone/", entrance.prove, name="prove"),
    path("accounts/signup/code/", entrance.prove_code, name="prove_code"),
    path("accounts/password/forgotten/", entrance.forgotten, name="forgotten"),
    path("me/", me.me, name="me"),
    path("me/waiting/", waiting.waits, name="waits"),
    path("me/waiting/numbers/", waiting.numbers, name="numbers"),
    path("me/waiting/open/", waiting.open_news, name="open_news"),
    path("me/name/", me.name, name="name"),
    path("me/roles/", me.roles, name="roles"),
    path("me/roles/<int:pk>/end/", me.role_end, name="role_end"),
    path("me/privacy/agree/", me.agree, name="agree"),
    path("me/privacy/withdraw/", me.withdraw, name="withdraw"),
    path("me/notifications/", me.notifications, name="notifications"),
    path("me/notifications/on/", me.notifications_on, name="notifications_on"),
    path("me/notifications/off/", me.notifications_off, name="notifications_off"),
    path("me/close/", me.close, name="close"),
    path("me/requests/", people.requests, name="requests"),
    path("me/requests/<int:pk>/grant/", people.grant, name="grant"),
    path("me/requests/<int:pk>/decline/", people.decline, name="decline"),
    path("me/people/", people.people, name="people"),
    path("me/people/<int:pk>/password/", people.reset, name="reset"),
    path("me/people/<int:pk>/password/card/", people.card, name="card"),
]

urlpatterns = [
    path("privacy/", entrance.privacy, name="privacy"),
    path("", include((own, "accounts"))),
    path("", include(allauth_pages)),
]
