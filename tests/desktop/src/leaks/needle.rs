//! The byte strings that betray a canary: its value in every form.

use std::collections::HashSet;
use std::fmt::Write;

use super::Encoding;

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// A longer value is looked for by pieces, so that a token cut in two does not hide.
const LONG: usize = 96;
const PIECE: usize = 40;

/// One form of one canary.
pub(super) struct Needle {
    pub(super) canary: usize,
    pub(super) encoding: Encoding,
    pub(super) bytes: Vec<u8>,
}

/// Every form of a canary, each once.
pub(super) fn needles(canary: usize, value: &str) -> Vec<Needle> {
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for piece in pieces(value) {
        for (encoding, bytes) in forms(&piece) {
            // Many a form is the plain one; the first name of it counts.
            if seen.insert(bytes.clone()) {
                all.push(Needle { canary, encoding, bytes });
            }
        }
    }
    all
}

/// The value, or pieces of a long one. Not its beginning, which many tokens share.
fn pieces(value: &str) -> Vec<String> {
    let letters: Vec<char> = value.chars().collect();
    if letters.len() < LONG {
        return vec![value.to_owned()];
    }
    let middle = letters.len() / 2;
    [&letters[middle..middle + PIECE], &letters[letters.len() - PIECE..]]
        .iter()
        .map(|piece| piece.iter().collect())
        .collect()
}

fn forms(value: &str) -> Vec<(Encoding, Vec<u8>)> {
    let utf16: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut forms = vec![(Encoding::Plain, value.as_bytes().to_vec())];
    for text in
        [&json(value, |letter| "\"\\".contains(letter)), &json(value, |letter| "\"\\/".contains(letter))]
    {
        forms.push((Encoding::Json, text.clone().into_bytes()));
    }
    for escaped in [
        unicode(value, |letter| "<>&'\"".contains(letter)),
        unicode(value, |letter| !letter.is_ascii_alphanumeric()),
    ] {
        forms.push((Encoding::Json, escaped.to_lowercase_escapes()));
        forms.push((Encoding::Json, escaped.to_uppercase_escapes()));
    }
    for kept in ["", "/", "/+=:@", "+", "="] {
        for upper in [true, false] {
            forms.push((
                Encoding::Percent,
                percent(value, upper, |byte| !is_unreserved(byte) && !kept.as_bytes().contains(&byte)),
            ));
        }
    }
    for upper in [true, false] {
        forms.push((Encoding::Percent, percent(value, upper, |_| true)));
        forms.push((Encoding::Hex, hex(value.as_bytes(), upper).into_bytes()));
    }
    for bytes in [value.as_bytes(), &utf16] {
        for alphabet in [STANDARD, URL_SAFE] {
            for alignment in 0..3 {
                forms.push((Encoding::Base64, base64(bytes, alphabet, alignment)));
            }
        }
    }
    forms.push((Encoding::Utf16, utf16));
    forms
}

/// The characters of the base64 that depend on nothing but `bytes`, where they begin `alignment` bytes after a group of three.
pub(super) fn base64(bytes: &[u8], alphabet: &[u8; 64], alignment: usize) -> Vec<u8> {
    let bits: Vec<bool> = std::iter::repeat_n(0, alignment)
        .chain(bytes.iter().copied())
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1))
        .collect();
    // The first characters hold bits of what stands before, the last incomplete one of what stands behind.
    let unknown = (alignment * 8).div_ceil(6);
    bits.chunks_exact(6)
        .skip(unknown)
        .map(|six| alphabet[six.iter().fold(0, |value, bit| value << 1 | usize::from(*bit))])
        .collect()
}

fn hex(bytes: &[u8], upper: bool) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = if upper { write!(text, "{byte:02X}") } else { write!(text, "{byte:02x}") };
        text
    })
}

fn percent(value: &str, upper: bool, escapes: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    for byte in value.bytes() {
        if escapes(byte) {
            bytes.push(b'%');
            bytes.extend(hex(&[byte], upper).into_bytes());
        } else {
            bytes.push(byte);
        }
    }
    bytes
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// A value with a backslash before some characters.
fn json(value: &str, escapes: impl Fn(char) -> bool) -> String {
    let mut text = String::new();
    for letter in value.chars() {
        if escapes(letter) {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

/// A value as characters and the code units that are escaped.
struct Escaped(Vec<Result<char, u16>>);

fn unicode(value: &str, escapes: impl Fn(char) -> bool) -> Escaped {
    let mut units = [0; 2];
    let mut parts = Vec::new();
    for letter in value.chars() {
        if escapes(letter) || !letter.is_ascii() {
            parts.extend(letter.encode_utf16(&mut units).iter().map(|unit| Err(*unit)));
        } else {
            parts.push(Ok(letter));
        }
    }
    Escaped(parts)
}

impl Escaped {
    fn to_lowercase_escapes(&self) -> Vec<u8> {
        self.write(|unit| format!("\\u{unit:04x}"))
    }

    fn to_uppercase_escapes(&self) -> Vec<u8> {
        self.write(|unit| format!("\\u{unit:04X}"))
    }

    fn write(&self, escape: impl Fn(u16) -> String) -> Vec<u8> {
        let parts = self.0.iter().map(|part| match part {
            Ok(letter) => letter.to_string(),
            Err(unit) => escape(*unit),
        });
        parts.collect::<String>().into_bytes()
    }
}
