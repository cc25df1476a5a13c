"""Pages of a timeline: nothing twice, nothing left out, always between two days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinic.story.entries import DAY, MONTHS, WEEKS, Entry, Kind, Read, page_of

START = date(2026, 5, 20)


def entry(days_ago, title="", kind=Kind.DAY):
    return Entry(kind, START - timedelta(days=days_ago), title)


def source(rows, before, limit):
    """As a source reads: its newest rows before a day, and how far back it knows everything."""
    rows = sorted((row for row in rows if row.day < before), key=lambda row: row.day, reverse=True)
    return Read(tuple(rows[:limit]), rows[limit - 1].day if len(rows) > limit else None)


def all_pages(sources, *, limit, shown):
    before, pages = START + DAY, []
    while before:
        page = page_of([source(rows, before, limit) for rows in sources], before, shown=shown)
        pages.append(page)
        assert page.earlier is None or page.earlier < before
        before = page.earlier
    return pages


DAYS_AGO = st.lists(st.integers(0, 40), max_size=40)


@given(st.lists(DAYS_AGO, min_size=1, max_size=4), st.integers(1, 9))
def test_pages_tell_everything_once(days, shown):
    sources = [[entry(ago, f"{n} {m}") for m, ago in enumerate(each)] for n, each in enumerate(days)]
    busiest = max((each.count(ago) for each in days for ago in each), default=0)

    pages = all_pages(sources, limit=max(2, busiest + 1), shown=shown)

    told = [each.title for page in pages for each in page.entries]
    assert sorted(told) == sorted(each.title for rows in sources for each in rows)
    days_told = [each.day for page in pages for each in page.entries]
    assert days_told == sorted(days_told, reverse=True)


@given(st.lists(DAYS_AGO, min_size=1, max_size=3))
def test_pages_come_to_an_end_even_where_a_day_has_more_than_is_read(days):
    pages = all_pages([[entry(ago) for ago in each] for each in days], limit=3, shown=5)

    assert pages[-1].earlier is None


def test_page_says_that_a_day_has_more_than_is_read():
    read = source([entry(0, str(n)) for n in range(9)], START + DAY, limit=4)

    page = page_of([read], START + DAY)

    assert (len(page.entries), page.is_cut, page.earlier) == (4, True, START)


def test_page_of_a_source_that_found_nothing_in_its_rows_goes_on_earlier():
    page = page_of([Read((), reaches=date(2026, 3, 1))], START + DAY)

    assert (page.entries, page.earlier) == ((), date(2026, 3, 2))


def test_groups_are_weeks_of_the_clinic_or_months():
    page = page_of([Read((entry(0), entry(3), entry(20)))], START + DAY)

    assert [name for name, _ in page.groups(WEEKS, 0)] == [
        "Week of 18 May 2026", "Week of 11 May 2026", "Week of 27 April 2026",
    ]  # fmt: skip
    assert [name for name, _ in page.groups(WEEKS, 6)] == ["Week of 17 May 2026", "Week of 26 April 2026"]
    assert [(name, len(found)) for name, found in page.groups(MONTHS, 0)] == [("May 2026", 2), ("April 2026", 1)]


def test_kinds_in_addresses_say_nothing_about_health():
    assert all(len(kind.value) == 1 for kind in Kind)
