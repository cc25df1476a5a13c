from django.urls import path

from clinic.offline import views

urlpatterns = [
    path("today/sync/", views.sync, name="sync"),
    path("phone/", views.own_device, name="own_device"),
    path("offline/", views.offline, name="offline"),
    path("today/unsent/", views.unsent, name="unsent"),
    path("scripts/<slug:name>.js", views.script, name="script"),
    path("scripts/<slug:name>.<slug:language>.<slug:version>.js", views.spoken_script, name="spoken_script"),
    path("apple-touch-icon.png", views.apple_touch_icon, name="apple_touch_icon"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
