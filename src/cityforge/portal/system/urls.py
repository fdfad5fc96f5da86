from django.urls import path

from cityforge.portal.system import views

app_name = "system"
urlpatterns = [
    path("", views.home, name="home"),
    path("city-folder/", views.folder, name="folder"),
]
