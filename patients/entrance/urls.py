from django.urls import path

from patients.entrance import my_sign_in_views, pin_views, views

urlpatterns = [
    path("welcome/<str:token>/", views.welcome, name="welcome"),
    path("sign-in/pin/", pin_views.pin_sign_in, name="pin_sign_in"),
    path("my-sign-in/", my_sign_in_views.my_sign_in, name="my_sign_in"),
    path("my-sign-in/pin/", my_sign_in_views.my_pin, name="my_pin"),
    path("my-sign-in/pin/remove/", my_sign_in_views.my_pin_remove, name="my_pin_remove"),
    path("my-sign-in/device/sign-out/", my_sign_in_views.my_device_sign_out, name="my_device_sign_out"),
    path("my-sign-in/still-you/", my_sign_in_views.still_you, name="still_you"),
]
