"""The site as an app: what a phone installs and keeps, and where it sends what was tapped without a network."""

from dataclasses import asdict
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import check_for_language, get_language, gettext, override
from django.views.decorators.http import require_POST, require_safe

from clinic.offline.actions import take_in
from clinic.offline.reading import MOST_TAPS, NotABatch, read_batch
from clinic.offline.scripts import SPEAKING, script_that_speaks
from patients.access import PatientRequest, patient_required
from patients.records.pain_limits import limits_of
from patients.screening.actions import is_stopped

LARGEST = 400_000  # bytes of a batch
BATCHES_A_MINUTE = 30


@require_POST
@patient_required
def sync(request: PatientRequest) -> HttpResponse:
    """A batch of taps. Each has its answer; sending the batch again changes nothing more."""
    if _too_often(request):
        return JsonResponse({"words": gettext("Too many at once.")}, status=429, headers={"Retry-After": "60"})
    if len(request.body) > LARGEST:
        return JsonResponse({"words": gettext("At most %(most)d at once, please.") % {"most": MOST_TAPS}}, status=413)
    try:
        batch = read_batch(request.body)
    except NotABatch:
        return JsonResponse({"words": gettext("That is no batch of taps.")}, status=400)
    if batch.owner != request.patient.device_key:
        # Somebody else signed in on this device: nothing goes out under another name.
        return JsonResponse({"words": gettext("These belong to somebody else.")}, status=409)
    answers = take_in(patient=request.patient, by=request.user, batch=batch)
    request.patient.refresh_from_db(fields=["flag_level"])
    return JsonResponse({"answers": [asdict(answer) for answer in answers], "stopped": is_stopped(request.patient)})


def _too_often(request: PatientRequest) -> bool:
    key = f"sync:{request.patient.pk}:{int(timezone.now().timestamp()) // 60}"
    cache.add(key, 0, timeout=120)
    return cache.incr(key) > BATCHES_A_MINUTE


@require_safe
@patient_required
def own_device(request: PatientRequest) -> HttpResponse:
    """To keep the plan on the person's own phone, and to install the app."""
    return render(request, "clinic/offline/own_device.html")


@require_safe
@patient_required
def unsent(request: PatientRequest) -> HttpResponse:
    """What to do about pain or trouble that the clinic cannot hear of now: kept by the phone, and shown by its script."""
    thresholds, limits = request.patient.clinic.thresholds, limits_of(request.patient)
    context = {
        "ceiling": limits.amber_to,
        "red_from": limits.amber_to + 1,
        "high_from": min(thresholds.before_high_from, thresholds.severe_from),
        "minutes": thresholds.settle_minutes,
    }
    return render(request, "clinic/offline/unsent.html", context)


@require_safe
@login_not_required
def offline(request: HttpRequest) -> HttpResponse:
    """What a phone shows when there is no network and nothing kept. It is kept by everybody, so it is nobody's."""
    return render(request, "clinic/offline/offline.html", {"user": None, "owner": ""})


SHELL = (
    "vendor/bootstrap.min.css", "css/app.css", "css/figures.css", "css/flare.css",
    "vendor/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "django_htmx/htmx-2.min.js", "js/queue.js", "js/figures.js", "icon.svg",
)  # fmt: skip
ICONS = (
    ("icons/192.png", "192x192", "any"),
    ("icons/512.png", "512x512", "any"),
    ("icons/maskable.png", "512x512", "maskable"),
)


@require_safe
@login_not_required
def script(request: HttpRequest, name: str) -> HttpResponse:
    """Scripts that a page asks for only where it needs them, by a name that never changes: a page that carried the name
    with the hash would pay for it at each visit."""
    if name in SPEAKING:
        return redirect(script_that_speaks(name).address)
    if name != "queue":
        raise Http404
    return redirect(staticfiles_storage.url(f"js/{name}.js"))


@require_safe
@login_not_required
def spoken_script(request: HttpRequest, name: str, language: str, version: str) -> HttpResponse:
    """A script with its words. What an older page asks for by its older name is the one of now, and not kept."""
    if name not in SPEAKING or not check_for_language(language):
        raise Http404
    with override(language):
        script = script_that_speaks(name)
    accepted = request.headers.get("Accept-Encoding", "")
    response = HttpResponse(script.text, content_type="text/javascript; charset=utf-8")
    if "br" in accepted:
        response.content, response["Content-Encoding"] = script.brotli, "br"
    elif "gzip" in accepted:
        response.content, response["Content-Encoding"] = script.gzip, "gzip"
    is_it = request.path == script.address
    response["Cache-Control"] = "public, max-age=31536000, immutable" if is_it else "no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@require_safe
@login_not_required
def apple_touch_icon(request: HttpRequest) -> HttpResponse:
    """Where an iPhone looks by itself."""
    return redirect(staticfiles_storage.url("icons/apple-touch.png"), permanent=True)


@require_safe
@login_not_required
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root of the site, because a worker rules over its own folder. Its version is what it keeps."""
    files = [staticfiles_storage.url(name) for name in SHELL]
    files += [script_that_speaks(name).address for name in SPEAKING]
    files += [reverse("script", args=[name]) for name in ("queue", "offline")]
    context = {
        "files": files,
        "queue": staticfiles_storage.url("js/queue.js"),
        "icon": staticfiles_storage.url("icons/192.png"),
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "session_days": settings.PATIENT_SESSION_DAYS,
    }
    script = render_to_string("clinic/offline/sw.js", context)
    version = sha256(script.encode()).hexdigest()[:12]
    return HttpResponse(
        script.replace("VERSION-OF-THIS", version),
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"},
    )


@require_safe
@login_not_required
def manifest(request: HttpRequest) -> HttpResponse:
    """How the app is called and looks once it is installed; the same for everybody."""
    return JsonResponse(
        {
            "id": "/",
            "name": "Backwell",
            "short_name": "Backwell",
            "description": gettext("Your back exercises, day by day."),
            "lang": get_language(),
            "start_url": "/start/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f3f6f3",
            "theme_color": "#0d5257",
            "categories": ["health", "medical"],
            "icons": [
                {"src": staticfiles_storage.url(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for name, sizes, purpose in ICONS
            ],
        },
        content_type="application/manifest+json; charset=utf-8",
        headers={"Cache-Control": "public, max-age=3600"},
    )
