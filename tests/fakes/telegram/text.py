"""Text as Telegram counts and reads it: UTF-16 units, entities found by itself, and its HTML dialect.

Source of the rules: the Bot API's "Formatting options" and the behaviour of the open-source Bot API server.
"""

import re
from html import unescape

from tests.fakes.telegram.errors import bad_request
from tests.fakes.wire import Json

_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])", re.ASCII)
_MENTION = re.compile(r"(?<![A-Za-z0-9_])@[A-Za-z0-9_]{3,32}(?![A-Za-z0-9_])")
_HASHTAG = re.compile(r"(?<!\w)#(?=\w*[^\W\d])\w{1,256}")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?!\w)")
_URL = re.compile(r"(?<!\w)(?:https?://|t\.me/)[^\s<>\"]*[^\s<>\".,;:!?)\]']")
# Order matters: what is found first keeps its place, and later kinds may not overlap it.
_FINDERS = (
    ("url", _URL),
    ("email", _EMAIL),
    ("bot_command", _COMMAND),
    ("mention", _MENTION),
    ("hashtag", _HASHTAG),
)
_MARKS = re.compile(r"[/@#]|t\.me/")

_TAGS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
# Telegram knows four named references; any other stays as it was written.
_REFERENCE = re.compile(r"&(?:(?:lt|gt|amp|quot)(?![A-Za-z])|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});?")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>"']+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.\-]+)(?=[\s>])))?""")


