"""What may be sent: every field of every form and In serializer, and what each field is (P15).

A field that is not here fails `test_fields.py`, whose message is the line to add. Fields that a form makes for its
people, roles and days are the form's own tests' business.
"""

# The id of a row or a person: it has to be in reach of who sends it, and the tables send it with the other team's too.
ROW = "row"
# What the sender saw: compared, never written.
SEEN = "seen"
# A word that opens a door: never kept as it is, never shown again.
SECRET = "secret"
# Which part of a list, and where to go on: writes nothing.
LOOK = "look"
# What people may say about a thing they may change.
VALUE = "value"

KINDS = {
    **dict.fromkeys(
        (
            "after_id",
            "at",
            "before_id",
            "campaign_id",
            "edit",
            "designer",
            "for_campaign",
            "id",
            "item_ids",
            "owner",
            "owner_id",
            "person",
            "person_id",
            "predecessor_id",
            "reviewer_id",
            "store",
            "store_id",
            "task",
            "task_id",
            "task_ids",
            "team",
            "team_id",
            "user",
            "user_id",
            "user_ids",
            "version_id",
        ),
        ROW,
    ),
    **dict.fromkeys(
        (
            "as_of",
            "seen",
            "version",
            "was",
        ),
        SEEN,
    ),
    **dict.fromkeys(
        (
            "again",
            "code",
            "new",
            "old",
            "password",
            "token",
        ),
        SECRET,
    ),
    **dict.fromkeys(
        (
            "after",
            "all",
            "archived",
            "asked",
            "before",
            "cancelled",
            "column",
            "cursor",
            "group",
            "late",
            "limit",
            "mark",
            "mine",
            "rush",
            "section",
            "waiting",
            "next",
            "order",
            "ordering",
            "page",
            "pick",
            "possibly_twice",
            "q",
            "show",
            "shown",
            "since",
            "state",
            "text",
            "unread",
            "until",
            "verb",
        ),
        LOOK,
    ),
    **dict.fromkeys(
        (
            "acceptance",
            "acceptance_en",
            "actor_id",
            "actual_hours",
            "address",
            "ads",
            "anchors",
            "body",
            "capacity_hours",
            "changes",
            "checklist",
            "conversion",
            "cs",
            "days",
            "design",
            "due_at",
            "due_on",
            "due_shift_days",
            "email",
            "ends_at",
            "estimate_hours",
            "expires_at",
            "file",
            "hours",
            "important",
            "is_open",
            "kind",
            "lane",
            "language",
            "lead",
            "left",
            "level",
            "lines",
            "live",
            "login",
            "may_write",
            "must_have",
            "name",
            "needs_evidence",
            "note",
            "new_store",
            "notes",
            "on",
            "ops",
            "order_value",
            "override_reason",
            "paid_amount",
            "pasted",
            "phase",
            "phone",
            "platform",
            "platforms",
            "presale_start",
            "price_protect_end",
            "priority",
            "purchase",
            "purpose",
            "references",
            "sizes",
            "wording",
            "reason",
            "role",
            "roles",
            "start_at",
            "starts_at",
            "status",
            "subject_id",
            "subject_kind",
            "tasks",
            "theme",
            "title",
            "title_en",
            "to",
            "urgent",
            "url",
            "username",
            "visitors",
            "warehouse",
            "wave2_start",
            "yaml",
        ),
        VALUE,
    ),
}

