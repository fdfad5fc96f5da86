from django.urls import path

from cityforge.portal.evaluations import views

app_name = "evaluations"
urlpatterns = [
    path("evaluations/", views.home, name="home"),
    path("evaluations/mine/", views.mine, name="mine"),
    path("evaluations/compare/", views.compare, name="compare"),
    path("evaluations/<slug:scheme>/", views.scheme, name="scheme"),
    path("evaluations/<slug:scheme>/what-if/", views.what_if, name="what-if"),
    path("evaluations/<slug:scheme>/proceeding/", views.proceeding, name="proceeding"),
    path("evaluations/<slug:scheme>/proceeding/answers/", views.answers, name="answers"),
    path("evaluations/<slug:scheme>/files/", views.files, name="files"),
    path("evaluations/<slug:scheme>/files/letters.zip", views.letters, name="letters"),
    path("evaluations/<slug:scheme>/files/<slug:kind>/", views.file, name="file"),
    path("evaluations/<slug:scheme>/letters/<str:uscc>.pdf", views.letter, name="letter"),
    path("evaluations/<slug:scheme>/evidence/<str:name>/", views.evidence, name="evidence"),
    path("evaluations/<slug:scheme>/proceeding/<slug:what>/", views.conduct, name="conduct"),
    path("evaluations/<slug:scheme>/mine/<slug:uscc>/<slug:what>/", views.speak, name="speak"),
    path("publicity/", views.publicity, name="publicity"),
]
