"""By which of its members' columns can a figure be broken down?"""

MEMBER_DIMENSIONS = ("field", "procedure_code", "channel", "age_class", "area", "report_type")