_WRITTEN = """
id pk created_by created_by_id created_at updated_at is_staff is_superuser is_active groups user_permissions epoch
last_login joined_at board_version position due_changes planned_due_at assigned_at done_by done_by_id done_at
confirmed_by confirmed_by_id confirmed_at ticked_by ticked_at sent_at read_at undone_at archived_at compiled_at
lease_token lease_until attempts next_try_at payload digest campaign campaign_id recipient recipient_id author
author_id actor actor_id last_used_at revoked_at
"""
_HIDDEN = """
password digest secret token epoch payload lease_token lease_until is_staff is_superuser last_login email phone login
"""
# What only verbs write: no form and no body takes one of these.
NEVER_TAKEN = frozenset(_WRITTEN.split())
# Except here: a chosen task, with the version seen; the campaign whose page a line is written on.
TAKEN_BY_FEW = {
    "campaigns.board.api.bulk.SeenIn": "id",
    "campaigns.board.api.quick.PreviewQuickAddIn": "campaign_id",
    "campaigns.board.api.quick.QuickAddIn": "campaign_id",
    "campaigns.board.forms.quick.QuickForm": "campaign_id",
    "campaigns.board.forms.quick.QuickPageForm": "campaign_id",
}
# What no answer shows, whoever asks.
NEVER_SHOWN = frozenset(_HIDDEN.split())
# Except here: one's own account, colleagues who see each other's addresses, and a new token's secret is shown once.
SHOWN_TO_FEW = {
    "staff.accounts.api.AccountOut": "email login phone",
    "staff.people.api.PersonOut": "email login",
    "staff.tokens.api.NewTokenOut": "secret",
}

