"""How static files are collected: under names that change with their content, also where scripts import others."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Gives our modules (static/js) each other's hashed names; what npm brought is served as it came."""

    # Django's own switch for this rewrites all scripts, and fails at one of htmx that imports what is not there.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )
