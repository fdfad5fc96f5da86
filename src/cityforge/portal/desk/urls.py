from django.urls import path

from cityforge.portal.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("figures/<slug:name>/", views.figure, name="figure"),
    path("figures/<slug:name>/list.csv", views.as_csv, name="csv"),
]