TAKEN = {
    "campaigns.board.api.bulk.ApplyBulkIn": "tasks changes",
    "campaigns.board.api.bulk.BulkChangesIn": (
        "owner_id due_shift_days due_at important urgent must_have role phase status reason"
    ),
    "campaigns.board.api.bulk.PreviewBulkIn": "task_ids changes",
    "campaigns.board.api.bulk.SeenIn": "id version",
    "campaigns.board.api.pieces.EditItemIn": "text was",
    "campaigns.board.api.pieces.EvidenceIn": "url file note",
    "campaigns.board.api.pieces.FinishIn": "item_ids url note actual_hours",
    "campaigns.board.api.pieces.ItemIn": "text",
    "campaigns.board.api.pieces.MoveItemIn": "to",
    "campaigns.board.api.quick.PreviewQuickAddIn": "lines campaign_id",
    "campaigns.board.api.quick.QuickAddIn": "lines campaign_id as_of seen",
    "campaigns.board.api.shapes.AcceptIn": "owner_id",
    "campaigns.board.api.shapes.AssignIn": "owner_id",
    "campaigns.board.api.shapes.CommentIn": "body",
    "campaigns.board.api.shapes.CompleteIn": "actual_hours",
    "campaigns.board.api.shapes.CreateTaskIn": (
        "acceptance start_at due_at estimate_hours important urgent must_have title role phase owner_id checklist"
    ),
    "campaigns.board.api.shapes.EditTaskIn": (
        "acceptance start_at due_at estimate_hours important urgent must_have title_en acceptance_en title"
        " needs_evidence role phase"
    ),
    "campaigns.board.api.shapes.FiltersIn": "role phase person late text mark",
    "campaigns.board.api.shapes.HelpersIn": "user_ids",
    "campaigns.board.api.shapes.HoursIn": "hours",
    "campaigns.board.api.shapes.MoveIn": "status before_id after_id reason reviewer_id",
    "campaigns.board.api.shapes.PredecessorIn": "predecessor_id",
    "campaigns.board.api.shapes.ReasonIn": "reason",
    "campaigns.board.api.shapes.ReviewIn": "reviewer_id",
    "campaigns.board.api.shapes.TaskIn": "acceptance start_at due_at estimate_hours important urgent must_have",
    "campaigns.board.api.shapes.TasksQueryIn": "role phase person late text mark cursor limit status ordering",
    "campaigns.board.api.shapes.WaivePredecessorIn": "predecessor_id reason",
    "campaigns.board.forms.quick.QuickForm": "campaign_id lines as_of seen",
    "campaigns.board.forms.quick.QuickPageForm": "campaign_id lines",
    "campaigns.board.api.shapes.WindowQueryIn": "role phase person late text mark limit",
    "campaigns.board.forms.board.BoardForm": (
        "role person phase mark late text group cancelled shown column lane cursor"
    ),
    "campaigns.board.forms.table.BulkForm": (
        "owner due_shift_days due_at important urgent must_have role phase status reason"
    ),
    "campaigns.board.forms.table.TableForm": "role person phase mark late text status order cursor edit all",
    "campaigns.board.forms.task.AssignForm": "version owner_id",
    "campaigns.board.forms.task.CommentForm": "body",
    "campaigns.board.forms.task.CompleteForm": "version actual_hours",
    "campaigns.board.forms.task.CreateTaskForm": (
        "title role phase start_at due_at estimate_hours important urgent must_have acceptance owner_id checklist"
    ),
    "campaigns.board.api.bin.DeleteIn": "reason",
    "campaigns.board.forms.task.DeleteForm": "reason",
    "campaigns.board.forms.task.AddDependencyForm": "text predecessor_id",
    "campaigns.board.forms.task.DependencyForm": "predecessor_id",
    "campaigns.board.forms.task.EditTaskForm": (
        "title role phase start_at due_at estimate_hours important urgent must_have acceptance title_en"
        " acceptance_en needs_evidence version"
    ),
    "campaigns.board.forms.task.EvidenceForm": "url file note",
    "campaigns.board.forms.task.FilterForm": "role person phase mark late text",
    "campaigns.board.forms.task.FindPredecessorForm": "text",
    "campaigns.board.forms.task.FinishForm": "url file note item_ids actual_hours version",
    "campaigns.board.forms.task.HelpersForm": "version user_ids",
    "campaigns.board.forms.task.HoursForm": "hours",
    "campaigns.board.forms.task.ItemForm": "text was",
    "campaigns.board.forms.task.MoveForm": "version status before_id after_id lane reason reviewer_id",
    "campaigns.board.forms.task.MoveItemForm": "to",
    "campaigns.board.forms.task.NewItemForm": "text",
    "campaigns.board.forms.task.ReasonForm": "version reason",
    "campaigns.board.forms.task.ReviewForm": "version reviewer_id",
    "campaigns.board.forms.task.TaskForm": (
        "title role phase start_at due_at estimate_hours important urgent must_have acceptance"
    ),
    "campaigns.board.forms.task.VersionForm": "version",
    "campaigns.board.forms.task.WaiveDependencyForm": "predecessor_id reason",
    "campaigns.campaign.api.CampaignsQueryIn": "cursor limit archived team_id kind phase text ordering",
    "campaigns.campaign.api.LogQueryIn": "cursor limit verb actor_id subject_kind subject_id",
    "campaigns.campaign.api.OptionalReasonIn": "reason",
    "campaigns.campaign.api.StoreIn": "team_id name platform",
    "campaigns.campaign.api.StoresQueryIn": "cursor limit team_id",
    "campaigns.campaign.forms.ArchiveForm": "reason",
    "campaigns.desk.api.overview.RoleHolderIn": "role user_id",
    "campaigns.desk.api.requests.CreateRequestIn": (
        "title purpose sizes wording references due_at priority estimate_hours owner_id"
    ),
    "campaigns.desk.api.requests.RequestsQueryIn": "designer for_campaign rush waiting mine show after",
    "campaigns.desk.forms.CampaignsForm": "state",
    "campaigns.desk.forms.HintForm": "for_campaign due_at",
    "campaigns.desk.forms.RequestFilterForm": "designer for_campaign rush waiting mine show after",
    "campaigns.desk.forms.RequestForm": (
        "for_campaign title purpose sizes wording references due_at priority estimate_hours owner_id"
    ),
    "campaigns.desk.forms.RoleHolderForm": "role user",
    "campaigns.desk.api.search.SearchIn": "q",
    "campaigns.desk.forms.SearchForm": "q at",
    "campaigns.desk.forms.TeamPartForm": "team",
    "campaigns.desk.forms.TodayForm": "section after version",
    "campaigns.metrics.api.imports.ImportIn": "file",
    "campaigns.metrics.api.target.TargetIn": "paid_amount visitors conversion order_value",
    "campaigns.metrics.api.visitors.DayVisitorsIn": "on visitors was",
    "campaigns.metrics.api.visitors.VisitorsIn": "days",
    "campaigns.metrics.forms.ImportForm": "file",
    "campaigns.metrics.forms.PasteForm": "pasted",
    "campaigns.metrics.forms.TargetForm": "paid_amount visitors conversion order_value version",
    "campaigns.phases.api.AdvanceIn": "to override_reason",
    "campaigns.phases.api.StepBackIn": "to reason",
    "campaigns.phases.forms.AdvanceForm": "to override_reason",
    "campaigns.phases.forms.StepBackForm": "to reason",
    "campaigns.reminders.api.LedgerQueryIn": "cursor limit state possibly_twice task_id person_id",
    "campaigns.reminders.api.NoticesQueryIn": "cursor limit unread",
    "campaigns.reminders.forms.LedgerForm": "state task person page",
    "campaigns.reminders.forms.NoticesForm": "before",
    "campaigns.reviews.api.lessons.LessonIn": "kind text owner_id due_on",
    "campaigns.reviews.api.notes.NotesIn": "notes",
    "campaigns.reviews.forms.EditLessonForm": "kind text owner_id due_on version",
    "campaigns.reviews.forms.LessonForm": "kind text owner_id due_on",
    "campaigns.reviews.forms.NotesForm": "notes version",
    "campaigns.sop.api.campaigns.AnchorsIn": "presale_start wave2_start price_protect_end",
    "campaigns.sop.api.campaigns.CreateIn": (
        "team_id name kind platforms version_id starts_at ends_at anchors roles store_id new_store"
    ),
    "campaigns.sop.api.campaigns.DraftIn": "team_id name kind platforms version_id starts_at ends_at anchors roles",
    "campaigns.sop.api.campaigns.RolesIn": "lead ops design cs warehouse ads purchase live",
    "campaigns.sop.api.templates.LoadIn": "team_id yaml",
    "campaigns.sop.forms.NewCampaignForm": "team name kind platforms version store new_store",
    "campaigns.sop.forms.ProcedureForm": "team file",
    "campaigns.sop.forms.TeamForm": "team pick",
    "planner.web.api.paging.PageQuery": "cursor limit",
    "planner.web.styleguide.SampleForm": "name role text",
    "staff.accounts.api.AddressIn": "password email phone",
    "staff.accounts.api.CodeIn": "code",
    "staff.accounts.api.InvitationIn": "address level roles capacity_hours",
    "staff.accounts.api.NameIn": "name",
    "staff.accounts.api.NewPasswordIn": "old new",
    "staff.accounts.api.PasswordIn": "password",
    "staff.accounts.api.RemoveFactorIn": "password code",
    "staff.accounts.forms.AddressForm": "password email phone",
    "staff.accounts.forms.CodeForm": "code",
    "staff.accounts.forms.ConfirmForm": "password",
    "staff.accounts.forms.ForgotForm": "asked",
    "staff.accounts.forms.InvitationForm": "address level roles capacity_hours",
    "staff.accounts.forms.LanguageForm": "language next",
    "staff.accounts.forms.LoginForm": "username password",
    "staff.accounts.forms.NameForm": "name",
    "staff.accounts.forms.NewPasswordForm": "new again",
    "staff.accounts.forms.PasswordForm": "old new again",
    "staff.accounts.forms.PersonForm": "login name password",
    "staff.accounts.forms.RemoveFactorForm": "code password",
    "staff.accounts.forms.SetupForm": "login name password token team email",
    "staff.accounts.forms.ThemeForm": "theme next",
    "staff.people.api.GuideIn": "is_open",
    "staff.people.api.LanguageIn": "language",
    "staff.people.api.NewPersonIn": "login name password email language level roles capacity_hours",
    "staff.people.api.PeopleQueryIn": "cursor limit left",
    "staff.people.api.PlaceIn": "level roles capacity_hours",
    "staff.people.api.TeamEventsQueryIn": "cursor limit person verb since until",
    "staff.people.forms.LogFilterForm": "person verb since until",
    "staff.people.forms.LogPageForm": "person verb since until before",
    "staff.people.forms.GuideForm": "is_open",
    "staff.people.forms.PersonForm": "level roles capacity_hours login name email password language",
    "staff.people.forms.PlaceForm": "level roles capacity_hours",
    "staff.people.forms.SeenPlaceForm": "level roles capacity_hours version",
    "staff.tokens.api.NewTokenIn": "name may_write expires_at password",
    "staff.tokens.forms.TokenForm": "name may_write expires_at password",
}
