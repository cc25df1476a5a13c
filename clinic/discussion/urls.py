from django.urls import path

from clinic.discussion import views

urlpatterns = [path("learn/<slug:slug>/ask/", views.article_ask, name="article_ask")]
