# With --build-arg BROWSER=on the image has Chromium and what drives it, for pages that need
# JavaScript, and is much larger. docs/searching.md says how such a container is run.
ARG BROWSER=off

# By its digest, which holds for every architecture: the tag only says what it is. For a newer one,
# `docker buildx imagetools inspect python:3.13-slim-bookworm` prints both.
FROM python:3.13.14-slim-bookworm@sha256:67a1e1f215ccda113cfc024e8639049257e88f273898f595b61476d128d387e8 AS python

# --- what builds the wheel stays in this stage
FROM python AS wheel
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN ["python", "-m", "venv", "/opt/build"]
COPY requirements/build.txt requirements/
RUN ["/opt/build/bin/pip", "install", "--require-hashes", "--only-binary", ":all:", "-r", "requirements/build.txt"]
COPY pyproject.toml README.md LICENSE ./
COPY docs docs
COPY src src
RUN ["/opt/build/bin/python", "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]

# --- an environment of what runs, filled by a pip that is not in it
FROM python AS packages-off
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN ["python", "-m", "venv", "--without-pip", "/opt/codexity"]
# The lock comes first: it changes less often than the code, and its layer is kept.
COPY requirements/runtime.txt requirements/
RUN ["python", "-m", "pip", "--python", "/opt/codexity/bin/python", "install", "--require-hashes", "--only-binary", ":all:", "-r", "requirements/runtime.txt"]

FROM packages-off AS packages-on
COPY requirements/browser.txt requirements/
RUN ["python", "-m", "pip", "--python", "/opt/codexity/bin/python", "install", "--require-hashes", "--only-binary", ":all:", "-r", "requirements/browser.txt"]

FROM packages-${BROWSER} AS packages
COPY --from=wheel /build/dist dist
RUN ["python", "-m", "pip", "--python", "/opt/codexity/bin/python", "install", "--no-index", "--no-deps", "--find-links", "dist", "codexity"]

# --- the system below it, without what installs
FROM python AS system-off
RUN ["python", "-m", "pip", "uninstall", "--yes", "pip"]
RUN rm -r /usr/local/lib/python3.13/ensurepip

FROM system-off AS system-on
RUN apt-get update \
    && { apt-get install --yes --no-install-recommends chromium-headless-shell \
        || apt-get install --yes --no-install-recommends chromium; } \
    && rm -rf /var/lib/apt/lists/*

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
# Not by way of a proxy, which Docker may name in the environment of every container.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import http.client as h, os; c = h.HTTPConnection(os.environ.get('CODEXITY_SERVER__HOST') or '0.0.0.0', int(os.environ.get('CODEXITY_SERVER__PORT') or 8000), timeout=4); c.request('GET', '/health'); raise SystemExit(c.getresponse().status != 200)"]
# A list, not a line for a shell: so SIGTERM reaches Codexity, and its runs end in good order.
CMD ["codexity", "serve"]
