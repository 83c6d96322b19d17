"""An action that knows a request, and one that does not."""


# ruleid: request-below-the-edge
def complete_task(request, task_id):
    return task_id


# ok: request-below-the-edge
def reopen_task(*, actor, task_id, now):
    return task_id
