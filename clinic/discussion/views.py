from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from clinic.discussion import actions
from clinic.discussion.forms import QuestionForm
from clinic.strangers.pages import not_taken
from exercises.models import Article
from exercises.translations import in_language


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def article_ask(request: HttpRequest, slug: str) -> HttpResponse:
    """A question under an article, on a page of its own: the article's stays light and can be kept."""
    article = get_object_or_404(Article.objects.published(), slug=slug)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    context = {"article": in_language([article])[0], "form": form, "is_sent": request.GET.get("sent") == "1"}
    if request.method != "POST":
        return render(request, "clinic/discussion/ask.html", context)
    trip = None
    if form.is_valid():
        trip = form.held_off(request)
        if trip is None:
            said = form.cleaned_data
            actions.ask(article=article, key=form.key, name=said["name"], text=said["text"])
            return redirect(f"{request.path}?sent=1")
    return not_taken(request, "clinic/discussion/ask.html", context, trip)
