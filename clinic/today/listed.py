from django.db.models import Aggregate, TextField


class Listed(Aggregate):
    """The values of a group as the text of one JSON list."""

    function = "JSON_GROUP_ARRAY"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **context):  # type: ignore[no-untyped-def]
        template = "%(function)s(%(expressions)s)::text"
        return self.as_sql(compiler, connection, function="JSONB_AGG", template=template, **context)
