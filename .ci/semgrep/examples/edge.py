"""What the rules find (ruleid) and leave alone (ok), wherever it stands."""


# ruleid: csrf-exempt
@csrf_exempt
def hook(request):
    # ruleid: marked-safe
    shown = mark_safe(request.body)
    # ok: marked-safe
    escaped = format_html("<b>{}</b>", shown)
    # ruleid: marked-safe
    joined = format_html(f"<b>{escaped}</b>")
    return joined


# ok: csrf-exempt
@csrf_protect
def form(request):
    # ruleid: redirect-from-request
    return redirect(request.GET["next"])


def onward(request):
    where = request.POST.get("next", "/")
    # ruleid: redirect-from-request
    return HttpResponseRedirect(where)


def onward_safely(request):
    # ok: redirect-from-request
    return go(request, request.GET.get("next", ""), "/")


def onward_by_name(request):
    # ok: redirect-from-request
    return redirect("campaigns:today")


def sql(cursor, name):
    # ruleid: raw-sql
    cursor.execute(f"SELECT * FROM task WHERE title = '{name}'")
    # ruleid: raw-sql
    cursor.execute("SELECT * FROM task WHERE title = '%s'" % name)
    # ruleid: raw-sql
    Task.objects.raw("SELECT 1")
    # ruleid: raw-sql
    Task.objects.filter(id=1).extra(where=["1=1"])
    # ok: raw-sql
    cursor.execute("SELECT * FROM task WHERE title = %s", [name])


def later(job):
    # ruleid: later-by-the-broker
    # ruleid: enqueued-in-an-action
    job.apply_async(eta=1)
    # ruleid: later-by-the-broker
    # ruleid: enqueued-in-an-action
    job.apply_async((1,), countdown=5)
    # ruleid: enqueued-in-an-action
    job.delay(1)
    # ok: enqueued-in-an-action
    # ok: later-by-the-broker
    ring(job)


# ruleid: network-outside-adapters
import requests

# ruleid: network-outside-adapters
import urllib.request

# ok: network-outside-adapters
from urllib.parse import urlsplit

# ruleid: code-from-data
import pickle


def load(text):
    # ruleid: code-from-data
    eval(text)
    # ruleid: code-from-data
    yaml.load(text)
    # ruleid: code-from-data
    subprocess.run(text, shell=True)
    # ok: code-from-data
    subprocess.run(["ls"], check=True)
    # ok: code-from-data
    json.loads(text)


# ruleid: written-by-a-form
class TaskOut(serializers.ModelSerializer):
    class Meta:
        # ruleid: every-field
        fields = "__all__"


# ok: written-by-a-form
class TaskIn(serializers.Serializer):
    class Meta:
        # ok: every-field
        fields = ("title",)


class Open(ApiView):
    # ruleid: open-door
    permission_classes = (AllowAny,)


class Wide(ApiView):
    # ruleid: open-door
    authentication_classes = []


class Closed(ApiView):
    # ok: open-door
    permission_classes = (IsAuthenticated,)


def when():
    # ruleid: naive-moment
    datetime.now()
    # ruleid: naive-moment
    date.today()
    # ok: naive-moment
    timezone.now()
    # ok: naive-moment
    return datetime.now(UTC)


# ruleid: hidden-writer
@receiver(post_save, sender=Task)
def written(sender, **kwargs):
    pass


# ok: hidden-writer
@transaction.atomic
def write():
    pass


def host(request):
    # ruleid: believed-header
    request.META["HTTP_X_FORWARDED_HOST"]
    # ok: believed-header
    return request.get_host()
