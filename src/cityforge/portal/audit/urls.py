from django.urls import path

from cityforge.portal.audit import views

app_name = "audit"
urlpatterns = [path("", views.trail, name="trail")]
