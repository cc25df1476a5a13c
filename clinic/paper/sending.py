"""How a PDF is sent: to be saved, kept by nobody on the way, under a name that says nothing about anybody."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def as_pdf(made: bytes, *, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
        "Cache-Control": "no-store, private",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(made, content_type="application/pdf", headers=headers)
