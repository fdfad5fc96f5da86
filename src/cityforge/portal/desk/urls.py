from django.urls import path

from cityforge.portal.desk import views

app_name = "desk"
urlpatterns = [path("", views.home, name="home")]
