"""The site map. Only `login` and `health` are open to the public; tests/test_addresses.py walks them all."""

from django.urls import path

from tasks_app.views import (
    account,
    audit,
    calendar,
    errors,
    exports,
    home,
    inbox,
    lagging,
    people,
    periods,
    plan_imports,
    plans,
    reminders,
    reporting,
    review,
    units,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("health", errors.health, name="health"),
    # account
    path("login", account.login, name="login"),
    path("logout", account.logout, name="logout"),
    path("password", account.password_change, name="password_change"),
    path("profile", account.profile, name="profile"),
    # reporting: the unit's side
    path("reports/<int:pk>", reporting.report, name="report"),
    path("reports/<int:pk>/entries/<int:entry_pk>", reporting.save_entry, name="report_save_entry"),
    path("reports/<int:pk>/header", reporting.save_header, name="report_save_header"),
    path("reports/<int:pk>/check", reporting.check, name="report_check"),
    path("reports/<int:pk>/request-signature", reporting.request_signature, name="report_request_signature"),
    path("reports/<int:pk>/recall", reporting.recall, name="report_recall"),
    path("reports/<int:pk>/refuse-signature", reporting.refuse_signature, name="report_refuse_signature"),
    path("reports/<int:pk>/submit", reporting.submit, name="report_submit"),
    path("reports/<int:pk>/receipts/<str:receipt>", reporting.receipt, name="report_receipt"),
    # review: the office's side
    path("review", review.queue, name="review_queue"),
    path("review/<int:pk>", review.read, name="review_report"),
    path("review/<int:pk>/return", review.return_report, name="review_return"),
    path("review/<int:pk>/accept", review.accept, name="review_accept"),
    # where reform lags
    path("matrix", lagging.matrix, name="matrix"),
    path("not-filed", lagging.not_filed, name="not_filed"),
    path("lagging", lagging.lagging, name="lagging"),
    # the year's table
    path("plans", plans.plans, name="plans"),
    path("plans/<int:pk>", plans.plan, name="plan"),
    path("plans/<int:pk>/tasks/<int:task_pk>", plans.edit_task, name="task_edit"),
    path("plans/<int:pk>/periods", periods.periods, name="periods"),
    path("plans/<int:pk>/ladder", reminders.ladder, name="ladder"),
    path("imports", plan_imports.plan_imports, name="plan_imports"),
    path("imports/<int:pk>", plan_imports.preview, name="plan_import"),
    path("imports/<int:pk>/apply", plan_imports.apply, name="plan_import_apply"),
    path("imports/<int:pk>/discard", plan_imports.discard, name="plan_import_discard"),
    # reminders
    path("reminders", reminders.reminders, name="reminders"),
    path("reminders/coming", reminders.coming, name="reminders_coming"),
    path("reminders/deliveries/<int:pk>/decide", reminders.decide, name="delivery_decide"),
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/<int:pk>", inbox.read, name="inbox_read"),
    # exports
    path("reports/<int:pk>/export.xlsx", exports.report_workbook, name="report_export"),
    path("periods/<int:pk>/export.xlsx", exports.period_workbook, name="period_export"),
    # administration
    path("units", units.units, name="units"),
    path("units/new", units.create, name="unit_create"),
    path("units/<int:pk>", units.edit, name="unit_edit"),
    path("units/<int:pk>/deactivate", units.deactivate, name="unit_deactivate"),
    path("units/<int:pk>/activate", units.activate, name="unit_activate"),
    path("people", people.people, name="people"),
    path("people/new", people.create, name="person_create"),
    path("people/<int:pk>", people.edit, name="person_edit"),
    path("people/<int:pk>/reset-password", people.reset_password, name="person_reset_password"),
    path("people/<int:pk>/deactivate", people.deactivate, name="person_deactivate"),
    path("people/<int:pk>/activate", people.activate, name="person_activate"),
    path("people/<int:pk>/unlock", people.unlock, name="person_unlock"),
    path("calendar", calendar.calendar, name="calendar"),
    path("calendar/<int:pk>/delete", calendar.delete, name="special_day_delete"),
    path("audit", audit.audit, name="audit"),
]
