"""The English words of a message that stands for several."""

from monitor.alerting.gathered_words import GatheredWords
from monitor.domain.reason import Reason

ENGLISH_GATHERED = GatheredWords(
    marks={
        Reason.OPENED: "{count} INCIDENTS",
        Reason.WORSENED: "{count} INCIDENTS (worse)",
        Reason.SPREAD: "{count} INCIDENTS (wider)",
        Reason.EXPLAINED: "{count} INCIDENTS (new facts)",
        Reason.EASED: "ANSWER AGAIN ({count} incidents)",
        Reason.RELAPSED: "{count} INCIDENTS (relapse)",
        Reason.STILL_OPEN: "{count} INCIDENTS (still)",
        Reason.MERGED: "{count} INCIDENTS (merged)",
        Reason.CLOSED: "RECOVERED ({count} incidents)",
    },
    lead="{count} incidents in one message. They are told together, which says nothing of a common cause.",
    again="{title} (told before)",
    more=("and {count} more incident", "and {count} more incidents"),
    page="Follow the incidents: {page}",
    past="{service}: {state} from {start} to {end} — {outcome}.",
    past_days="{service}: {state} from {start_day}, {start} to {end_day}, {end} — {outcome}.",
    outcomes={
        Reason.EASED: ("answers again", "answer again"),
        Reason.MERGED: ("followed since with a wider incident",) * 2,
        Reason.CLOSED: ("recovered", "recovered"),
    },
    withdrawn="no longer watched by Vigie, without a measured recovery",
    late="This message could not reach you earlier.",
    from_to="from {start} to {end}",
    from_to_days="from {start_day} to {end_day}",
)
