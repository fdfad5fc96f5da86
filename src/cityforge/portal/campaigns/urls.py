from django.urls import path

from cityforge.portal.campaigns import views

app_name = "campaigns"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.new, name="new"),
    path("send/", views.send, name="send"),
    path("coverage/", views.coverage, name="coverage"),
    path("coverage/<slug:policy>/", views.coverage_of, name="coverage-of"),
    path("<int:pk>/", views.campaign, name="campaign"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/recipients.xlsx", views.workbook, name="workbook"),
    path("<int:pk>/go-on/", views.go_on, name="go-on"),
    path("<int:pk>/again/", views.again, name="again"),
    path("<int:pk>/stop/", views.stop, name="stop"),
]
