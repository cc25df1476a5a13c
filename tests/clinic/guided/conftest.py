"""The plans of Today's tests: a session walks through the same."""

from tests.clinic.today.conftest import exercises, plan, twice_a_day

__all__ = ["exercises", "plan", "twice_a_day"]
