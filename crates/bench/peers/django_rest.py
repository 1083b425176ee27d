"""Django REST framework with the organisations and returns of a nation, in SQLite.

    django_rest.py prepare FOLDER        makes the database from two tables of text
    gunicorn django_rest:application     serves it; FOLDER comes by the environment

Nobody signs in, which is less work than what it is measured beside.
"""

import csv
import os
import pathlib
import sqlite3
import sys

FOLDER = pathlib.Path(os.environ.get("FOLDER") or sys.argv[2])
BASE = FOLDER / "django.sqlite"


def prepare():
    BASE.unlink(missing_ok=True)
    base = sqlite3.connect(BASE)
    base.executescript(
        """
        CREATE TABLE organisation (id TEXT PRIMARY KEY, name TEXT, folded TEXT, status TEXT, commune TEXT, district TEXT,
          province TEXT);
        CREATE TABLE filed (id TEXT PRIMARY KEY, organisation_id TEXT, year INTEGER, members INTEGER, revenue INTEGER,
          profit INTEGER);
        CREATE INDEX o_place ON organisation (district, status, folded);
        CREATE INDEX o_province ON organisation (province);
        CREATE INDEX r_own ON filed (organisation_id, year, members, revenue, profit);
        """
    )
    for name, table in (("organisations", "organisation"), ("returns", "filed")):
        with open(FOLDER / f"{name}.tsv", encoding="utf-8") as file:
            rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        places = ", ".join("?" * len(rows[0]))
        base.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
    base.execute("ANALYZE")
    base.commit()


if __name__ == "__main__":
    prepare()
    sys.exit()

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="bench",
    INSTALLED_APPS=["rest_framework"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE, "CONN_MAX_AGE": None}},
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import generics, pagination, serializers, views  # noqa: E402
from rest_framework.response import Response  # noqa: E402


class Organisation(models.Model):
    id = models.TextField(primary_key=True)
    name = models.TextField()
    folded = models.TextField()
    status = models.TextField()
    commune = models.TextField()
    district = models.TextField()
    province = models.TextField()

    class Meta:
        app_label = "bench"
        db_table = "organisation"


class Filed(models.Model):
    id = models.TextField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.DO_NOTHING)
    year = models.IntegerField()
    members = models.BigIntegerField()
    revenue = models.BigIntegerField()
    profit = models.BigIntegerField()

    class Meta:
        app_label = "bench"
        db_table = "filed"


class Written(serializers.ModelSerializer):
    class Meta:
        model = Organisation
        fields = "__all__"


class Pages(pagination.PageNumberPagination):
    page_size = 50


class One(generics.RetrieveAPIView):
    queryset = Organisation.objects.all()
    serializer_class = Written


class All(generics.ListAPIView):
    serializer_class = Written
    pagination_class = Pages

    def get_queryset(self):
        asked = self.request.query_params
        return Organisation.objects.filter(
            district=asked["district"], status="operating", folded__contains=asked["q"]
        ).order_by("folded")


class Dashboard(views.APIView):
    def get(self, request):
        rows = (
            Filed.objects.filter(organisation__province=request.query_params["province"])
            .values("organisation__district", "year")
            .annotate(
                filed=models.Count("id"),
                members=models.Sum("members"),
                revenue=models.Sum("revenue"),
                profit=models.Sum("profit"),
            )
        )
        return Response(list(rows))


urlpatterns = [
    path("organisations/<str:pk>", One.as_view()),
    path("organisations", All.as_view()),
    path("dashboard", Dashboard.as_view()),
]
application = get_wsgi_application()
