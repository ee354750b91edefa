//! Credentials that come from somewhere else than STS: the access portal of Identity Center, and the metadata service of a machine.

use jiff::Timestamp;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use crate::clock::{iso, later};
use crate::encoding::random_url_safe;
use crate::http::{Answer, Form, Request};
use crate::journal::Call;
use crate::session::{Origin, Principal, Session};
use crate::world::World;

/// Where the access portal answers.
pub(crate) const PORTAL: &str = "/federation/credentials";
/// Where the metadata service answers.
pub(crate) const METADATA: &str = "/latest/";
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
/// How long what is handed out lasts.
const SECONDS: i64 = 3600;

/// `GetRoleCredentials` of the access portal: the role that a permission set has in an account ("SSO portal" of the service model).
pub(crate) fn portal(world: &mut World, request: &Request, now: Timestamp, call: &mut Call) -> Answer {
    let query = Form::parse(request.query.as_bytes());
    let (account, name) =
        (query.get("account_id").unwrap_or_default(), query.get("role_name").unwrap_or_default());
    let offered = request.header("x-amz-sso_bearer_token").unwrap_or_default();
    let good = world
        .data
        .portal_token
        .as_ref()
        .is_some_and(|token| bool::from(token.reveal().as_bytes().ct_eq(offered.as_bytes())));
    if !good {
        return refuse(call, 401, "UnauthorizedException", "Session token not found or invalid");
    }
    // IAM knows the permission set `Developer` as `AWSReservedSSO_Developer_` and sixteen digits.
    let front = format!("AWSReservedSSO_{name}_");
    let data = &world.data;
    let role = data
        .roles
        .iter()
        .find(|role| role.name.starts_with(&front) && data.account_of(&role.account).id == account)
        .map(|role| data.role_arn(role));
    let Some(arn) = role.filter(|_| !name.is_empty()) else {
        return refuse(call, 403, "ForbiddenException", "No access");
    };
    let session = issue(world, &arn, "ada@example.com", Origin::FirstRole, now);
    call.role = Some(arn);
    let body = json!({ "roleCredentials": {
        "accessKeyId": session.key_id,
        "secretAccessKey": session.secret.reveal(),
        "sessionToken": session.token.reveal(),
        "expiration": session.expires.as_millisecond(),
    }});
    Answer::json(200, &body)
}

/// Version 2 of the metadata service: first a token, then with it the name of the role, then its credentials.
pub(crate) fn metadata(world: &mut World, request: &Request, now: Timestamp, call: &mut Call) -> Answer {
    if (request.method.as_str(), request.path.as_str()) == ("PUT", "/latest/api/token") {
        let ttl = request.header("x-aws-ec2-metadata-token-ttl-seconds");
        if ttl.and_then(|text| text.parse::<u32>().ok()).is_none_or(|ttl| ttl == 0) {
            return Answer::new(400, "text/plain", "");
        }
        let token = random_url_safe(56);
        world.metadata_tokens.insert(token.clone());
        return Answer::new(200, "text/plain", token).with("x-aws-ec2-metadata-token-ttl-seconds", "21600");
    }
    let token = request.header("x-aws-ec2-metadata-token").unwrap_or_default();
    if !world.metadata_tokens.contains(&token) {
        call.error = Some("Unauthorized".into());
        return Answer::new(401, "text/plain", "");
    }
    let role = world.data.instance_role.clone().filter(|arn| world.data.role(arn).is_some());
    let (Some(arn), Some(name)) = (role, request.path.strip_prefix(ROLES)) else {
        call.error = Some("NotFound".into());
        return Answer::new(404, "text/plain", "");
    };
    let role_name = arn.rsplit('/').next().unwrap_or_default().to_owned();
    match name {
        "" => Answer::new(200, "text/plain", role_name),
        name if name == role_name => {
            let session = issue(world, &arn, "i-0123456789abcdef0", Origin::Instance, now);
            call.role = Some(arn);
            Answer::json(200, &machine_credentials(&session, now))
        }
        _ => {
            call.error = Some("NotFound".into());
            Answer::new(404, "text/plain", "")
        }
    }
}

