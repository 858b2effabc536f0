"""Messages: whole English sentences in the code, every other language in one catalogue.

A message is a template and its fields. It is made where something is known, and turned into a
text where a person reads it: ``str(message)`` is English, ``message.text("zh")`` looks the
template up in ``locale/zh_CN/LC_MESSAGES/corridor.po``. Templates stand in the code as
literals, marked by ``N_`` or by the call that takes them, so that ``scripts/catalogue.py``
finds them all and a test can hold the catalogue complete.

A field is a number, a text, or anything with a method ``text(lang)``: another message, a
`Name` that the data give in both languages, a `Listing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from gettext import NullTranslations

LANGUAGES = ("zh", "en")
_LOCALES = {"zh": "zh_CN"}
_Text = TypeVar("_Text", bound=str)


def N_(template: _Text) -> _Text:  # noqa: N802
    """Mark a template for the catalogue; the name is gettext's own convention."""
    return template


class Worded(Protocol):
    """What has its own text in each language."""

    def text(self, lang: str = "en") -> str:
        """Return the text in ``"zh"`` or ``"en"``."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence that waits for its language.

    Attributes
    ----------
    template : str
        English, with fields in braces as `str.format` takes them.
    fields : mapping of str to object
        What stands in the braces.
    plural : str
        The template for any number but 1; empty where the number does not matter.
    number : int
        The number that decides between the two.
    context : str
        Tells two uses of the same English word apart; empty where there is but one.

    Examples
    --------
    >>> Message("row {row}: {what}", {"row": 3, "what": "GDP"}).text("zh")
    '第3行：GDP'
    """

    template: str
    fields: Mapping[str, Any] = field(default_factory=dict, hash=False)
    plural: str = ""
    number: int = 1
    context: str = ""

    def text(self, lang: str = "en") -> str:
        """Return the sentence in ``"zh"`` or ``"en"``; another language is a TypeError."""
        if not isinstance(lang, str) or lang not in LANGUAGES:
            raise TypeError(f"lang is 'zh' or 'en', not {lang!r:.60}")
        template = self._template(lang)
        if not self.fields:
            return template
        return template.format_map({name: _in(lang, value) for name, value in self.fields.items()})

    def _template(self, lang: str) -> str:
        if lang == "en":
            return self.plural if self.plural and self.number != 1 else self.template
        catalogue = _catalogue(lang)
        if self.plural:
            return catalogue.ngettext(self.template, self.plural, self.number)
        if self.context:
            return catalogue.pgettext(self.context, self.template)
        return catalogue.gettext(self.template) if self.template else ""

    def __str__(self) -> str:
        return self.text("en")

    def __bool__(self) -> bool:
        return bool(self.template)


def message(template: str, /, **fields: Any) -> Message:
    """Return a message; the template is marked for the catalogue by this call."""
    return Message(template, fields)


def plural(one: str, many: str, number: int, /, **fields: Any) -> Message:
    """Return a message whose wording depends on a number, itself the field ``n``."""
    return Message(one, {"n": number, **fields}, many, number)


def context(kind: str, template: str, /, **fields: Any) -> Message:
    """Return a message whose English word has another meaning elsewhere; ``kind`` says which."""
    return Message(template, fields, context=kind)


@dataclass(frozen=True, slots=True)
class Name:
    """What the data call a thing in Chinese and in English: no sentence, so not translated."""

    zh: str
    en: str

    def text(self, lang: str = "en") -> str:
        """Return the name in ``"zh"`` or ``"en"``."""
        return self.zh if lang == "zh" else self.en

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True)
class Listing:
    """Things in a row: 、 between them in Chinese, a comma and a blank in English.

    Attributes
    ----------
    items : iterable of object
        Texts, or what has a text in each language.
    zh, en : str
        What stands between them.
    """

    items: Iterable[Any]
    zh: str = "、"
    en: str = ", "

    def text(self, lang: str = "en") -> str:
        """Return the row in ``"zh"`` or ``"en"``."""
        between = self.zh if lang == "zh" else self.en
        return between.join(str(_in(lang, item)) for item in self.items)

    def __str__(self) -> str:
        return self.text("en")


class Translator:
    """One language: turns templates into texts for the floors that write for people.

    Examples
    --------
    >>> t = translator("zh")
    >>> t("row {row}: {what}", row=3, what="GDP")
    '第3行：GDP'
    """

    def __init__(self, lang: str):
        self.lang = lang

    def __call__(self, template: str, /, **fields: Any) -> str:
        """Return a template in this language."""
        return Message(template, fields).text(self.lang)

    def plural(self, one: str, many: str, number: int, /, **fields: Any) -> str:
        """Return the wording for a number, itself the field ``n``."""
        return plural(one, many, number, **fields).text(self.lang)

    def context(self, kind: str, template: str, /, **fields: Any) -> str:
        """Return a word whose English has another meaning elsewhere."""
        return context(kind, template, **fields).text(self.lang)

    def of(self, value: object) -> str:
        """Return anything in this language: what has a text gives it, the rest its ``str``."""
        return str(_in(self.lang, value))

    def listing(self, items: Iterable[Any], zh: str = "、", en: str = ", ") -> str:
        """Return things in a row."""
        return Listing(items, zh, en).text(self.lang)


@cache
def translator(lang: str) -> Translator:
    """Return the translator into ``"zh"`` or ``"en"``."""
    return Translator(lang)


def _in(lang: str, value: Any) -> Any:
    text = getattr(value, "text", None)
    return text(lang) if callable(text) else value


@cache
def _catalogue(lang: str) -> NullTranslations:
    import gettext
    from pathlib import Path

    folder = Path(__file__).parent / "locale"
    return gettext.translation("corridor", folder, languages=[_LOCALES[lang]])


# What people see of a text that others wrote.

UNSEEN = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)


def printable(text: str) -> str:
    r"""Return a text for a document or a terminal: what has no look of its own stands as U+FFFD.

    Control characters, halves of pairs and marks that turn the direction of writing; line
    breaks and tabs stay.

    Examples
    --------
    >>> printable("滨海大道\x1b[31m"), printable("a\tb")
    ('滨海大道�[31m', 'a\tb')
    """
    return text if text.isprintable() else re.sub(UNSEEN, "\ufffd", text)
