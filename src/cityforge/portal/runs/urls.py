from django.urls import path

from cityforge.portal.runs import views

app_name = "runs"
urlpatterns = [
    path("", views.home, name="home"),
    path("preview/", views.preview, name="preview"),
    path("start/", views.start, name="start"),
    path("<int:pk>/", views.run, name="run"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/adopt/", views.adopt, name="adopt"),
    path("<int:pk>/discard/", views.discard, name="discard"),
]
