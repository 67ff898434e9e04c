"""Messages to read at the start, so that the first ones of people do not wait for it.

What a message touches first is built once: tables of phrases, the book of sentences, names of
zones. These are of every kind that people write.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bot.intent.reader import read

_USUAL = (
    "@alex schedule daily cost report at 8 AM",
    "hey @anna, could you please create a weekly infrastructure review task for Mondays? thanks!",
    "check the pods every 5 minutes on weekdays between 9 and 17:30 and tell #ops if it fails",
    "remind us on the last Friday of each month at 10:00 until December",
    "create a task to scan the open ports, every second Tuesday at half past six, starting May 3",
    "i'd like a report of idle volumes on the 1st and 15th of every month at noon Berlin time",
    "review the slow queries daily at 7am and 7pm except on Sundays, with 2 retries",
    "every other week on Wednesday, kai: list the evicted pods and post it to #k8s",
    "at 9:15 each weekday morning summarize the alerts, timeout 10 minutes, not in August",
    "run the backup check on 2031-05-04 at 14:00", "scan the images in 2 hours",
    "tomorrow at 8 check the certificates", "next monday check the quotas, 10 times only",
    "check the disk `*/15 8-18 * * 1-5`", "audit the users on the first business day, quarterly",
    "twice a day look at the queue depth", "on demand: a report of the open incidents",
    "make a nightly summary of the errors, for 3 weeks, and email me when it is done",
    "check backups mon-thu 9-11 every 30 minutes", "check the load at 15 past every hour",
    "report the spend yearly on March 1 at 17h", "3am... no wait, 4am every day check the locks",
    "monday and thursday at 6 and friday at 7 check the replicas", "usage report bi-monthly",
    "pause T-1 until Monday", "pause all of kai's tasks in this channel until 5 May",
    "resume the cost report", "delete the task “old scan”", "stop it", "start T-3 again",
    "run T-1 with env=prod", "move T-1 to 9:30", "make it 9 instead", "rename T-2 to disk watch",
    "change the cost report to every weekday at 10", "T-4 should run an hour later",
    "give T-2 a timeout of 5 minutes and 3 retries", "move T-3 to #ops", "hand T-3 over to kai",
    "don't let T-5 overlap", "if T-5 was missed, skip it", "set this channel's zone to Berlin",
    "email me if the backup check fails", "stop notifying #general about T-1",
    "configure the daily cost report to notify #finops on Slack when complete",
    "list kai's failing tasks", "which of my tasks failed today?", "what runs next week?",
    "show me the cost report", "when does T-7 run next?", "history of T-3", "last 5 runs of T-1",
    "why did T-1 fail?", "did the scan run last night?", "undo", "help with time zones",
    "save T-3 as a template called costs", "use the template costs with team=core every day at 6",
    "first kai checks the nodes, then anna writes a summary", "show templates",
    "workflow: cost report -> security audit -> summary every Monday at 9:00",
    "if the disk check fails, run the cleanup report, otherwise do nothing", "export my tasks",
    "what time zone are we in?", "what can you do?", "post results of new tasks in #ops by default",
    "thanks, see you tomorrow", "the deploy on friday went well :)", "can we meet at 9?",
    "kai wrote: restart it every day at 3", "everybody please update your tickets by 5pm",
)  # fmt: skip


def warm() -> None:
    """Read messages of every kind once."""
    for text in _USUAL:
        read(text, now=datetime(2026, 3, 5, tzinfo=UTC), zone="UTC", agents=None)
