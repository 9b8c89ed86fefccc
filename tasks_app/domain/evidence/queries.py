"""Looks: which files of evidence a person may take away."""

from datetime import date

from tasks_app.domain.access.queries import own_reports, visible_reports
from tasks_app.domain.reporting.content import content_of
from tasks_app.models import Attachment, User


def visible_attachment(user: User, pk: int, *, today: date) -> Attachment | None:
    """Return the file if `user` may have it on the day `today`, else None.

    A unit, and whoever acts in its place, has its own files; whoever may read its report has those that a
    submission names, even when the unit took them off its draft since.
    """
    files = Attachment.objects.filter(pk=pk).select_related("entry__report")
    own = files.filter(entry__report__in=own_reports(user, today)).first()
    if own is not None and own.removed_at is None:
        return own
    attachment = own or files.filter(entry__report__in=visible_reports(user)).first()
    if attachment is None:
        return None
    contents = map(content_of, attachment.entry.report.submissions.order_by("number"))
    return attachment if any(content.names_file(attachment.pk) for content in contents) else None
