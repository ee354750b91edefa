//! Bytes as text: hexadecimal, base64, base32 and the random strings AWS identifiers are made of.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The SHA-256 of `bytes`, in hexadecimal.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Base32 to bytes, forgiving about case, spaces and padding as authenticator apps are; `None` when a character is foreign.
pub(crate) fn base32_decode(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut buffer, mut bits) = (Vec::new(), 0u32, 0u32);
    for character in text.bytes().filter(|byte| !matches!(byte, b' ' | b'-' | b'=')) {
        let value = BASE32.iter().position(|known| *known == character.to_ascii_uppercase())?;
        buffer = (buffer << 5) | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((buffer >> bits) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

/// `count` random bytes.
fn random(count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// A prefix and 16 random base32 characters: the shape of an access key id.
pub(crate) fn random_id(prefix: &str) -> String {
    format!("{prefix}{}", symbols(&random(16), BASE32))
}

/// A prefix and 16 characters that always come out the same for the same name: the shape of `AIDA…` and `AROA…` ids.
pub(crate) fn stable_id(prefix: &str, name: &str) -> String {
    format!("{prefix}{}", symbols(&Sha256::digest(name.as_bytes())[..16], BASE32))
}

/// `length` random characters of the standard base64 alphabet.
pub(crate) fn random_base64(length: usize) -> String {
    symbols(&random(length), BASE64)
}

/// `length` random characters that are safe inside a URL.
pub(crate) fn random_url_safe(length: usize) -> String {
    symbols(&random(length), BASE64_URL)
}

/// A random UUID, the shape of an AWS request id.
pub(crate) fn request_id() -> String {
    let text = hex(&random(16));
    format!("{}-{}-4{}-a{}-{}", &text[..8], &text[8..12], &text[13..16], &text[17..20], &text[20..])
}

/// One character of `alphabet` for each byte. The alphabets' sizes divide 256, so no character is likelier than another.
fn symbols(bytes: &[u8], alphabet: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()])).collect()
}

/// Text made safe inside XML and HTML, in elements and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_read_as_authenticator_apps_write_it() {
        assert_eq!(base32_decode("GEZDGNBVGY3TQOJQ").unwrap(), b"1234567890");
        assert_eq!(base32_decode("gezd gnbv-gy3tqojq====").unwrap(), b"1234567890");
        assert!(base32_decode("GEZD1").is_none());
    }

    #[test]
    fn identifiers_have_the_shape_of_aws_identifiers() {
        assert_eq!(random_id("ASIA").len(), 20);
        assert_eq!(stable_id("AIDA", "a"), stable_id("AIDA", "a"));
        assert_ne!(stable_id("AIDA", "a"), stable_id("AIDA", "b"));
        assert_eq!(request_id().len(), 36);
        assert!(
            random_url_safe(1500)
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        );
    }

    #[test]
    fn markup_in_text_is_defused() {
        assert_eq!(escape(r#"<a href="x">'&'"#), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;");
    }
}
