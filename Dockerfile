# Chatcron in a container: no root, nothing to write but /data and /tmp, every package by its hash.
#   docker build -t chatcron:local --build-arg EXTRAS="kubernetes agents" .
# compose.yaml runs it with a read-only root and its secrets as files.
FROM python:3.12-slim-bookworm AS build
ARG EXTRAS=""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /app
COPY requirements.lock requirements-kubernetes.lock requirements-agents.lock requirements-postgres.lock ./
RUN for extra in "" $EXTRAS; do \
      /app/bin/pip install --require-hashes --only-binary :all: \
        -r "requirements${extra:+-$extra}.lock" || exit 1; \
    done
COPY pyproject.toml README.md LICENSE manifest.yml ./
COPY bot bot
COPY scheduler scheduler
COPY storage storage
RUN /app/bin/pip install --no-deps --no-build-isolation .

FROM python:3.12-slim-bookworm
RUN groupadd --gid 10001 chatcron \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin chatcron \
 && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CHATCRON_DATABASE_URL=sqlite:////data/chatcron.db \
    CHATCRON_LOG_FORMAT=json
USER 10001:10001
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/readyz', timeout=4)"]
ENTRYPOINT ["chatcron"]
CMD ["run"]
