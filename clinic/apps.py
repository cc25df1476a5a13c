from django.apps import AppConfig


class ClinicConfig(AppConfig):
    name = "clinic"

    def ready(self) -> None:
        # Models are there only now.
        from clinic.messaging.notices import tell_of_opened_record
        from clinic.prescriptions.own_exercises import is_in_a_plan_for
        from clinic.progression.review import after_session
        from clinic.today import after
        from exercises import own
        from patients.team import emergencies

        if after_session not in after.SESSION_SAID:
            after.SESSION_SAID.append(after_session)
        if tell_of_opened_record not in emergencies.TOLD:
            emergencies.TOLD.append(tell_of_opened_record)
        if is_in_a_plan_for not in own.SHOWN_BY:
            own.SHOWN_BY.append(is_in_a_plan_for)
