"""Decides: who of the office may review one report."""

from tasks_app.models import Report, User


def had_a_hand(report: Report, user: User) -> bool:
    """Tell whether the words of `report` are those of `user`, or only `user` vouched for the unit's.

    Who entered it for the unit (代填) does not review it, nor who submitted it in the place of its signer. Who
    confirmed what another entered is the second pair of eyes already: an office of two people can finish.
    """
    if report.entered_by_id is not None:
        return user.pk == report.entered_by_id
    return user.pk == report.submitted_by_id
