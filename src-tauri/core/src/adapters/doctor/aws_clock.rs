//! AWS's clock: the `Date` of STS's answer to a question without credentials.

use std::time::Duration;

use http_body_util::Full;
use hyper::header::DATE;
use hyper::{Request, Response};

use crate::adapters::https::Https;
use crate::arn::Region;
use crate::doctor::{AskedClock, ClockTold, host};
use crate::failure::{Refusal, classify_caller_identity};
use crate::ports::Clock;

/// For the whole answer; a little less than the look at it may take, so that the reason is still told.
const DEADLINE: Duration = Duration::from_millis(4500);
/// A question that STS answers in its own name without knowing who asks: with a refusal.
const QUESTION: &str = "?Action=GetCallerIdentity&Version=2011-06-15";
/// The header by which an answer is known to be AWS's.
const REQUEST_ID: &str = "x-amzn-requestid";

/// Asks STS of the regions, at most two, at once.
pub(super) async fn ask(clock: &dyn Clock, regions: &[Region]) -> Vec<AskedClock> {
    let https = Https::default();
    let (first, second) =
        tokio::join!(one(clock, &https, regions.first()), one(clock, &https, regions.get(1)));
    first.into_iter().chain(second).collect()
}

async fn one(clock: &dyn Clock, https: &Https, region: Option<&Region>) -> Option<AskedClock> {
    let host = host(region?);
    let told = tokio::time::timeout(DEADLINE, told(clock, https, &host)).await;
    Some(AskedClock { told: told.unwrap_or(ClockTold::Silent), host })
}

async fn told(clock: &dyn Clock, https: &Https, host: &str) -> ClockTold {
    let not = |refusal: &Refusal| ClockTold::Not(classify_caller_identity(refusal, ""));
    let Ok(request) = Request::get(format!("https://{host}/{QUESTION}")).body(Full::default()) else {
        return not(&Refusal::Local("a request could not be made".to_owned()));
    };
    let before = clock.now();
    let answer = https.send(request).await;
    let between = before + clock.now().duration_since(before) / 2;
    match answer {
        Err(refusal) => not(&refusal),
        Ok(answer) => match date(&answer) {
            Some(theirs) => ClockTold::Off(theirs.duration_since(between)),
            None => not(&Refusal::NotAws { status: answer.status().as_u16() }),
        },
    }
}

fn date<B>(answer: &Response<B>) -> Option<jiff::Timestamp> {
    answer.headers().get(REQUEST_ID)?;
    let date = answer.headers().get(DATE)?.to_str().ok()?;
    Some(jiff::fmt::rfc2822::parse(date).ok()?.timestamp())
}
