from django.urls import path

from cityforge.portal.evaluations.views import conducting, enterprise, papers, results

app_name = "evaluations"
urlpatterns = [
    path("evaluations/", results.home, name="home"),
    path("evaluations/mine/", enterprise.mine, name="mine"),
    path("evaluations/compare/", results.compare, name="compare"),
    path(
        "evaluations/earlier/<str:run>/<slug:scheme>/<int:year>/",
        conducting.earlier_,
        name="earlier",
    ),
    path("evaluations/<slug:scheme>/", results.scheme, name="scheme"),
    path("evaluations/<slug:scheme>/what-if/", results.what_if, name="what-if"),
    path("evaluations/<slug:scheme>/proceeding/", conducting.proceeding, name="proceeding"),
    path("evaluations/<slug:scheme>/proceeding/answers/", conducting.answers, name="answers"),
    path("evaluations/<slug:scheme>/files/", papers.files, name="files"),
    path("evaluations/<slug:scheme>/files/letters.zip", papers.letters, name="letters"),
    path("evaluations/<slug:scheme>/files/<slug:kind>/", papers.file, name="file"),
    path("evaluations/<slug:scheme>/letters/<str:uscc>.pdf", papers.letter, name="letter"),
    path("evaluations/<slug:scheme>/evidence/<str:name>/", papers.evidence, name="evidence"),
    path("evaluations/<slug:scheme>/proceeding/<slug:what>/", conducting.conduct, name="conduct"),
    path("evaluations/<slug:scheme>/mine/<slug:uscc>/<slug:what>/", enterprise.speak, name="speak"),
    path("publicity/", enterprise.publicity, name="publicity"),
]
