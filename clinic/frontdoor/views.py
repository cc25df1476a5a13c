from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from clinic.frontdoor.models import Service, SiteTexts, TeamMember
from clinic.frontdoor.outbox import newest_mails
from clinic.frontdoor.pages import home_context, public_page
from exercises.content.articles import article_html
from exercises.models import Article
from exercises.showing import shows_exercises
from patients.access import PatientRequest, SignedInRequest, patient_required, signed_in


@require_safe
@login_not_required
@shows_exercises
def home(request: HttpRequest) -> HttpResponse:
    return public_page(request, "clinic/frontdoor/home.html", home_context(SiteTexts.objects.now()))


@require_safe
@login_not_required
def services(request: HttpRequest) -> HttpResponse:
    return public_page(request, "clinic/frontdoor/services.html", {"services": Service.objects.published()})


@require_safe
@login_not_required
def team(request: HttpRequest) -> HttpResponse:
    return public_page(request, "clinic/frontdoor/team.html", {"team": TeamMember.objects.published()})


@require_safe
@login_not_required
def team_photo(request: HttpRequest, name: str) -> FileResponse:
    """Of somebody who is on the page; admins see those of drafts too."""
    user: Any = request.user
    seen = TeamMember.objects.all() if user.is_authenticated and user.is_staff else TeamMember.objects.published()
    member = get_object_or_404(seen.exclude(photo=""), photo=f"team/{name.replace(chr(0), '')}")
    try:
        file = member.photo.open()
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(file, content_type="image/jpeg")
    # A new upload gets a new name, so a browser may keep this one.
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


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
    return public_page(request, "clinic/frontdoor/article.html", context)


@require_safe
@patient_required
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