def utf16(text: str) -> int:
    """Length in UTF-16 code units, the unit of every Telegram offset and limit."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def found_entities(text: str, taken: list[Json] | None = None) -> list[Json]:
    """Entities Telegram finds by itself in plain `text`, added to those already `taken`, ordered by offset."""
    entities = list(taken or ())
    if not _MARKS.search(text):
        return entities
    covered = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _OPAQUE]
    for kind, pattern in _FINDERS:
        for match in pattern.finditer(text):
            start = utf16(text[: match.start()])
            end = start + utf16(match.group())
            if all(end <= left or start >= right for left, right in covered):
                covered.append((start, end))
                entities.append({"type": kind, "offset": start, "length": end - start})
    return _ordered(entities)


_OPAQUE = {"code", "pre", "text_link", "text_mention", "custom_emoji"}


def entity_text(text: str, entity: Json) -> str:
    """The piece of `text` an entity covers."""
    raw = text.encode("utf-16-le")
    return raw[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Plain text and entities of Telegram HTML.

    Raises ApiError 400 "can't parse entities: …" with the byte offset, in the words of the real server.
    """
    parser = _Html(source)
    return parser.run()


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without the white space around the message, which Telegram drops; entities move along."""
    body = text.strip(" \n\t\r")
    if len(body) == len(text):
        return text, entities
    lead = utf16(text[: text.find(body)]) if body else 0
    size = utf16(body)
    moved = []
    for entity in entities:
        start = max(0, entity["offset"] - lead)
        end = min(size, entity["offset"] + entity["length"] - lead)
        if end > start:
            moved.append({**entity, "offset": start, "length": end - start})
    return body, moved


def _ordered(entities: list[Json]) -> list[Json]:
    return sorted(entities, key=lambda e: (e["offset"], -e["length"]))


def _fail(problem: str) -> Exception:
    return bad_request(f"can't parse entities: {problem}")


class _Html:
    """One pass over the source; `open` holds (tag, attributes, UTF-16 start) of the tags not yet closed."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.out: list[str] = []
        self.size = 0
        self.open: list[tuple[str, dict[str, str], int]] = []
        self.entities: list[Json] = []

    def run(self) -> tuple[str, list[Json]]:
        position, source = 0, self.source
        while position < len(source):
            mark = source.find("<", position)
            if mark < 0:
                mark = len(source)
            if mark > position:
                self._text(source[position:mark])
            if mark == len(source):
                break
            position = self._close(mark) if source.startswith("</", mark) else self._start(mark)
        if self.open:
            raise _fail(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        return "".join(self.out), _ordered(self.entities)

    def _text(self, piece: str) -> None:
        decoded = _REFERENCE.sub(_decoded, piece) if "&" in piece else piece
        self.out.append(decoded)
        self.size += utf16(decoded)

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _start(self, mark: int) -> int:
        source = self.source
        end = mark + 1
        while end < len(source) and not source[end].isspace() and source[end] != ">":
            end += 1
        if end == len(source):
            raise _fail(f"Unclosed start tag at byte offset {self._byte(mark)}")
        name = source[mark + 1 : end].lower()
        if name not in _TAGS:
            raise _fail(f'Unsupported start tag "{name}" at byte offset {self._byte(mark)}')
        attributes: dict[str, str] = {}
        while True:
            while end < len(source) and source[end].isspace():
                end += 1
            if end == len(source):
                raise _fail(f'Unclosed start tag "{name}" at byte offset {self._byte(mark)}')
            if source[end] == ">":
                break
            match = _ATTRIBUTE.match(source, end)
            if match is None or match.end() == end:
                raise _fail(f'Empty attribute name in the tag "{name}" at byte offset {self._byte(mark)}')
            value = next((g for g in match.groups()[1:] if g is not None), "")
            attributes[match.group(1).lower()] = _REFERENCE.sub(_decoded, value)
            end = match.end()
            if end < len(source) and source[end] == "=":
                raise self._bad_value(mark, end + 1)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _fail(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(mark)}')
        if name == "tg-emoji" and not attributes.get("emoji-id", "").isdigit():
            raise bad_request("invalid custom emoji identifier specified")
        self.open.append((name, attributes, self.size))
        return end + 1

    def _bad_value(self, mark: int, value: int) -> Exception:
        """An attribute's value that is an unclosed string, or no name token."""
        while value < len(self.source) and self.source[value].isspace():
            value += 1
        if self.source[value : value + 1] in ("", '"', "'"):
            return _fail(f"Unclosed start tag at byte offset {self._byte(mark)}")
        return _fail(f"Unexpected end of name token at byte offset {self._byte(value)}")

    def _close(self, mark: int) -> int:
        at = self._byte(mark)
        if not self.open:
            raise _fail(f"Unexpected end tag at byte offset {at}")
        end = self.source.find(">", mark)
        name = self.source[mark + 2 : end if end >= 0 else None].strip().lower()
        if end < 0 or any(c.isspace() for c in name):
            raise _fail(f"Unclosed end tag at byte offset {at}")
        tag, attributes, start = self.open.pop()
        if name and name != tag:
            raise _fail(f'Unmatched end tag at byte offset {at}, expected "</{tag}>", found "</{name}>"')
        if self.size > start:
            self._entity(tag, attributes, start)
        return end + 1

    def _entity(self, tag: str, attributes: dict[str, str], start: int) -> None:
        entity: Json = {"type": _TAGS[tag], "offset": start, "length": self.size - start}
        if any(outer in ("pre", "code") for outer, _, _ in self.open):
            # Nothing nests inside code; `<pre><code class="language-x">` names the language of the outer tag.
            outer, outer_attributes, _ = self.open[-1]
            language = attributes.get("class", "")
            if tag == "code" and outer == "pre" and language.startswith("language-"):
                outer_attributes["language"] = language.removeprefix("language-")
            return
        if tag == "pre":
            # Whatever was found inside a <pre> was dropped above, so the language is all it can carry.
            if "language" in attributes:
                entity["language"] = attributes["language"]
        elif tag == "a":
            link = attributes.get("href") or utf16_slice("".join(self.out), start)
            if link.startswith("tg://user?id=") and link[13:].isdigit():
                entity = {**entity, "type": "text_mention", "user": {"id": int(link[13:])}}
            elif "." in link or "://" in link:
                entity["url"] = link if "://" in link or link.startswith("mailto:") else f"http://{link}"
            else:
                return  # an unusable link is silently plain text, as on the real server
        elif tag == "tg-emoji":
            entity["custom_emoji_id"] = attributes["emoji-id"]
        elif tag == "tg-time":
            entity["unix_time"] = int(attributes.get("unix", "0"))
        elif tag == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        self.entities.append(entity)


def utf16_slice(text: str, start: int) -> str:
    """`text` from a UTF-16 offset on."""
    return text.encode("utf-16-le")[start * 2 :].decode("utf-16-le")


def _decoded(match: re.Match[str]) -> str:
    reference = match.group()
    return unescape(reference if reference.endswith(";") else reference + ";")
