"""Meetings, from the agenda to actions that get done. What to find where:

The things: `models` (a meeting and its verbs), `agenda`, `invitations`, `minutes`, `decisions`,
`actions`, `parts`; their words in `states`, the questions about them in `querysets`.

The pages that all read: `views` with `page_parts` and `filters`, `years`, `linked_data`; the
registers of decisions (`register`) and of actions (`acting`), both narrowed by `register_filters`.

What coordinators do stands in the admin, its pages listed in `admin_pages`. `steps` says where a
meeting stands, `next_thing` what to do now. The five steps:

1. Prepare: `admin` with `meeting_form`, `agenda_admin`, `groups_admin` and `photos_admin`;
   `preparing` (the next one like it, a move), `carrying` (what earlier meetings left to do).
   Delegates propose items (`proposing`), coordinators put them into place (`placing`).
2. Convene: `gathering` says who is to be invited, `inviting` edits the list, `convening` looks at
   the letters and sends them. `letters` writes them, with `facts` (when, where, what has changed)
   and `calendar_requests`; `letter_log` knows what became of each; `reminders` follow.
   Those invited answer (`answering`, `answer_forms`); coordinators watch (`answers`).
3. Hold: `attending` with `presence_forms`, `quorum`, `signatures`.
4. Write: `writing` with `writing_forms`; decisions and actions beside the text: `entering` with
   `entry_forms`.
5. Close: `amending` with `amending_forms` is the coordinators' page, `circulating` and `approving`
   are what follows from it. `minuting` shows the minutes, takes participants' `remarks`, and opens
   to guests by `minutes_letters`; `record` is what the minutes say, `minutes_paper` their PDF.

Afterwards cities tell how their actions go: `acting` with `action_forms` on the page,
`action_answers` from a letter, `overdue` once a week, `actions_admin` for coordinators.

Besides: `calendars` (a meeting as calendars read it), `calendar_feeds`, `calendar_links`,
`my_calendar`; `papers` hands out documents; `forgetting` lets go of guests.
"""
