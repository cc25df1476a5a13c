import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from exercises.catalogue import CatalogueQuery, find
from exercises.drawings import standalone
from exercises.models import Exercise
from exercises.offers import Read, fitting, moments_of
from exercises.own import SHOWN_BY, clinic_of_file, standing_file
from exercises.showing import shows_exercises
from exercises.teaching import reads
from exercises.templatetags.look import stand_in
from exercises.translations import in_language
from exercises.videos import in_pieces
from exercises.words import in_words

P = ParamSpec("P")
PICTURES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


def catalogue_reader(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Everybody, or with PUBLIC_CATALOGUE off whoever is signed in and has a role."""

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user: Any = request.user
        if not settings.PUBLIC_CATALOGUE:
            if not user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if user.role == "none":
                raise PermissionDenied
        return view(request, *args, **kwargs)

    return shows_exercises(guarded)


@require_safe
@catalogue_reader
def exercises(request: HttpRequest) -> HttpResponse:
    query = CatalogueQuery.parse(request.GET)
    for_staff = is_staff_member(request)
    found = find(Exercise.objects.visible_to(request.user), query, order="name" if for_staff else "plain_name")
    context = {"found": found, "for_staff": for_staff}
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "exercises/exercises.html", context)
    if query.page > 1:
        return render(request, "exercises/exercises.html#more", context | {"appended": True})
    response = render(request, "exercises/exercises.html#answer", context)
    response["HX-Push-Url"] = reverse("exercises") + query.address().removesuffix("?")
    return trigger_client_event(response, "announce", {"value": found.count_in_words})


@require_safe
@catalogue_reader
def exercise(request: HttpRequest, slug: str) -> HttpResponse:
    visible = Exercise.objects.visible_to(request.user)
    found = get_object_or_404(visible.with_parts().select_related("regression", "progression"), slug=slug)
    muscles, needs = found.primary_muscles.all(), found.equipment.all()
    ladder = {"easier": found.regression, "harder": found.progression}
    for_staff = is_staff_member(request)
    for step, neighbour in ladder.items():
        if neighbour and (neighbour.retired_at or (neighbour.clinician_only and not for_staff)):
            ladder[step] = None
    context = {
        "exercise": in_language([found])[0],
        "muscles": in_words(muscle.plain_name for muscle in in_language(muscles)),
        "needs": in_language(needs),
        "for_staff": for_staff,
        "reads": [] if for_staff else reads_about(found),
    } | ladder
    return render(request, "exercises/exercise.html", context)


def reads_about(exercise: Exercise) -> list[Read]:
    tags = [tag.slug for tag in exercise.tags.all()]
    return fitting(reads(), moments_of(category=exercise.category, tags=tags))


@require_safe
@catalogue_reader
def exercise_figure(request: HttpRequest, slug: str) -> HttpResponse:
    """The key poses as a file of their own, for paper and e-mail."""
    found = in_language([get_object_or_404(Exercise.objects.visible_to(request.user), slug=slug)])[0]
    drawn = standalone(found.pose, title=found.plain_name, desc=" ".join(found.steps))
    if drawn is None:
        raise Http404
    response = _drawing(drawn)
    response["Content-Disposition"] = f'inline; filename="{found.slug}.svg"'
    return response


def _drawing(svg: str) -> HttpResponse:
    response = HttpResponse(svg, content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@catalogue_reader
def exercise_picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """An uploaded picture. The upload gave it its name and made sure that it is a picture."""
    if not re.fullmatch(r"[a-z0-9-]+\.(jpg|png|webp)", name):
        raise Http404
    is_own, file = _uploaded(request, f"exercises/{name}")
    response = (
        FileResponse(file, content_type=PICTURES[str(file.name).rpartition(".")[2]]) if file else _drawing(stand_in())
    )
    # A new upload gets a new name, so a browser may keep this one.
    is_public = settings.PUBLIC_CATALOGUE and not is_own
    response["Cache-Control"] = "public, max-age=31536000, immutable" if is_public else "private"
    return response


@require_safe
@catalogue_reader
def exercise_video(request: HttpRequest, name: str) -> HttpResponseBase:
    """An uploaded video of a clinic's own."""
    if not re.fullmatch(r"c[0-9]{1,18}-[a-z0-9]+\.(mp4|webm)", name):
        raise Http404
    _, file = _uploaded(request, f"exercises/video/{name}")
    if file is None:
        return render(request, "exercises/video_gone.html", status=404)
    response = in_pieces(file, str(file.name).rpartition(".")[2], request.headers.get("Range", ""))
    response["Cache-Control"] = "private"
    response["Content-Security-Policy"] = "default-src 'none'; media-src 'self'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _uploaded(request: HttpRequest, path: str) -> tuple[bool, File | None]:
    """Whether it is a clinic's own, and the file; None where the clinic took it away. What a clinic uploaded for itself
    does not exist for anybody else, but for who has it in a plan."""
    key, user = clinic_of_file(path.rpartition("/")[2]), request.user
    if key is not None and not (
        user.is_authenticated and (user.sees_clinic(key) or any(shows(user, path) for shows in SHOWN_BY))
    ):
        raise Http404
    file = standing_file(path)
    if file is None and key is None:
        raise Http404
    return key is not None, file


def is_staff_member(request: HttpRequest) -> bool:
    user: Any = request.user
    return user.is_authenticated and user.is_staff_member
