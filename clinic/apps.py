from django.apps import AppConfig


class ClinicConfig(AppConfig):
    name = "clinic"

    def ready(self) -> None:
        # Models are there only now.
        from clinic.progression.review import after_session
        from clinic.today import after

        if after_session not in after.SESSION_SAID:
            after.SESSION_SAID.append(after_session)
