//! The console: any page of it tells who is signed in, to which account, where, and for how long.

use jiff::Timestamp;

use crate::clock::{iso, seconds_between};
use crate::encoding::random_url_safe;
use crate::http::{Answer, Form, Request};
use crate::journal::Call;
use crate::page::{self, Console};
use crate::world::World;

const SIGNED_OUT: &str = "No role is signed in to this browser. Open one from Guise.";
const EXPIRED: &str = "Your session has expired. To start a new session, open the role again.";

/// A console page, or the page of a browser nobody is signed in to.
pub(crate) fn page(world: &mut World, request: &Request, now: Timestamp, call: &mut Call) -> Answer {
    let query = Form::parse(request.query.as_bytes());
    let region = query.get("region").unwrap_or(&world.data.region).to_owned();
    let sessions = request.cookie(&world.cookie_name()).and_then(|cookie| world.browsers.get_mut(&cookie));
    let Some(sessions) = sessions.filter(|sessions| !sessions.is_empty()) else {
        call.error = Some("SignedOut".into());
        return Answer::html(401, page::message("Signed out", SIGNED_OUT));
    };
    // With several identities `account` chooses, as it does in AWS's own links; the latest login is the default.
    let wanted = query.get("account");
    let chosen = sessions.iter().rposition(|session| Some(session.principal.account.as_str()) == wanted);
    let latest = sessions.len() - 1;
    let session = &mut sessions[chosen.unwrap_or(latest)];
    call.caller = Some(session.principal.arn.clone());
    if session.expires <= now {
        call.error = Some("SessionExpired".into());
        return Answer::html(401, page::message("Session expired", EXPIRED));
    }
    session.paths.push(if request.query.is_empty() {
        request.path.clone()
    } else {
        format!("{}?{}", request.path, request.query)
    });
    let session = session.clone();
    let nonce = random_url_safe(16);
    let html = page::console(&Console {
        service: &service(&request.path, &query),
        region: &region,
        account: &session.principal.account,
        account_name: &world.account_name(&session.principal.account),
        identity: session.principal.short_name(),
        policies: &session.policies.names(),
        read_only: session.policies.is_read_only(),
        left: &time_left(seconds_between(now, session.expires)),
        expires: &iso(session.expires),
        nonce: &nonce,
    });
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-{nonce}'; frame-ancestors 'none'"
    );
    Answer::html(200, html).with("content-security-policy", policy).with("cache-control", "no-store")
}

/// The service's name from the first part of the path, or from the query of a `/go/view` link.
fn service(path: &str, query: &Form) -> String {
    let first = path.split('/').find(|part| !part.is_empty()).unwrap_or("console");
    let key = if first == "go" { query.get("service").unwrap_or("console") } else { first };
    let name = match key {
        "console" => "Console Home",
        "iam" | "iamv2" => "IAM",
        "lambda" => "Lambda",
        "cloudwatch" => "CloudWatch",
        "cloudformation" => "CloudFormation",
        "dynamodb" | "dynamodbv2" => "DynamoDB",
        "systems-manager" => "Systems Manager",
        "secretsmanager" => "Secrets Manager",
        "states" => "Step Functions",
        "route53" => "Route 53",
        "athena" => "Athena",
        "glue" => "Glue",
        "billing" => "Billing",
        "cost-management" => "Cost Management",
        "organizations" => "Organizations",
        "cloudshell" => "CloudShell",
        other => return other.to_uppercase(),
    };
    name.into()
}

/// `11 h 59 min`, rounded up so that a fresh hour is an hour.
fn time_left(seconds: i64) -> String {
    let minutes = (seconds + 59) / 60;
    if minutes < 60 { format!("{minutes} min") } else { format!("{} h {} min", minutes / 60, minutes % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_is_named_after_the_path() {
        let service = |path: &str, query: &str| service(path, &Form::parse(query.as_bytes()));
        assert_eq!(service("/ec2/home", ""), "EC2");
        assert_eq!(service("/iamv2/home", ""), "IAM");
        assert_eq!(service("/", ""), "Console Home");
        assert_eq!(service("/go/view", "service=s3"), "S3");
    }

    #[test]
    fn the_time_left_is_told_in_hours_and_minutes() {
        assert_eq!(time_left(3600), "1 h 0 min");
        assert_eq!(time_left(3541), "1 h 0 min");
        assert_eq!(time_left(61), "2 min");
    }
}
