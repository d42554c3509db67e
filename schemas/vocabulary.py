"""Which columns has a dossier row, and what may their labels mean? Nothing here needs a library."""

MOMENT_COLUMNS = (
    "received_at",
    "original_due_at",
    "due_at",
    "finished_at",
    "picked_up_at",
    "supplement_requested_at",
    "supplement_completed_at",
    "apology_at",
    "reappointed_at",
)
LABEL_COLUMNS = ("channel", "status", "circulation", "result_form")
TEXT_COLUMNS = ("dossier_code", "procedure_code", "handling_office")
COLUMNS = (*TEXT_COLUMNS, *LABEL_COLUMNS, *MOMENT_COLUMNS)

CHANNELS = ("online", "in_person", "postal")
# How a dossier went round between the department and other agencies, and whether its result was digitised.
CIRCULATIONS = ("electronic", "paper", "none")
RESULT_FORMS = ("digitised", "paper")
# Canonical status of a dossier, TT 22/2019 lineage; labels are mapped to it by the profile.
STATUSES = (
    "newly_filed",
    "received",
    "not_accepted",
    "in_process",
    "supplement_asked",
    "payment_asked",
    "withdrawn",
    "stopped",
    "finished",
    "returned",
)
# What the labels of each column may mean.
LABEL_VALUES: dict[str, tuple[str, ...]] = {
    "channel": CHANNELS,
    "status": STATUSES,
    "circulation": CIRCULATIONS,
    "result_form": RESULT_FORMS,
}
