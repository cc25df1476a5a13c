"""A translation is data: one .po file a language, beside the clinic's data. `manage.py translate` makes it and puts it
to work; `config.languages` chooses the language of a request."""
