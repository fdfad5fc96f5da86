"""Every address of the portal. Each view names its permission; one without is refused to all."""

from django.urls import include, path

urlpatterns = [
    path("", include("cityforge.portal.desk.urls")),
    path("", include("cityforge.portal.api.urls")),
    path("", include("cityforge.portal.accounts.urls")),
    path("data/", include("cityforge.portal.imports.urls")),
    path("runs/", include("cityforge.portal.runs.urls")),
    path("corrections/", include("cityforge.portal.corrections.urls")),
    path("policies/", include("cityforge.portal.policies.urls")),
    path("push/", include("cityforge.portal.campaigns.urls")),
    path("inbox/", include("cityforge.portal.notices.urls")),
    path("", include("cityforge.portal.evaluations.urls")),
    path("audit/", include("cityforge.portal.audit.urls")),
    path("system/", include("cityforge.portal.system.urls")),
    path("", include("cityforge.portal.dossier.urls")),
    path("", include("cityforge.portal.enterprises.urls")),
]

handler400 = "cityforge.portal.nav.bad_request"
handler403 = "cityforge.portal.nav.denied"
handler404 = "cityforge.portal.nav.not_found"
handler500 = "cityforge.portal.nav.failed"
