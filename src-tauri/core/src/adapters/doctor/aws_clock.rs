//! AWS's clock: the `Date` of STS's answer to a question without credentials.

use std::error::Error as StdError;
use std::io::ErrorKind;
use std::time::Duration;

use reqwest::header::DATE;
use reqwest::{Client, Response, redirect};

use crate::arn::Region;
use crate::doctor::{AskedClock, ClockTold, Environment, host, proxy_for};
use crate::ports::Clock;

/// For the whole answer; a little less than the look at it may take, so that the reason is still told.
const DEADLINE: Duration = Duration::from_millis(4500);
/// A question that STS answers in its own name without knowing who asks: with a refusal.
const QUESTION: &str = "?Action=GetCallerIdentity&Version=2011-06-15";
/// The header by which an answer is known to be AWS's.
const REQUEST_ID: &str = "x-amzn-requestid";

/// Asks STS of the regions, all at once.
pub(super) async fn ask(clock: &dyn Clock, environment: &Environment, regions: &[Region]) -> Vec<AskedClock> {
    let (first, second) =
        tokio::join!(one(clock, environment, regions.first()), one(clock, environment, regions.get(1)));
    first.into_iter().chain(second).collect()
}

async fn one(clock: &dyn Clock, environment: &Environment, region: Option<&Region>) -> Option<AskedClock> {
    let host = host(region?);
    let told = tokio::time::timeout(DEADLINE, told(clock, environment, &host)).await;
    Some(AskedClock { told: told.unwrap_or(ClockTold::Silent), host })
}

async fn told(clock: &dyn Clock, environment: &Environment, host: &str) -> ClockTold {
    let address = format!("https://{host}/");
    let has_proxy = proxy_for(environment, &address).is_some();
    // Asked apart, because the client's own error does not tell a name without an address from the rest.
    if !has_proxy && tokio::net::lookup_host((host, 443)).await.is_err() {
        return ClockTold::NoName;
    }
    let Ok(client) = Client::builder().redirect(redirect::Policy::none()).timeout(DEADLINE).build() else {
        return ClockTold::Unreachable;
    };
    let before = clock.now();
    let answer = client.get(format!("{address}{QUESTION}")).send().await;
    let between = before + clock.now().duration_since(before) / 2;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return why(&error, has_proxy),
    };
    match date(&answer) {
        Some(theirs) => ClockTold::Off(theirs.duration_since(between)),
        None => ClockTold::NotAws(answer.status().as_u16()),
    }
}

fn date(answer: &Response) -> Option<jiff::Timestamp> {
    answer.headers().get(REQUEST_ID)?;
    let date = answer.headers().get(DATE)?.to_str().ok()?;
    Some(jiff::fmt::rfc2822::parse(date).ok()?.timestamp())
}

fn why(error: &reqwest::Error, has_proxy: bool) -> ClockTold {
    if error.is_timeout() {
        return ClockTold::Silent;
    }
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    let mut kind = None;
    while let Some(each) = cause {
        kind = each.downcast_ref::<std::io::Error>().map(std::io::Error::kind).or(kind);
        cause = each.source();
    }
    match kind {
        // TLS refuses a certificate so.
        Some(ErrorKind::InvalidData) => ClockTold::Untrusted,
        _ if has_proxy => ClockTold::Proxy,
        Some(ErrorKind::ConnectionRefused) => ClockTold::Refused,
        _ => ClockTold::Unreachable,
    }
}
