"""The words that stand until somebody writes better ones. Changing them here makes a new version at its first use."""

from __future__ import annotations

from advocacy.consent.models import Purpose, Use

DEFAULT_WORDS: dict[Purpose | Use, str] = {
    Purpose.ACTION_ALERT: "Write to me when a short action can help. I can stop this at any time, from any mail.",
    Purpose.CAMPAIGN_NEWS: "Send me news about this campaign. I can stop this at any time, from any mail.",
    Purpose.EVENT: "Tell me about meetings and hearings near me. I can stop this at any time, from any mail.",
    Purpose.SPEAKER_OPS: "Write to me about the hearings I have signed up for.",
    Purpose.PARTNER_NEWS: "Give my name and email address to {organization}, so that it can write to me. "
    "I can stop this at any time, from the link in every mail about my signature.",
    Use.SIGN_ON_NAME: "I sign this letter for myself. My name and town may stand under it as I choose above: on this "
    "site, and in the copy that is handed over. My email address is used only to confirm my name and to write to me "
    "about this letter. I can take my name back at any time, from the link in every mail; a copy that was handed over "
    "cannot be called back. My name and address are deleted within a year after the letter was handed over.",
    Purpose.PEER: "Write to me about peer support. I can stop this at any time, from any mail.",
}
