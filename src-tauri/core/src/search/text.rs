//! Texts that are looked through for a word: each distinct one once, however many roles have it.

use std::collections::HashMap;

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str, Utf32String};

use super::found::Span;

/// How well a word stands in a text; nought where it does not.
pub(super) type Score = u16;
/// What a text is worth more that is the word and nothing else.
const WHOLE: Score = 24;

/// How a text is looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// The word's letters in their order, with others between them.
    Letters,
    /// The digits side by side: scattered ones are found in almost any number.
    Digits,
}

/// A text by its place among the [`Texts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place(u32);

impl Place {
    /// The place itself, for a list that has one entry a text.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Distinct texts.
#[derive(Debug, Default)]
pub(super) struct Texts(Vec<(Kind, Utf32String)>);

/// Puts texts in their places while an index is made.
#[derive(Debug, Default)]
pub(super) struct Places<'a> {
    texts: Texts,
    known: HashMap<(Kind, &'a str), Place>,
}

impl<'a> Places<'a> {
    pub(super) fn of(&mut self, kind: Kind, text: &'a str) -> Place {
        *self.known.entry((kind, text)).or_insert_with(|| {
            let place = Place(u32::try_from(self.texts.0.len()).unwrap_or(u32::MAX));
            self.texts.0.push((kind, wide(text)));
            place
        })
    }

    pub(super) fn texts(self) -> Texts {
        self.texts
    }
}

/// One word that is looked for.
#[derive(Debug)]
pub(super) struct Word {
    letters: Atom,
    digits: Option<Atom>,
}

impl Word {
    /// A word as it was typed. Digits may be in groups, as the console writes them.
    pub(super) fn new(text: &str) -> Word {
        let atom =
            |text: &str, kind| Atom::new(text, CaseMatching::Ignore, Normalization::Smart, kind, false);
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        Word {
            letters: atom(text, AtomKind::Fuzzy),
            digits: (is_number && !digits.is_empty()).then(|| atom(&digits, AtomKind::Substring)),
        }
    }

    fn atom(&self, kind: Kind) -> Option<&Atom> {
        match kind {
            Kind::Letters => Some(&self.letters),
            Kind::Digits => self.digits.as_ref(),
        }
    }
}

/// A matcher as all here are.
pub(super) fn matcher() -> Matcher {
    let mut config = Config::DEFAULT;
    config.prefer_prefix = true;
    Matcher::new(config)
}

impl Texts {
    /// How well a word stands in each text.
    pub(super) fn scores(&self, word: &Word, matcher: &mut Matcher) -> Vec<Score> {
        let score = |(kind, text): &(Kind, Utf32String)| {
            let Some(atom) = word.atom(*kind) else { return 0 };
            let Some(score) = atom.score(text.slice(..), matcher) else { return 0 };
            let whole = if atom.needle_text().len() == text.len() { WHOLE } else { 0 };
            // One that is found at all is worth something.
            score.saturating_add(whole).max(1)
        };
        self.0.iter().map(score).collect()
    }

    /// One text, as it is.
    pub(super) fn text(&self, place: Place) -> String {
        self.0.get(place.index()).map(|(_, text)| text.to_string()).unwrap_or_default()
    }

    /// The parts of one text that a word was found in.
    pub(super) fn spans(&self, place: Place, word: &Word, matcher: &mut Matcher) -> Vec<Span> {
        let Some((kind, text)) = self.0.get(place.index()) else { return Vec::new() };
        word.atom(*kind).map_or_else(Vec::new, |atom| found_in(text.slice(..), atom, matcher))
    }
}

/// How well a word stands in a text, and where; `None` where it does not.
pub(super) fn found(
    text: &str,
    kind: Kind,
    word: &Word,
    matcher: &mut Matcher,
) -> Option<(Score, Vec<Span>)> {
    let (atom, text) = (word.atom(kind)?, wide(text));
    let score = atom.score(text.slice(..), matcher)?;
    let whole = if atom.needle_text().len() == text.len() { WHOLE } else { 0 };
    Some((score.saturating_add(whole), found_in(text.slice(..), atom, matcher)))
}

/// Spans in order, with those that touch made one.
pub(super) fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut whole: Vec<Span> = Vec::with_capacity(spans.len());
    for (start, end) in spans {
        match whole.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => whole.push((start, end)),
        }
    }
    whole
}

fn found_in(text: Utf32Str<'_>, atom: &Atom, matcher: &mut Matcher) -> Vec<Span> {
    let mut letters = Vec::new();
    if atom.indices(text, matcher, &mut letters).is_none() {
        return Vec::new();
    }
    letters.sort_unstable();
    letters.dedup();
    let (mut spans, mut at, mut left) = (Vec::new(), 0, letters.into_iter().peekable());
    for (letter, each) in (0_u32..).zip(text.chars()) {
        let length = u32::from(each.len_utf16() == 2) + 1;
        if left.next_if_eq(&letter).is_some() {
            spans.push((at, at + length));
        }
        at += length;
    }
    joined(spans)
}

/// A letter a character, so that a letter's number leads back to the text it came from.
fn wide(text: &str) -> Utf32String {
    if text.is_ascii() {
        Utf32String::Ascii(text.into())
    } else {
        Utf32String::Unicode(text.chars().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(text: &str, word: &str) -> Option<Vec<Span>> {
        found(text, Kind::Letters, &Word::new(word), &mut matcher()).map(|(_, spans)| spans)
    }

    #[test]
    fn what_is_found_is_told_in_the_pages_own_units() {
        for (text, word, expected) in [
            ("AWSEC2FULLACCESS", "ec2", vec![(3, 6)]),
            ("acme-dev", "ad", vec![(0, 1), (5, 6)]),
            ("Größe", "gross", vec![]),
            ("Größe", "gro", vec![(0, 3)]),
            ("Größe", "größ", vec![(0, 4)]),
            // A letter that takes two units counts for two.
            ("𝒳-dev", "dev", vec![(3, 6)]),
            ("𝒳-dev", "𝒳", vec![(0, 2)]),
            ("מנהל-dev", "מנ", vec![(0, 2)]),
        ] {
            let found = spans(text, word).unwrap_or_default();
            assert_eq!(found, expected, "{word} in {text}");
            let units: Vec<u16> = text.encode_utf16().collect();
            for (start, end) in found {
                assert!(String::from_utf16(&units[start as usize..end as usize]).is_ok(), "{text}");
            }
        }
        assert_eq!(spans("acme-dev", "zz"), None);
    }

    #[test]
    fn digits_are_found_side_by_side_and_in_groups() {
        let id = |word: &str| found("111122223333", Kind::Digits, &Word::new(word), &mut matcher());
        assert_eq!(id("2222").map(|found| found.1), Some(vec![(4, 8)]));
        assert_eq!(id("1111-2222").map(|found| found.1), Some(vec![(0, 8)]));
        for none in ["123", "1113", "-", "ec2", "12a"] {
            assert_eq!(id(none), None, "{none}");
        }
    }

    #[test]
    fn a_text_that_is_the_word_is_the_best_of_all() {
        let score =
            |text: &str| found(text, Kind::Letters, &Word::new("admin"), &mut matcher()).map(|found| found.0);
        assert!(score("Admin") > score("AdminReadOnly"));
        assert!(score("AdminReadOnly") > score("a-d-m-i-n"));
    }
}
