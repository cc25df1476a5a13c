from django.apps import AppConfig


class ClinicConfig(AppConfig):
    name = "clinic"

    def ready(self) -> None:
        # Models are there only now.
        from clinic.messaging.notices import tell_of_opened_record
        from clinic.progression.review import after_session
        from clinic.today import after
        from patients.team import emergencies

        if after_session not in after.SESSION_SAID:
            after.SESSION_SAID.append(after_session)
        if tell_of_opened_record not in emergencies.TOLD:
            emergencies.TOLD.append(tell_of_opened_record)
