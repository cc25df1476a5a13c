from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from exercises.content.articles import load_articles, load_questions
from exercises.content.load import load_catalogue
from exercises.models import Article, Exercise, Question


class Command(BaseCommand):
    help = "Loads the starter catalogue from its files. Rows that were edited here are left alone and named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--overwrite",
            metavar="SLUG",
            action="append",
            default=[],
            help='Take the file\'s version of this row although it was edited here; "all" for every row.',
        )

    def handle(self, *args: Any, **options: Any) -> None:
        overwrite = options["overwrite"]
        outcomes = load_catalogue(overwrite=overwrite) | {
            "articles": load_articles(overwrite=overwrite),
            "questions": load_questions(overwrite=overwrite),
        }
        for kind, outcome in outcomes.items():
            self.stdout.write(f"{kind}: {outcome}")
            for slug in outcome.edited_here:
                self.stdout.write(f"  {slug} was edited here: kept.")
            for slug in outcome.left_alone:
                self.stdout.write(
                    f"  {slug} was edited here and has changed in its file: left alone. "
                    f"To take the file's version: load_catalogue --overwrite {slug}"
                )
        if waiting := sum(model.objects.filter(review_by=None).count() for model in (Exercise, Article, Question)):
            self.stdout.write(
                f"{waiting} wait for a review: until somebody of the clinic vouches for them in the admin, exercises "
                "cannot be prescribed and texts are not shown."
            )
