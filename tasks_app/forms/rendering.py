"""How every form draws its fields."""

from django_bootstrap5.renderers import FieldRenderer


class QuietFieldRenderer(FieldRenderer):
    """Marks what is wrong; what merely holds a value gets no green tick, which would say nothing."""

    def get_server_side_validation_classes(self):
        return "is-invalid" if self.field_errors else ""
