from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from clinic.frontdoor.outbox import newest_mails
from exercises.content.articles import article_html
from exercises.models import Article
from exercises.showing import shows_exercises
from patients.access import PatientRequest, SignedInRequest, patient_or_helper, signed_in
from patients.family.rules import Doing


class Sample(NamedTuple):
    """An exercise as the home page shows what a day looks like."""

    plain_name: str
    position: str
    category: str
    dose: str


SAMPLES = [
    Sample("Bridge", "supine", "stability", "Lift 8 times. Hold each lift for 5 seconds."),
    Sample("Easy walk", "standing", "aerobic", "10 minutes, at your own pace."),
]
SAMPLE_DAY = ["done", "done", "done", "now", "todo", "todo", "todo"]


@require_safe
@login_not_required
@shows_exercises
def home(request: HttpRequest) -> HttpResponse:
    context = {"articles": Article.objects.published()[:3], "day": SAMPLE_DAY, "samples": SAMPLES}
    return render(request, "clinic/frontdoor/home.html", context)


@require_safe
@login_not_required
def learn(request: HttpRequest) -> HttpResponse:
    return render(request, "clinic/frontdoor/learn.html", {"articles": Article.objects.published()})


@require_safe
@login_not_required
def article(request: HttpRequest, slug: str) -> HttpResponse:
    articles = list(Article.objects.published())
    found = next((a for a in articles if a.slug == slug), None)
    if found is None:
        raise Http404
    more = [a for a in articles if a != found]
    following = [a for a in more if a.order > found.order]
    context = {"article": found, "body": article_html(found.body), "next": next(iter(following or more), None)}
    return render(request, "clinic/frontdoor/article.html", context)


@require_safe
@patient_or_helper(Doing.LOOK)
def help(request: PatientRequest) -> HttpResponse:
    lead = request.patient.care_team.select_related("clinician__user").first()
    return render(request, "clinic/frontdoor/help.html", {"physio": lead.clinician if lead else None})


@require_safe
@signed_in
def no_role(request: SignedInRequest) -> HttpResponse:
    return render(request, "clinic/frontdoor/no_role.html")


@require_safe
@login_not_required
def outbox(request: HttpRequest) -> HttpResponse:
    """The e-mails that the demo wrote. A clinic's own installation sends them and has no such page."""
    if settings.MODE not in {"demo", "development"}:
        raise Http404
    return render(request, "clinic/frontdoor/outbox.html", {"mails": newest_mails(settings.EMAIL_FILE_PATH)})


@require_safe
@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(staticfiles_storage.url("icon.svg"), permanent=True)
