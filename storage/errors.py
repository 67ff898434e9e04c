"""Every error that storage raises on purpose.

StorageError
├── BadUrl          a database address that is not understood
├── SchemaMissing   the database was never migrated
├── SchemaOlder     the database waits for `chatcron migrate`
├── SchemaNewer     the database was written by a newer Chatcron
├── QueueOlder      the queue's own tables wait for `chatcron migrate`
├── QueueStrange    the database holds another program's queue
├── AlreadyRunning  another process holds this SQLite file
├── Unreachable     the database does not answer, or not to this user
├── NoRoom          as many runs go on as may, of an agent or of all
├── NotAllHeld      of several runs, one was taken away meanwhile
├── BackupFailed    no copy could be made
└── StaleTask       a task was changed by somebody else meanwhile
"""

from __future__ import annotations


class StorageError(Exception):
    """The database can't be used."""


class BadUrl(StorageError):
    """The database address is not understood."""


class SchemaMissing(StorageError):
    """The database is empty: run `chatcron migrate` first."""


class SchemaOlder(StorageError):
    """The database is older than this Chatcron: run `chatcron migrate` first."""


class SchemaNewer(StorageError):
    """The database was written by a newer Chatcron: update Chatcron, or use another database."""


class QueueOlder(StorageError):
    """The queue's tables are missing or old: run `chatcron migrate` first."""


class QueueStrange(StorageError):
    """Another program's procrastinate is in this database: give Chatcron a database of its own."""


class AlreadyRunning(StorageError):
    """Another chatcron already runs on this database file; stop it first, or use Postgres."""


class Unreachable(StorageError):
    """The database does not answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The database does not answer ({reason}): check CHATCRON_DATABASE_URL and its server."
        )
        self.reason = reason


class NoRoom(StorageError):
    """As many runs are worked on as may be at once."""


class NotAllHeld(StorageError):
    """Of several runs that were to end together, one was taken away meanwhile."""


class BackupFailed(StorageError):
    """The database could not be copied; what copies there were are as they were."""


class StaleTask(StorageError):
    """The task was changed by somebody else meanwhile."""
