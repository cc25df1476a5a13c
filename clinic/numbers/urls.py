from django.urls import path

from clinic.numbers import views

urlpatterns = [
    path("numbers/", views.numbers, name="numbers"),
    path("numbers/table.csv", views.numbers_csv, name="numbers_csv"),
    path("patients/<uuid:uuid>/monitoring/", views.monitoring, name="monitoring"),
    path("patients/<uuid:uuid>/monitoring/sheet.csv", views.monitoring_csv, name="monitoring_csv"),
]
