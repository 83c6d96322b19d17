# One image for web, worker and beat; docker-compose.yml says which is which.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt

COPY . .
# Messages and static files belong to the image; the settings used here end with this line.
ENV STATIC_ROOT=/app/collected
RUN python -m planner.messages compile \
    && SHAPE=production SECRET_KEY="$(head -c 48 /dev/urandom | base64 -w0)" ALLOWED_HOSTS=build BASE_URL=https://build \
       DATABASE_URL=postgres://build@build/build REDIS_URL=redis://build DATA_DIR=/tmp/build \
       python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build \
    && useradd --system --home-dir /data --create-home planner

USER planner
ENV SHAPE=production DATA_DIR=/data
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "planner.wsgi"]
