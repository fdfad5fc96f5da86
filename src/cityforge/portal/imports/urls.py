from django.urls import path

from cityforge.portal.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.home, name="home"),
    path("freshness/", views.freshness, name="freshness"),
    path("freshness/count/", views.count, name="count"),
    path("sets/<slug:dataset>/", views.dataset, name="dataset"),
    path("sets/<slug:dataset>/template/", views.template, name="template"),
    path("sets/<slug:dataset>/upload/", views.upload, name="upload"),
    path("deliveries/<int:pk>/", views.delivery, name="delivery"),
    path("deliveries/<int:pk>/progress/", views.progress, name="progress"),
    path("deliveries/<int:pk>/rows/", views.rows, name="rows"),
    path("deliveries/<int:pk>/files/<slug:which>/", views.file, name="file"),
    path("deliveries/<int:pk>/check/", views.check, name="check"),
    path("deliveries/<int:pk>/submit/", views.submit, name="submit"),
    path("deliveries/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("deliveries/<int:pk>/approve/", views.approve, name="approve"),
    path("deliveries/<int:pk>/return/", views.return_, name="return"),
    path("deliveries/<int:pk>/undo/", views.undo, name="undo"),
]