fn machine_credentials(session: &Session, now: Timestamp) -> Value {
    json!({
        "Code": "Success",
        "LastUpdated": iso(now),
        "Type": "AWS-HMAC",
        "AccessKeyId": session.key_id,
        "SecretAccessKey": session.secret.reveal(),
        "Token": session.token.reveal(),
        "Expiration": iso(session.expires),
    })
}

/// Credentials of a role that nobody had to assume.
fn issue(world: &mut World, arn: &str, session_name: &str, origin: Origin, now: Timestamp) -> Session {
    let role = arn.rsplit('/').next().unwrap_or_default();
    let mut parts = arn.splitn(6, ':').skip(1);
    let partition = parts.next().unwrap_or_default();
    let account = parts.nth(2).unwrap_or_default();
    let principal = Principal::role(account, partition, arn, role, session_name);
    let session = Session::issue(principal, origin, later(now, SECONDS));
    world.sessions.insert(session.key_id.clone(), session.clone());
    session
}

fn refuse(call: &mut Call, status: u16, code: &'static str, message: &str) -> Answer {
    call.error = Some(code.into());
    Answer::json(status, &json!({ "message": message, "__type": code })).with("x-amzn-errortype", code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::journal::CallKind;

    const DEVELOPER: &str = "/federation/credentials?role_name=Developer&account_id=111122223333";

    fn now() -> Timestamp {
        "2026-01-02T03:04:05Z".parse().unwrap()
    }

    fn ask(world: &mut World, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
        let request = Request::for_test(method, target, headers, "");
        let mut call = Call::new(CallKind::Portal, "");
        if target.starts_with(PORTAL) {
            portal(world, &request, now(), &mut call)
        } else {
            metadata(world, &request, now(), &mut call)
        }
    }

    #[test]
    fn the_portal_gives_credentials_of_a_permission_set_to_who_holds_its_token() {
        let mut world = World::new(Data::tutorial(), "http://127.0.0.1:1".into());
        let token = world.data.portal_token.clone().unwrap();
        let header = [("x-amz-sso_bearer_token", token.reveal())];
        let answer = ask(&mut world, "GET", DEVELOPER, &header);
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        // In milliseconds, unlike everywhere else.
        assert_eq!(body["roleCredentials"]["expiration"], 1_767_326_645_000_i64);
        let id = body["roleCredentials"]["accessKeyId"].as_str().unwrap();
        assert!(world.sessions[id].principal.arn.contains("assumed-role/AWSReservedSSO_Developer_"));
        let wrong = ask(&mut world, "GET", DEVELOPER, &[("x-amz-sso_bearer_token", "another")]);
        assert_eq!(wrong.status, 401);
        assert_eq!(ask(&mut world, "GET", DEVELOPER, &[]).status, 401);
        let nobody = ask(&mut world, "GET", &DEVELOPER.replace("Developer", "Nobody"), &header);
        assert_eq!(nobody.status, 403);
    }

    #[test]
    fn a_machine_gets_the_credentials_of_its_role_for_a_token() {
        let mut world = World::new(Data::tutorial(), "http://127.0.0.1:1".into());
        world.data.instance_role = Some("arn:aws:iam::111122223333:role/AWSEC2FULLACCESS".into());
        assert_eq!(ask(&mut world, "GET", ROLES, &[]).status, 401);
        let ttl = [("x-aws-ec2-metadata-token-ttl-seconds", "21600")];
        let token = ask(&mut world, "PUT", "/latest/api/token", &ttl).body;
        let header = [("x-aws-ec2-metadata-token", token.as_str())];
        assert_eq!(ask(&mut world, "GET", ROLES, &header).body, "AWSEC2FULLACCESS");
        let credentials = ask(&mut world, "GET", &format!("{ROLES}AWSEC2FULLACCESS"), &header);
        let body: Value = serde_json::from_str(&credentials.body).unwrap();
        assert_eq!(body["Expiration"], "2026-01-02T04:04:05Z");
        let session = &world.sessions[body["AccessKeyId"].as_str().unwrap()];
        assert!(matches!(session.origin, Origin::Instance));
        assert_eq!(ask(&mut world, "GET", &format!("{ROLES}Another"), &header).status, 404);
        assert_eq!(ask(&mut world, "GET", "/latest/meta-data/hostname", &header).status, 404);
    }
}
