from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from clinic.frontdoor.learning import clean_words, found_page, learn_page
from clinic.frontdoor.models import Service, SiteTexts, TeamMember
from clinic.frontdoor.outbox import newest_mails
from clinic.frontdoor.pages import home_context, public_page
from clinic.frontdoor.way_back import way_back
from exercises.content.articles import article_html
from exercises.lists import Moment
from exercises.models import Article, Question
from exercises.offers import fitting
from exercises.showing import shows_exercises
from exercises.teaching import reads
from exercises.translations import in_language
from patients.access import PatientRequest, SignedInRequest, patient_or_helper, signed_in
from patients.family.rules import Doing

WHO_TO_CALL = "clinic/today/_who_to_call.html"


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
    """Articles and questions; for a patient what fits them now and what is new comes first. Searched, what was found."""
    asked = clean_words(request.GET.get("q", ""))
    articles = in_language(Article.objects.published())
    questions = in_language(Question.objects.published())
    page = found_page(articles, questions, asked) if asked else learn_page(request, articles, questions)
    context = {"page": page, "asked": asked}
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "clinic/frontdoor/learn.html", context)
    response = render(request, "clinic/frontdoor/learn.html#found", context)
    return trigger_client_event(response, "announce", {"value": page.in_words}) if asked else response


@require_safe
@login_not_required
def article(request: HttpRequest, slug: str) -> HttpResponse:
    articles = in_language(Article.objects.published())
    found = next((a for a in articles if a.slug == slug), None)
    if found is None:
        raise Http404
    more = [a for a in articles if a != found]
    following = [a for a in more if a.order > found.order]
    context = {
        "text": found,
        "article": found,
        "body": article_html(found.body),
        "next": next(iter(following or more), None),
        "back": way_back(request),
        # Who reads what needs a doctor may need one now.
        "above": WHO_TO_CALL if Moment.FIRST_VISIT in found.moments else None,
    }
    return public_page(request, "clinic/frontdoor/article.html", context)


@require_safe
@patient_or_helper(Doing.LOOK)
def help(request: PatientRequest) -> HttpResponse:
    context = {"physio": request.patient.lead, "reads": fitting(reads(), [Moment.FLARE])}
    return render(request, "clinic/frontdoor/help.html", context)


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
