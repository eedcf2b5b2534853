# Core, api and set-up: one image, another command each.
FROM node:22-bookworm-slim AS console
WORKDIR /carillon/agent_console/web
COPY agent_console/web/package.json agent_console/web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY agent_console/web ./
RUN CARILLON_WEB_OUT=/console npm run build

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends espeak-ng \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
 && groupadd --gid 61822 carillon && useradd --uid 61822 --gid 61822 --no-create-home --shell /usr/sbin/nologin carillon \
 && install -d -o carillon -g carillon /state
WORKDIR /carillon
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY LICENSE ./
COPY asterisk-config asterisk-config
COPY agent_console/__init__.py agent_console/
COPY agent_console/server agent_console/server
COPY storage storage
COPY recordings recordings
COPY crm_core crm_core
COPY ivr ivr
COPY routing routing
COPY cti cti
COPY carillon carillon
COPY --from=console /console .build/web/image
# Compiled here: the root is read-only where it runs. A package that the lock does not name fails here, not at the start.
RUN python -m compileall -q . \
 && python -c "import carillon.cli.core, carillon.cli.api; from carillon.switch import prompts; prompts.ensure()"
ENV CARILLON_STATE=/state PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER carillon
VOLUME /state
ENTRYPOINT ["python", "-m", "carillon.cli.main"]
