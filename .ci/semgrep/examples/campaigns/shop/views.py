"""A view that reaches for rows and swallows refusals, and one that does not."""


def task(request, task_id):
    # ruleid: rows-at-the-edge
    found = Task.objects.get(pk=task_id)
    # ruleid: rows-at-the-edge
    found = get_object_or_404(Task, pk=task_id)
    # ok: rows-at-the-edge
    found = task_screen(actor_for(request.user), task_id)
    # ruleid: refusal-swallowed
    try:
        done(found)
    except DomainError:
        pass
    # ok: refusal-swallowed
    try:
        done(found)
    except ValueError:
        pass
