//! The listener as a browser, and as others, meet it.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::captured::Captured;

const TARGET: &str = "https://eu-west-1.signin.aws.amazon.com/federation?Action=login&SigninToken=abc";

fn role() -> Name {
    "AWSEC2FULLACCESS".parse().unwrap()
}

/// Sends a request and gives the whole answer; empty where the connection was closed or refused.
async fn ask(address: &Url, path: &str, extra: &str) -> String {
    let port = address.port().unwrap();
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)).await else { return String::new() };
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{extra}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

fn redirect() -> Answer {
    Answer::Redirect(SigninUrl::new(TARGET.into()))
}

#[tokio::test]
async fn the_browser_is_redirected_once_however_early_it_comes() {
    let _log = Captured::without(&["SigninToken=abc"]);
    let mut handoff = Handoff::default();
    let offer = handoff.offer(&role()).await.unwrap();
    let address = offer.address.clone();
    let browser = tokio::spawn(async move {
        (ask(&address, address.path(), "").await, ask(&address, address.path(), "").await)
    });
    tokio::task::yield_now().await;
    offer.answer(redirect()).await.unwrap();
    let (first, second) = browser.await.unwrap();
    assert!(first.starts_with("HTTP/1.1 303"), "{first}");
    let first = first.to_lowercase();
    for header in [
        &format!("location: {}", TARGET.to_lowercase()),
        "cache-control: no-store",
        "referrer-policy: no-referrer",
    ] {
        assert!(first.contains(header), "{first}");
    }
    assert!(second.starts_with("HTTP/1.1 410"), "{second}");
    assert!(!second.contains("SigninToken"));
}

#[tokio::test]
async fn what_is_refused_or_silent_does_not_burn_the_address() {
    let _log = Captured::without(&["SigninToken=abc"]);
    let mut handoff = Handoff::default();
    let offer = handoff.offer(&role()).await.unwrap();
    let address = offer.address.clone();
    let _silent = TcpStream::connect(("127.0.0.1", address.port().unwrap())).await.unwrap();
    assert!(ask(&address, "/guess", "").await.starts_with("HTTP/1.1 404"));
    assert!(
        ask(&address, address.path(), "Origin: https://evil.example\r\n").await.starts_with("HTTP/1.1 403")
    );
    assert!(ask(&address, address.path(), "Sec-Purpose: prefetch\r\n").await.starts_with("HTTP/1.1 403"));
    let path = address.path().to_owned();
    let browser = tokio::spawn(async move { ask(&address, &path, "").await });
    offer.answer(redirect()).await.unwrap();
    assert!(browser.await.unwrap().starts_with("HTTP/1.1 303"));
}

#[tokio::test]
async fn a_failure_is_explained_in_the_browser() {
    let _log = Captured::without(&["SigninToken=abc"]);
    let mut handoff = Handoff::default();
    let offer = handoff.offer(&role()).await.unwrap();
    let address = offer.address.clone();
    let browser = tokio::spawn(async move { ask(&address, address.path(), "").await });
    offer.answer(Answer::Explain(Failure::unknown_role("<script>alert(1)</script>"))).await.unwrap();
    let page = browser.await.unwrap();
    assert!(page.contains("There is no role <code>&lt;script&gt;"), "{page}");
    assert!(!page.contains("<script>"));
}

#[tokio::test]
async fn a_new_click_on_a_role_voids_its_pending_address_and_no_other() {
    let _log = Captured::without(&["SigninToken=abc"]);
    let mut handoff = Handoff::default();
    let old = handoff.offer(&role()).await.unwrap();
    let other = handoff.offer(&"Billing".parse().unwrap()).await.unwrap();
    let new = handoff.offer(&role()).await.unwrap();
    let old_address = old.address.clone();
    assert_eq!(old.answer(redirect()).await.unwrap_err(), Failure::superseded());
    assert!(Failure::superseded().is_cancelled(), "it is no failure");
    assert_eq!(ask(&old_address, old_address.path(), "").await, "");
    for offer in [other, new] {
        let address = offer.address.clone();
        let browser = tokio::spawn(async move { ask(&address, address.path(), "").await });
        offer.answer(redirect()).await.unwrap();
        assert!(browser.await.unwrap().starts_with("HTTP/1.1 303"));
    }
}

#[tokio::test]
async fn an_address_that_nobody_comes_for_ends() {
    let _log = Captured::without(&["SigninToken=abc"]);
    let mut handoff = Handoff::default();
    let offer = handoff.offer_for(&role(), Duration::from_millis(50)).await.unwrap();
    let address = offer.address.clone();
    assert_eq!(offer.answer(redirect()).await.unwrap_err(), Failure::browser_never_came());
    assert_eq!(ask(&address, address.path(), "").await, "");
}

#[test]
fn a_nonce_has_256_bits_and_none_is_like_another() {
    let (one, other) = (nonce().unwrap(), nonce().unwrap());
    assert_eq!((one.len(), other.len()), (64, 64));
    assert_ne!(one, other);
}
