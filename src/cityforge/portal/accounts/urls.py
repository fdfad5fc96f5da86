from django.urls import path

from cityforge.portal.accounts.views import identities, own, people, sign_on, signing

app_name = "accounts"
urlpatterns = [
    path("sign-in/", signing.sign_in, name="sign-in"),
    path("sign-in/oidc/", sign_on.start, name="sign-on"),
    path("sign-in/oidc/done/", sign_on.done, name="sign-on-done"),
    path("sign-out/", signing.sign_out, name="sign-out"),
    path("me/", own.me, name="me"),
    path("me/password/", own.password, name="password"),
    path("me/delegate/", own.delegate, name="delegate"),
    path("me/delegations/<int:pk>/end/", own.take_back, name="take-back"),
    path("me/codes/", own.second, name="second"),
    path("me/codes/off/", own.no_second, name="no-second"),
    path("me/sessions/<int:pk>/end/", own.end_sitting, name="end-sitting"),
    path("me/sessions/end/", own.end_others, name="end-others"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new, name="new"),
    path("people/organisations/", people.organisations, name="organisations"),
    path("people/waiting/<int:pk>/", identities.waiting, name="waiting"),
    path("people/waiting/<int:pk>/link/", identities.link, name="link"),
    path("people/waiting/<int:pk>/forget/", identities.forget, name="forget"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/grant/", people.grant, name="grant"),
    path("people/<int:pk>/roles/<int:membership>/end/", people.end, name="end"),
    path("people/<int:pk>/switch/", people.switch, name="switch"),
    path("people/<int:pk>/unlock/", people.unlock, name="unlock"),
    path("people/<int:pk>/password/", people.password, name="give-password"),
    path("people/<int:pk>/codes/off/", people.no_second, name="take-codes"),
    path("people/<int:pk>/identities/<int:identity>/end/", identities.unlink, name="unlink"),
]
