from django.urls import path

from cityforge.portal.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("channels/", views.channels, name="channels"),
    path("channels/<slug:channel>/ask/", views.ask, name="ask"),
    path("channels/<slug:channel>/agree/", views.agree, name="agree"),
    path("channels/<slug:channel>/withdraw/", views.withdraw, name="withdraw"),
    path("stop/<str:token>/", views.stop, name="stop"),
    path("recorded/", views.recorded, name="recorded"),
    path("<int:pk>/", views.notice, name="notice"),
    path("<int:pk>/open/", views.follow, name="follow"),
    path("<int:pk>/archive/", views.archive, name="archive"),
]
