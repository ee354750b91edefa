//! What the browser gets at the hand-off: the redirect, or a page in a person's words.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Response, StatusCode};

use super::request::Refused;
use crate::failure::Failure;
use crate::secret::SigninUrl;

/// Takes the browser to the sign-in URL, which must be kept by nobody on the way.
pub(super) fn redirect(url: &SigninUrl) -> Response<Full<Bytes>> {
    match HeaderValue::from_str(url.expose_secret()) {
        Ok(mut location) => {
            location.set_sensitive(true);
            let mut response = bare(StatusCode::SEE_OTHER, Bytes::new());
            response.headers_mut().insert(LOCATION, location);
            response
        }
        Err(_) => failed(&Failure::internal("the sign-in address is none")),
    }
}

/// Explains why nobody is signed in.
pub(super) fn failed(failure: &Failure) -> Response<Full<Bytes>> {
    page(StatusCode::OK, "Not signed in", &failure.message, failure.hint.as_deref().unwrap_or_default())
}

/// Explains why this request is not answered.
pub(super) fn refused(refused: Refused) -> Response<Full<Bytes>> {
    let message = match refused {
        Refused::Used => "this address has been used, and works once only",
        Refused::Method | Refused::Host | Refused::NotNavigation | Refused::Path => "there is nothing here",
    };
    page(refused.status(), "Not opened", message, "open the role again from the tray")
}

fn page(status: StatusCode, title: &str, message: &str, hint: &str) -> Response<Full<Bytes>> {
    let message = marked_up(&capital(message));
    let hint = match hint {
        "" => String::new(),
        hint => format!("<p class=hint>{}</p>", marked_up(&capital(hint)).replace('\n', "<br>")),
    };
    // Sizes follow the browser's own, and what is long breaks: both for who needs large text.
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <title>{title} – Guise</title><style>\
         :root{{color-scheme:light dark}}body{{font:1rem/1.5 system-ui,sans-serif;max-width:40em;margin:0 auto;padding:16vh 24px}}\
         h1{{font-size:1.5rem}}main{{overflow-wrap:anywhere}}p.hint{{border-left:1px solid;padding-left:16px}}\
         </style><main><h1>{title}</h1><p>{message}</p>{hint}</main></html>"
    );
    let mut response = bare(status, html.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    );
    response
}

fn bare(status: StatusCode, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// With a capital where it begins with a word; a value in backticks and a command are none.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if !text.starts_with("guise ") => first.to_uppercase().chain(letters).collect(),
        Some(_) | None => text.to_owned(),
    }
}

/// Escaped, with what stands in backticks set as code.
fn marked_up(text: &str) -> String {
    let escaped = escaped(text);
    let parts: Vec<&str> = escaped.split('`').collect();
    // A backtick without its other half is a backtick.
    if parts.len().is_multiple_of(2) {
        return escaped;
    }
    let part = |(index, part): (usize, &&str)| {
        if index.is_multiple_of(2) { (*part).to_owned() } else { format!("<code>{part}</code>") }
    };
    parts.iter().enumerate().map(part).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_set_as_code_and_markup_is_text() {
        assert_eq!(marked_up("let `a<b>` in"), "let <code>a&lt;b&gt;</code> in");
        assert_eq!(marked_up("a ` b"), "a ` b");
    }

    #[test]
    fn a_sentence_begins_with_a_capital_and_a_command_or_a_name_stays_as_it_is() {
        assert_eq!(capital("open the role again"), "Open the role again");
        assert_eq!(capital("`ada` is nobody"), "`ada` is nobody");
        assert_eq!(capital("guise role list shows them"), "guise role list shows them");
        assert_eq!(capital(""), "");
    }
}
