from django.urls import path

from cityforge.portal.dossier import views

app_name = "dossier"
urlpatterns = [
    path("enterprises/own/", views.mine, name="mine"),
    path("enterprises/<str:uscc>/", views.file, name="file"),
    path("enterprises/<str:uscc>/facts/", views.facts, name="facts"),
    path("enterprises/<str:uscc>/grades/", views.grades, name="grades"),
    path("enterprises/<str:uscc>/policies/", views.policies, name="policies"),
    path("enterprises/<str:uscc>/ladder/", views.ladder, name="ladder"),
    path("enterprises/<str:uscc>/check-up.pdf", views.check_up_pdf, name="check-up"),
]
