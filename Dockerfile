# The API, the worker and the command line in one image. What runs is the command:
# `navis-api serve` unless another is given (`navis-api worker`, `navis-api migrate`).

FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/navis
# What we depend on changes less often than our code, and so is a layer of its own.
COPY pyproject.toml ./
COPY .ci/constraints.txt .ci/
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > dependencies.txt \
    && /opt/navis/bin/python -m pip install --no-cache-dir --constraint .ci/constraints.txt pip hatchling \
    && /opt/navis/bin/python -m pip install --no-cache-dir --constraint .ci/constraints.txt --requirement dependencies.txt
COPY README.md ./
COPY alembic alembic
COPY navis_api navis_api
RUN /opt/navis/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /opt/navis/bin/python -m pip uninstall --yes hatchling pathspec pluggy tomlkit trove-classifiers


FROM python:3.13-slim
# Reads scans and photographs of records, in the process that the worker reads each file in.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tesseract-ocr tesseract-ocr-eng tesseract-ocr-osd \
    && rm --recursive --force /var/lib/apt/lists/*
# The user has a name because initdb, in `navis-api dev`, refuses one without.
RUN groupadd --gid 10001 navis \
    && useradd --uid 10001 --gid navis --no-create-home --home-dir /var/lib/navis navis \
    && install --directory --owner navis --group navis --mode 0700 /var/lib/navis
COPY --from=build /opt/navis /opt/navis
# The only folder that is written to; in production not even that one, with a database and
# places for records named by settings. So the root file system can be read-only.
ENV PATH=/opt/navis/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    NAVIS_ENVIRONMENT=production \
    NAVIS_HOST=0.0.0.0 \
    NAVIS_PORT=8000 \
    NAVIS_DATA_DIR=/var/lib/navis
USER 10001:10001
WORKDIR /var/lib/navis
EXPOSE 8000
STOPSIGNAL SIGTERM
# For the API. A worker serves nothing that could be asked: switch this off for it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['NAVIS_PORT'] + '/ready', timeout=4)"]
CMD ["navis-api", "serve"]
