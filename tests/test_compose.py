"""docker-compose.yml: every service checked and restarted, nothing secret in it, understood by the client."""

import os
import re
import shutil
import subprocess

import pytest
import yaml

from tests.surroundings.stack import ROOT

pytestmark = pytest.mark.once
FILE = ROOT / "docker-compose.yml"
SECRETS = {
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "yigai.example.gov.cn",
    "POSTGRES_PASSWORD": "p4ssw0rd",
    "REDIS_PASSWORD": "r3d1s",
    "HTTPS": "true",
    "EMAIL_URL": "none",
}


def compose_client() -> list[str] | None:
    """Return the command of whichever compose client this machine has."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]):
            version = subprocess.run([*command, "version"], capture_output=True, check=False)
            if version.returncode == 0:
                return command
    return None


@pytest.fixture
def services() -> dict[str, dict]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))["services"]


def test_the_services_and_their_programs(services):
    assert set(services) == {"db", "redis", "migrate", "web", "nginx", "worker", "beat"}
    assert services["web"]["command"][0] == "gunicorn"
    assert "--worker-class=gthread" in services["web"]["command"]
    assert "worker" in services["worker"]["command"]
    assert "beat" in services["beat"]["command"]


def test_all_that_stays_up_is_checked_and_restarted(services):
    lasting = {name: service for name, service in services.items() if name != "migrate"}
    assert [name for name, service in lasting.items() if service["restart"] != "unless-stopped"] == []
    assert [name for name, service in lasting.items() if "healthcheck" not in service] == []
    assert services["migrate"]["restart"] == "no"


def test_worker_and_timetable_are_healthy_only_when_the_jobs_are_run(services):
    for name in ("worker", "beat"):
        check = services[name]["healthcheck"]["test"]
        assert check[0] == "CMD-SHELL"
        assert check[1].endswith("&& python manage.py check_health --machine")


def test_nobody_starts_before_the_database_is_ready(services):
    assert services["migrate"]["depends_on"]["db"]["condition"] == "service_healthy"
    for name in ("web", "worker", "beat"):
        waits = services[name]["depends_on"]
        assert waits["migrate"]["condition"] == "service_completed_successfully"
        assert waits["redis"]["condition"] == "service_healthy"


def test_data_lies_in_named_volumes(services):
    volumes = yaml.safe_load(FILE.read_text(encoding="utf-8"))["volumes"]
    used = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert {name for name in used if not name.startswith("./")} == set(volumes)


def test_every_setting_of_the_example_reaches_the_program(services):
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    explained = set(re.findall(r"^#?([A-Z_]+)=", example, flags=re.MULTILINE))
    not_for_it = {
        "DEBUG",
        "LISTEN_ADDRESS",
        "PORT",
        "STATIC_DIR",
        "POSTGRES_PASSWORD",
        "REDIS_PASSWORD",
        "WEB_PORT",
        "TLS_PORT",
    }
    assert explained - not_for_it - set(services["web"]["environment"]) == set()


def test_no_secret_is_in_the_file(services):
    source = FILE.read_text(encoding="utf-8")
    for name in SECRETS.keys() - {"REDIS_PASSWORD"}:  # which stands within addresses only
        values = re.findall(rf"^ *{name}: (.*)$", source, flags=re.MULTILINE)
        assert values
        assert [value for value in values if not value.startswith(f"${{{name}:?")] == []
    assert "@db" in services["web"]["environment"]["DATABASE_URL"]
    assert ":${POSTGRES_PASSWORD:?" in services["web"]["environment"]["DATABASE_URL"]


def test_only_nginx_opens_a_port(services):
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert services["nginx"]["environment"]["UPSTREAM"] == "web:8000"
    assert "--bind=0.0.0.0:8000" in services["web"]["command"]


def test_redis_asks_for_a_password(services):
    secret = "${REDIS_PASSWORD:?请在 .env 中设置 REDIS_PASSWORD}"
    assert services["redis"]["command"][-2:] == ["--requirepass", secret]
    assert services["web"]["environment"]["REDIS_URL"] == f"redis://:{secret}@redis:6379/0"


def test_nothing_that_the_oldest_client_refuses():
    source = FILE.read_text(encoding="utf-8")
    assert not re.search(r"^(name|version):", source, flags=re.MULTILINE)
    assert "required:" not in source


def test_the_client_understands_it(tmp_path):
    client = compose_client()
    if client is None:
        pytest.skip("this machine has no docker compose; everything above was checked without it")
    command = [*client, "--file", str(FILE), "--project-directory", str(tmp_path), "config"]
    clean = {name: value for name, value in os.environ.items() if name not in SECRETS}
    complete = subprocess.run(command, env=clean | SECRETS, capture_output=True, text=True, check=False)
    assert complete.returncode == 0, complete.stderr
    assert yaml.safe_load(complete.stdout)["services"]["web"]["environment"]["MODE"] == "production"
    lacking = {name: value for name, value in SECRETS.items() if name != "POSTGRES_PASSWORD"}
    refused = subprocess.run(command, env=clean | lacking, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "POSTGRES_PASSWORD" in refused.stderr
