"""What the page on the phone says, in both languages at once: it has no network to ask by."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext as _

from config.language.languages import in_both
from config.language.problems import say

WORDS = {
    "name": say("Visits"),
    "begin": say("Begin"),
    "go_on": say("Go on"),
    "mend": say("Mend"),
    "send_now": say("Send now"),
    "back": say("To the list"),
    "today": say("{n} sites · {safe} safe at the association · {waiting} still in this phone"),
    "nothing": say(
        "Nowhere to go at present. When you are sent somewhere it is shown here, as soon as there"
        " is network."
    ),
    "no_token": say(
        "This phone is not known yet. Scan the code that your supervisor shows you; it opens this"
        " page and makes it yours."
    ),
    "revoked": say(
        "The association does not know this phone any more. What is in it stays in it: show it to"
        " your supervisor, who gives you a new code to scan."
    ),
    "offline": say("No network. Everything is kept in this phone."),
    "no_storage": say(
        "This browser keeps nothing, perhaps because it is in private mode or the storage is full."
        " A visit begun here could be lost, so none can be begun. Open the page in a normal window"
        " of the browser, or free some storage."
    ),
    "no_secure": say(
        "This page was opened by an address without https, and on such a page a phone keeps"
        " nothing. Ask your supervisor for the right code."
    ),
    "little_space": say(
        "There is hardly any storage left on this phone ({mb} MB). Delete something first; a visit"
        " that cannot be kept is not begun."
    ),
    "not_yet_here": say(
        "The checklist of this campaign is not in this phone yet. Open the page once where there is"
        " network."
    ),
    "wechat": say(
        "You are in WeChat: with network your answers are kept at the association after every tap."
        " For places without network tap ··· at the top right and “Open in browser”, then add the"
        " page to the home screen."
    ),
    "add_to_home": say(
        "Add this page to the home screen: then it opens without network, and the phone does not"
        " clear away what is in it."
    ),
    "not_persistent": say(
        "This phone may clear away what is kept when its storage runs low; send soon."
    ),
    "new_version": say("A new version is here; it is used when no visit is under way."),
    "state_open": say("not visited yet"),
    "state_draft_here": say("begun; in this phone"),
    "state_day": say("day {n}"),
    "state_here": say("In this phone · waits for network"),
    "state_sending": say("Sent {n} of {all} · the rest is in this phone"),
    "state_safe": say("Safe at the association ✓"),
    "state_flawed": say("Some answers have to be mended"),
    "state_refused": say("Could not be taken"),
    "state_returned": say("Sent back: {note}"),
    "state_accepted": say("Accepted ✓"),
    "state_void": say("Does not count"),
    "due": say("until {day}"),
    "late": say("overdue"),
    "not_yours": say(
        "This code is of a visit that is not on your list: others go there, or it is over. Ask your"
        " supervisor."
    ),
    "with": say("with {name}"),
    "first": say("visit"),
    "revisit": say("revisit"),
    "away": say("{m} m away"),
    "away_km": say("{km} km away"),
    "left": say("{n} to answer"),
    "finish": say("Finish the visit"),
    "required": say("Please answer this question."),
    "no_number": say("is no number"),
    "no_fit": say("this answer does not fit"),
    "kept": say("Kept in this phone {time}"),
    "kept_there": say("Kept in this phone and at the association {time}"),
    "not_kept": say(
        "This could not be kept in the phone. Do not close the page; free some storage and tap"
        " again."
    ),
    "photo": say("Take a photo"),
    "gallery": say("Choose a picture"),
    "screenshot": say("Screenshot"),
    "film": say("Screen recording"),
    "voice": say("Voice memo"),
    "stop": say("Stop ({s} s)"),
    "choose_file": say("Choose a file"),
    "code": say("Code at the site"),
    "code_photo": say("Photograph the code"),
    "code_typed": say("or write what the code says"),
    "code_add": say("Keep"),
    "code_none": say("No code was found in this picture; write what it says, or take it again."),
    "proof": say("Photos and other proof"),
    "proof_hint": say("What is taken here is kept as it is, with its place and time."),
    "camera_open": say(
        "The camera was open when the page closed. If the photo is missing, it lies in the gallery:"
        " choose it there."
    ),
    "no_picture": say("This is no complete picture (JPEG, PNG, WebP or HEIC)."),
    "too_large": say("This is larger than {most} MB."),
    "place_here": say("Place ± {m} m"),
    "place_none": say("No place yet; you can go on without it"),
    "remove": say("Remove"),
    "sure": say("Yes, remove"),
    "taken_at": say("{time}, {kb} kB"),
    "again_later": say("The site did not answer; it is tried again in {s} s."),
    "other_tab": say("Another window of this page is sending."),
    "hello": say("{person} · {device}"),
    "demonstration": say("Demonstration data"),
    "purchase": say(
        "A test purchase stays open in this phone until you finish it, however many days that"
        " takes."
    ),
    "server_draft": say("Begun on another phone or before; it goes on from there."),
    "unsent_hint": say("Leave this page open near Wi-Fi; it sends by itself."),
}
for name, text in {
    "car_park": say("car park"),
    "restaurant": say("restaurant"),
    "shop": say("shop"),
    "petrol_station": say("petrol station"),
    "station": say("station"),
    "other": say("other site"),
}.items():
    WORDS[f"kind_{name}"] = text
for name, text in {
    "photo": say("photograph"),
    "screenshot": say("screenshot"),
    "recording": say("screen recording"),
    "voice": say("voice memo"),
}.items():
    WORDS[f"is_{name}"] = text


def words() -> dict[str, dict[str, str]]:
    """Return every sentence by its name, in both languages."""
    return {name: in_both(partial(_, text)) for name, text in WORDS.items()}
