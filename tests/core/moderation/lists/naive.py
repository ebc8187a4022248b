"""Ban lists as one would write them down with nothing but sets: what the real ones are held against.

Nexuses and people are numbers. A ban counts up; so a newer one of the same person is a greater number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MODERATOR = (1, 2)  # in Nexus 1 person 2 moderates


@dataclass(eq=False)
class Banned:
    """A ban that came from lists, or a card about it (`asked`)."""

    without_asking: bool
    standing: bool = True
    wrong: bool = False


@dataclass
class Note:
    """What came of a person of a list: up to which ban of theirs, and how it stands."""

    newest: int
    state: str
    ban: Banned | None = None


@dataclass
class Naive:
    """Three Nexuses."""

    count: int = 0
    members: set[tuple[int, int]] = field(default_factory=set)
    met: set[tuple[int, int]] = field(default_factory=set)  # about whom a Nexus has a case
    own: dict[int, tuple[int, int, str]] = field(default_factory=dict)  # number: Nexus, person, state
    shared: set[int] = field(default_factory=set)
    following: dict[tuple[int, int], str] = field(default_factory=dict)  # (who, whose): mode
    notes: dict[tuple[int, int, int], Note] = field(default_factory=dict)  # (who, whose, person)

    def on(self, nexus: int) -> dict[int, int]:
        """The list of a Nexus: its own standing bans, of each person the newest."""
        return {who: number for number, (where, who, state) in self.own.items() if where == nexus and state == "stands"}

    def from_list(self, nexus: int, person: int) -> Banned | None:
        """The standing ban of a Nexus that came from lists."""
        for (who, _, about), note in self.notes.items():
            if (who, about) == (nexus, person) and note.ban is not None and note.ban.standing:
                return note.ban
        return self.left.get((nexus, person))

    left: dict[tuple[int, int], Banned] = field(default_factory=dict)  # off the list, and moderators were asked

    def out(self, nexus: int, person: int) -> bool:
        """Whether somebody is kept out."""
        return person in self.on(nexus) or self.from_list(nexus, person) is not None

    def ban(self, nexus: int, person: int) -> None:
        self.count += 1
        self.own[self.count] = (nexus, person, "stands")
        self.met.add((nexus, person))

    def end(self, number: int, state: str) -> None:
        nexus, person, _ = self.own[number]
        self.own[number] = (nexus, person, state)

    def unban(self, nexus: int, person: int) -> None:
        for number, (where, who, state) in list(self.own.items()):
            if (where, who, state) == (nexus, person, "stands"):
                self.end(number, "lifted")
        if (found := self.from_list(nexus, person)) is not None:
            self._end(nexus, person, found)

    def _end(self, nexus: int, person: int, ban: Banned) -> None:
        ban.standing = False
        self.left.pop((nexus, person), None)

    def overturn(self, nexus: int, person: int) -> None:
        """Moderators undo a ban that came from lists."""
        ban = self.from_list(nexus, person)
        assert ban is not None
        self._end(nexus, person, ban)
        self._wrong(nexus, ban)

    def _wrong(self, nexus: int, ban: Banned) -> None:
        ban.wrong = True
        for (who, source, _), note in self.notes.items():
            if who == nexus and note.ban is ban:
                note.state = "dismissed"
                done = [n.ban for (w, s, _), n in self.notes.items() if (w, s) == (who, source) and n.ban is not None]
                acted = [one for one in done if one.without_asking]
                wrong = sum(one.wrong for one in acted)
                if self.following.get((who, source)) == "act" and wrong > max(1, len(acted) / 10):
                    self.following[who, source] = "ask"

    def answer(self, nexus: int, source: int, person: int, *, ban: bool) -> None:
        """Moderators answer a card."""
        note = self.notes[nexus, source, person]
        note.state = "banned" if ban else "dismissed"
        if ban:
            note.ban = Banned(without_asking=False)

    def cards(self) -> set[tuple[int, int, int]]:
        """Who is asked about whom, by whose list."""
        return {key for key, note in self.notes.items() if note.state == "asked"}

    def follow(self, nexus: int, source: int, mode: str) -> None:
        again = (nexus, source) in self.following
        self.following[nexus, source] = mode
        for key, note in list(self.notes.items()):
            if key[:2] == (nexus, source) and again and mode != "shadow" and note.state == "counted":
                note.state = "over"
        self.settle(nexus, source)

    def unfollow(self, nexus: int, source: int, *, lift: bool) -> None:
        for key, note in list(self.notes.items()):
            if key[:2] == (nexus, source) and note.state in ("asked", "counted", "known"):
                note.state = "over"
        del self.following[nexus, source]
        for key, note in list(self.notes.items()):
            if lift and key[:2] == (nexus, source) and self._bans(note) and not self._others(key, note):
                assert note.ban is not None
                self._end(nexus, key[2], note.ban)
                for same in self.notes.values():
                    if same.ban is note.ban:
                        same.state = "over"

    @staticmethod
    def _bans(note: Note) -> bool:
        return note.state == "banned" and note.ban is not None and note.ban.standing

    def _others(self, key: tuple[int, int, int], note: Note) -> bool:
        """Whether another followed list holds the same ban."""
        return any(
            other != key and same.ban is note.ban and same.state == "banned" and other[:2] in self.following
            for other, same in self.notes.items()
        )

    def stop(self, source: int) -> None:
        self.shared.discard(source)
        for nexus, whose in list(self.following):
            if whose == source:
                self.unfollow(nexus, source, lift=False)

    def settle(self, nexus: int, source: int) -> None:
        """What a sweep does for one who follows."""
        on = self.on(source)
        for key, note in sorted(self.notes.items()):
            if key[:2] == (nexus, source) and key[2] not in on and note.state != "over":
                self._gone(key, note)
        for person, newest in sorted(on.items(), key=lambda one: one[1]):
            note = self.notes.get((nexus, source, person), Note(0, "new"))
            known = {(nexus, person)} & (self.members | self.met)
            spared = (nexus, person) == MODERATOR and not self.out(nexus, person)
            if (newest > note.newest or note.state == "over") and known and not spared:
                self.notes[nexus, source, person] = self._meet(
                    nexus, person, note, newest, self.following[nexus, source]
                )

    def _meet(self, nexus: int, person: int, note: Note, newest: int, mode: str) -> Note:
        if person in self.on(nexus):
            return Note(newest, "known")
        if (ban := self.from_list(nexus, person)) is not None:
            return Note(newest, "banned", ban)
        if note.state == "asked":
            return Note(newest, "asked")
        self.met |= {(nexus, person)} if mode != "shadow" else set()
        if mode == "act":
            return Note(newest, "banned", Banned(without_asking=True))
        return Note(newest, {"shadow": "counted", "ask": "asked"}[mode])

    def _gone(self, key: tuple[int, int, int], note: Note) -> None:
        nexus, source, person = key
        if self._bans(note) and not self._others(key, note):
            ban = note.ban
            assert ban is not None
            if self.following[nexus, source] == "act" and ban.without_asking:
                self._end(nexus, person, ban)
                if self.own[note.newest][2] == "undone":
                    self._wrong(nexus, ban)
            else:
                self.left[nexus, person] = ban
        note.state = "over"
