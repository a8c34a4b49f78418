"""The data folder: its file, its backups, its checks. Those without words are for whoever is at the machine."""

from __future__ import annotations

from runtime.code.code import N_, Advice, Code

CODES = (
    Code(
        "store_closed",
        refusal=Advice(N_("The server is just being stopped."), N_("Try again in a few seconds.")),
        status=503,
    ),
    Code("medium_full", refusal=Advice(N_("The medium is full."), N_("Make room on it, or use a larger one."))),
    Code(
        "backup_busy", refusal=Advice(N_("A backup is being made already."), N_("Wait until it is done.")), status=503
    ),
    Code(
        "backup_damaged",
        refusal=Advice(N_("The backup is damaged or not one of this program."), N_("Choose another one.")),
        status=503,
    ),
    Code(
        "medium_missing",
        event=N_("The medium for backups is not there"),
        refusal=Advice(
            N_("This folder is not there."), N_("Plug the medium in and see that it is mounted, then try again.")
        ),
        trouble=Advice(
            N_("The medium for backups is not there."), N_("Plug it in, or choose another one; then back up now.")
        ),
        field="folder",
    ),
    Code(
        "medium_inside",
        refusal=Advice(N_("This folder lies in the data folder itself."), N_("A backup belongs on another medium.")),
        field="folder",
    ),
    Code(
        "medium_unwritable",
        refusal=Advice(N_("The server may not write into this folder."), N_("Give its user the right to write there.")),
        field="folder",
    ),
    Code(
        "backup_failed",
        event=N_("The backup failed"),
        trouble=Advice(N_("The last backup failed."), N_("See that there is room on the disk, then back up now.")),
    ),
    Code(
        "medium_failed",
        event=N_("The backup on the medium failed"),
        trouble=Advice(
            N_("The last backup on the medium failed."),
            N_("See that it has room and can be written, then back up now."),
        ),
    ),
    Code(
        "verify_failed",
        event=N_("The check of the stored data failed"),
        trouble=Advice(
            N_("The last check of the stored data did not end."), N_("Check now; see the log if it fails again.")
        ),
    ),
    Code(
        "verify_complained",
        event=N_("The check of the stored data found faults"),
        trouble=Advice(
            N_("The last check found faults in the stored data."),
            N_("Check the disk. Backups from before are kept; restore one if figures are wrong."),
        ),
    ),
    Code(
        "export_failed",
        refusal=Advice(N_("The file could not be written."), N_("Free some space, then ask for it again.")),
        status=503,
    ),
    Code(
        "export_missing",
        refusal=Advice(N_("There is no such file any more."), N_("Ask for it again: files are kept for a week.")),
        status=404,
    ),
    Code(
        "export_unready",
        refusal=Advice(N_("The file is not made yet."), N_("Wait until it is, or cancel it.")),
        status=409,
    ),
    Code(
        "store_full",
        trouble=Advice(N_("The storage is full."), N_("Free some space: nothing is recorded until then.")),
        status=503,
    ),
    Code(
        "recording_paused",
        trouble=Advice(
            N_("The storage is nearly full: only energy is still kept."),
            N_("Free some space: samples are recorded again by themselves."),
        ),
        status=503,
    ),
    Code(
        "store_unwritable",
        trouble=Advice(
            N_("The data folder cannot be written."), N_("Check the folder's owner and that the disk is not read-only.")
        ),
        status=503,
    ),
    Code("store_damaged", trouble=Advice(N_("The data are damaged."), N_("Restore the last backup.")), status=503),
    Code("medium_set", event=N_("The medium for backups was chosen")),
    Code("retention_set", event=N_("How long samples are kept was changed")),
    Code("store_restored", event=N_("The data were restored from a backup")),
    Code(
        "store_newer",
        trouble=Advice(
            N_("A newer program wrote the data."), N_("Install the newer program, or restore a backup of before.")
        ),
        status=503,
    ),
    Code("store_older", status=503),
    Code("store_missing", status=503),
    Code("store_locked", status=503),
    Code("kind_unknown", status=500),
)
