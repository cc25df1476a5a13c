"""How somebody who is no patient yet asks for a first visit."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from clinic.enquiries import actions
from clinic.enquiries.forms import VisitForm
from clinic.enquiries.mail import tell_of
from clinic.strangers.pages import not_taken
from patients.accounts.models import Clinic


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def ask_for_visit(request: HttpRequest) -> HttpResponse:
    clinic = Clinic.objects.speaking_in_public()
    form = VisitForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or clinic is None:
        return render(request, "clinic/enquiries/ask.html", {"form": form, "clinic": clinic})
    trip = None
    if form.is_valid():
        trip = form.held_off(request)
        if trip is None:
            asked, is_new = actions.ask(clinic=clinic, key=form.key, values=form.values)
            if is_new:
                tell_of(request, asked)
            return redirect("visit_asked")
    return not_taken(request, "clinic/enquiries/ask.html", {"form": form}, trip)


@require_safe
@login_not_required
def visit_asked(request: HttpRequest) -> HttpResponse:
    return render(request, "clinic/enquiries/asked.html")
