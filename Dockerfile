# syntax=docker/dockerfile:1

# With --build-arg BROWSER=on the image has Chromium and what drives it, for pages that need
# JavaScript, and is much larger. docs/searching.md says how such a container is run.
ARG BROWSER=off

FROM python:3.13-slim-bookworm AS wheel
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN ["python", "-m", "venv", "/opt/codexity"]
# The lock comes first: it changes less often than the code, and its layer is kept.
COPY requirements/product.txt requirements/
RUN ["/opt/codexity/bin/pip", "install", "--require-hashes", "--only-binary", ":all:", "-r", "requirements/product.txt"]
COPY pyproject.toml README.md LICENSE ./
COPY docs docs
COPY src src
RUN ["/opt/codexity/bin/python", "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]
RUN ["/opt/codexity/bin/pip", "install", "--no-index", "--no-deps", "--find-links", "dist", "codexity"]

FROM wheel AS wheel-off

FROM wheel AS wheel-on
COPY requirements/browser.txt requirements/
RUN ["/opt/codexity/bin/pip", "install", "--require-hashes", "--only-binary", ":all:", "-r", "requirements/browser.txt"]

FROM python:3.13-slim-bookworm AS system-off

FROM system-off AS system-on
RUN apt-get update \
    && { apt-get install --yes --no-install-recommends chromium-headless-shell \
        || apt-get install --yes --no-install-recommends chromium; } \
    && rm -rf /var/lib/apt/lists/*

FROM wheel-${BROWSER} AS packages

FROM system-${BROWSER}
# The folder exists before the volume does, so that the volume is made with this owner.
RUN useradd --system --uid 10001 --no-create-home codexity \
    && install --directory --owner codexity --group codexity /data
COPY --from=packages /opt/codexity /opt/codexity
# Inside a container loopback is reached by nobody, so it binds to every address. Codexity asks for
# keys then (CODEXITY_SERVER__API_KEYS) or for CODEXITY_SERVER__OPEN=true; compose.yaml shows when
# the second is right.
ENV PATH=/opt/codexity/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CODEXITY_SERVER__HOST=0.0.0.0 \
    CODEXITY_DATA_DIR=/data
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000
USER 10001
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('CODEXITY_SERVER__PORT', '8000') + '/health', timeout=4)"]
# A list, not a line for a shell: so SIGTERM reaches Codexity, and its runs end in good order.
CMD ["codexity", "serve"]
