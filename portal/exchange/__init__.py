"""Lists that come in and go out as spreadsheets.

`reading` opens a file safely and yields its rows, `columns` says what a list is made of (one description for the
template, the reading, the report and the export), `base` is what an importer must answer, `work` runs it in two phases
in the background. An app adds an importer by naming its class in its manifest.
"""
