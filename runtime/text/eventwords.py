"""What happened, in words: those of its code, and for what happens again and again the same words in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from runtime.text.wording import EVENTS, N_

# End of the code (runtime/code/codes.py) -> what is said of the event that it is about.
REPEATED: Mapping[str, str] = MappingProxyType(
    {
        "_flaps": N_("%(event)s: again and again, so it is only counted from now on"),
        "_calmed": N_("%(event)s: not again and again any more"),
    }
)


def event_words(code: str, say: Callable[[str], str]) -> str:
    """In the language that ``say`` speaks; the code itself where it has no words."""
    if code in EVENTS:
        return say(EVENTS[code])
    for end, sentence in REPEATED.items():
        if code.endswith(end):
            return say(sentence) % {"event": event_words(code.removesuffix(end), say)}
    return code
