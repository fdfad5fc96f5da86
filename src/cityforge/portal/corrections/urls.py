from django.urls import path

from cityforge.portal.corrections import views

app_name = "corrections"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/<str:uscc>/", views.choose, name="choose"),
    path("new/<str:uscc>/<slug:fact>/", views.new, name="new"),
    path("<int:pk>/", views.one, name="one"),
    path("<int:pk>/rule/", views.rule, name="rule"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/evidence/<str:name>/", views.evidence, name="evidence"),
]
