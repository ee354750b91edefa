//! Which request is the browser's, and why another is not.

use hyper::header::{HOST, HeaderMap, ORIGIN, REFERER};
use hyper::{Method, Request, StatusCode};
use subtle::ConstantTimeEq;

/// What the one good request looks like.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) nonce: String,
    pub(super) port: u16,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Not a GET.
    Method,
    /// Not for the address that we gave out: a name that was bent to this computer.
    Host,
    /// Made by a web page, or not a page of its own that the person opens.
    NotNavigation,
    /// Not the nonce.
    Path,
    /// The nonce was used already.
    Used,
}

impl Refused {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Refused::Method => StatusCode::METHOD_NOT_ALLOWED,
            Refused::Host | Refused::NotNavigation => StatusCode::FORBIDDEN,
            Refused::Path => StatusCode::NOT_FOUND,
            Refused::Used => StatusCode::GONE,
        }
    }
}

impl Expected {
    pub(super) fn check<B>(&self, request: &Request<B>) -> Result<(), Refused> {
        if request.method() != Method::GET {
            return Err(Refused::Method);
        }
        let headers = request.headers();
        let host = format!("127.0.0.1:{}", self.port);
        // A browser sends the bare path; a request in absolute form is a proxy's.
        if only(headers, HOST.as_str()) != Some(host.as_bytes()) || request.uri().authority().is_some() {
            return Err(Refused::Host);
        }
        if headers.contains_key(ORIGIN) || headers.contains_key(REFERER) || !is_navigation(headers) {
            return Err(Refused::NotNavigation);
        }
        let path = format!("/{}", self.nonce);
        let asked = request.uri().path_and_query().map_or("", |path| path.as_str());
        if bool::from(asked.as_bytes().ct_eq(path.as_bytes())) { Ok(()) } else { Err(Refused::Path) }
    }
}

/// Whether the request opens a page at the top, as far as the browser tells: every `Sec-Fetch-*` that is sent must say so.
fn is_navigation(headers: &HeaderMap) -> bool {
    let says = |name: &str, allowed: &[&str]| {
        let mut values = headers.get_all(name).iter();
        values.all(|value| allowed.iter().any(|each| value.as_bytes() == each.as_bytes()))
    };
    says("sec-fetch-mode", &["navigate"])
        && says("sec-fetch-dest", &["document"])
        && says("sec-fetch-site", &["none"])
        && says("sec-fetch-user", &["?1"])
        && !headers.contains_key("sec-purpose")
        && !headers.contains_key("purpose")
}

fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    values.next().is_none().then(|| first.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(method: &str, uri: &str, headers: &[(&str, &str)]) -> Result<(), Refused> {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Expected { nonce: "abc".into(), port: 4000 }.check(&request.body(()).unwrap())
    }

    #[test]
    fn only_a_top_level_navigation_of_the_person_is_accepted() {
        let host = ("host", "127.0.0.1:4000");
        let browser = [
            host,
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
            ("sec-fetch-site", "none"),
            ("sec-fetch-user", "?1"),
        ];
        assert_eq!(checked("GET", "/abc", &[host]), Ok(()));
        assert_eq!(checked("GET", "/abc", &browser), Ok(()));
        for (method, uri, headers, refused) in [
            ("POST", "/abc", vec![host], Refused::Method),
            ("HEAD", "/abc", vec![host], Refused::Method),
            ("OPTIONS", "/abc", vec![host], Refused::Method),
            ("GET", "/abc", vec![], Refused::Host),
            ("GET", "/abc", vec![("host", "localhost:4000")], Refused::Host),
            ("GET", "/abc", vec![("host", "evil.example:4000")], Refused::Host),
            ("GET", "/abc", vec![("host", "127.0.0.1:4001")], Refused::Host),
            ("GET", "/abc", vec![("host", "127.0.0.1")], Refused::Host),
            ("GET", "/abc", vec![host, host], Refused::Host),
            ("GET", "http://127.0.0.1:4000/abc", vec![host], Refused::Host),
            ("GET", "/abc", vec![host, ("origin", "https://evil.example")], Refused::NotNavigation),
            ("GET", "/abc", vec![host, ("origin", "null")], Refused::NotNavigation),
            ("GET", "/abc", vec![host, ("referer", "https://evil.example/")], Refused::NotNavigation),
            ("GET", "/abc", vec![host, ("sec-fetch-mode", "no-cors")], Refused::NotNavigation),
            ("GET", "/abc", vec![host, ("sec-fetch-dest", "iframe")], Refused::NotNavigation),
            ("GET", "/abc", vec![host, ("sec-fetch-dest", "image")], Refused::NotNavigation),
            ("GET", "/abc", vec![host, ("sec-fetch-site", "cross-site")], Refused::NotNavigation),
            ("GET", "/abc", vec![host, ("sec-purpose", "prefetch")], Refused::NotNavigation),
            ("GET", "/abd", vec![host], Refused::Path),
            ("GET", "/ab", vec![host], Refused::Path),
            ("GET", "/abc/", vec![host], Refused::Path),
            ("GET", "/abc?x=1", vec![host], Refused::Path),
            ("GET", "/", vec![host], Refused::Path),
        ] {
            assert_eq!(checked(method, uri, &headers), Err(refused), "{method} {uri} {headers:?}");
        }
    }
}
