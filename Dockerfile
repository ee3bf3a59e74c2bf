# gangwei serve in a container: docker build -t gangwei . ; see docs/service.md
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml setup.py requirements.lock README.md LICENSE NOTICE ./
COPY pipeline pipeline
COPY gangwei gangwei
# The versions of the lock, without its hashes: pip would ask for one of gangwei itself, too.
RUN sed -n 's/^\([a-z0-9][a-z0-9._-]*==[^ ;]*\).*/\1/p' requirements.lock > constraints.txt \
 && python -m venv /opt/gangwei \
 && /opt/gangwei/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt '.[serve]'

FROM python:3.12-slim
COPY --from=build /opt/gangwei /opt/gangwei
RUN useradd --system --uid 10001 --no-create-home gangwei
USER 10001
ENV PATH=/opt/gangwei/bin:$PATH PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# Beyond its own machine the service wants a token: GANGWEI_TOKEN, or --token-file and a secret.
ENTRYPOINT ["gangwei", "serve", "--host", "0.0.0.0", "--port", "8000"]
