"""For any invented conversation, in any style of label: the turns come back and offsets slice exactly."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kotaku_nlp.corpus.speakers import find_turns

STYLES = ("{}: {}", "{} : {}", "{}\u00a0: {}", "{}： {}", "[{}] {}", "{{{}}} {}", "#{}: {}", "- {}: {}",
          "[00:01:02] {}: {}", "{} [00:01:02]: {}", "{}: [00:01:02] {}", "**{}:** {}", "{}:\n{}")  # fmt: skip
PEOPLE = (
    ("P", "N"), ("Pewawancara", "Informan"), ("T", "J"), ("Peneliti", "Informan 1", "Informan 2"),
    ("Moderator", "Peserta 1", "Peserta 2", "Peserta 3"), ("Q", "A"), ("Rina", "Darwis"), ("P", "Inf-01"),
    ("M", "N1", "N2", "N3", "N4"), ("SPEAKER_00", "SPEAKER_01"), ("Mahasiswa", "Bapak SR", "Ibu TN"),
)  # fmt: skip
WORDS = (
    "warga",
    "rapat",
    "dana",
    "turun",
    "gang",
    "malam",
    "itu",
    "sudah",
    "kami",
    "tunggu",
    "drainase",
    "bu",
)

sentence = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(lambda words: " ".join(words) + ".")
tricky = st.sampled_from(
    ["17:30 kami mulai.", "Pukul 09.00: kumpul.", "http://alamat.example/x lengkap.", "Catatan: hujan.",
     "(tertawa) ya begitu.", "sampai jam 17:30 tadi.", "rasio 3:1 katanya.", "😀 aman."]
)  # fmt: skip
continuation = st.lists(st.one_of(sentence, tricky), max_size=2)


@st.composite
def conversations(draw):
    people = draw(st.sampled_from(PEOPLE))
    rounds = draw(st.integers(2, 5))
    turns = []
    for number in range(rounds):
        for person in people:
            first = draw(sentence)
            asked = f"{first[:-1]}?" if person == people[0] else first
            more = draw(continuation) if person != people[0] and number else []
            turns.append((person, "\n".join([asked, *more])))
    return people, turns


@settings(max_examples=150, deadline=None)
@given(conversations(), st.sampled_from(STYLES), st.sampled_from(["\n", "\n\n"]))
def test_turns_come_back(make_source, conversation, style, gap):
    people, turns = conversation
    source = make_source(gap.join(style.format(person, said) for person, said in turns))
    reading = find_turns(source)
    found = [(turn.speaker, source.text[turn.start : turn.end]) for turn in reading.turns]
    assert found == turns
    assert [turn.turn for turn in reading.turns] == list(range(1, len(turns) + 1))
    assert set(reading.labels) == set(people)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=60), sentence, tricky), max_size=12))
def test_any_text_is_read_without_a_crash_and_slices(make_source, lines):
    source = make_source("\n".join(line.replace("\r", " ") for line in lines))
    reading = find_turns(source)
    end = 0
    for turn in reading.turns:
        assert end <= turn.start < turn.end <= len(source.text)
        text = source.text[turn.start : turn.end]
        assert text == text.strip()
        end = turn.end
    assert not {"http", "https", "17", "Pukul 09.00", "Catatan"} & set(reading.labels)
