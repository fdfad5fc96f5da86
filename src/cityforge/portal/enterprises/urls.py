from django.urls import path

from cityforge.portal.enterprises import views

app_name = "enterprises"
urlpatterns = [
    path("enterprises/", views.listing, name="list"),
    path("enterprises/list.csv", views.as_csv, name="csv"),
    path("enterprises/list.xlsx", views.as_workbook, name="workbook"),
    path("claims/", views.claims, name="claims"),
    path("claims/own/", views.own_claims, name="own-claims"),
    path("claims/<int:number>/", views.rule, name="rule"),
    path("enterprises/<str:uscc>/merge/", views.merge, name="merge"),
    path("mergers/<int:number>/split/", views.split, name="split"),
]
