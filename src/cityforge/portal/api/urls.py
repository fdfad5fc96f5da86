from django.urls import include, path

from cityforge.portal.api import document, views

app_name = "api"
urlpatterns = [
    path("api/", views.reference, name="reference"),
    path("api/v1/openapi.json", views.openapi, name="openapi"),
    path("api/v1/", include((document.places(), "v1"))),
    path("me/tokens/", views.tokens, name="tokens"),
    path("me/tokens/<int:pk>/revoke/", views.revoke_own, name="revoke-own"),
    path("people/tokens/", views.oversee, name="oversee"),
    path("people/tokens/<int:pk>/revoke/", views.revoke, name="revoke"),
    path(
        "numbers/<str:snapshot>/<slug:scheme>/<slug:version>/<slug:place>/<str:grade>/",
        views.number,
        name="number",
    ),
]
