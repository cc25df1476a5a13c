import unicodedata


def searchable(text: str) -> str:
    """Lower case without accents, so that SQLite and PostgreSQL find the same rows: `Éva` and `eva` are one."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
