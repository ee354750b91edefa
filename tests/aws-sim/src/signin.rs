//! The sign-in endpoint: credentials become a sign-in token, a sign-in token becomes a browser's cookie, and signing out takes it away.

use jiff::Timestamp;
use serde::Deserialize;
use subtle::ConstantTimeEq;
use url::Url;

use crate::clock::{later, seconds_between};
use crate::elsewhere;
use crate::encoding::random_url_safe;
use crate::http::{Answer, Form, Request};
use crate::journal::Call;
use crate::page;
use crate::session::Origin;
use crate::world::{ConsoleSession, Lifetime, SigninToken, World};

/// How long a sign-in token may be used.
const TOKEN_SECONDS: i64 = 15 * 60;
/// How many identities a browser holds when it holds several.
const MOST_SESSIONS: usize = 5;
const INVALID_LINK: &str =
    "The credentials in your login link were invalid. Please contact your administrator.";
const LOG_OUT_FIRST: &str = "You must first log out before logging into a different AWS account. To logout, \
                             <a id=\"logout\" href=\"/oauth?Action=logout\">click here</a>";

/// The session document of `getSigninToken`.
#[derive(Deserialize)]
struct Credentials {
    #[serde(rename = "sessionId")]
    id: String,
    #[serde(rename = "sessionKey")]
    key: String,
    #[serde(rename = "sessionToken")]
    token: String,
}

/// `/federation`.
pub(crate) fn federation(world: &mut World, request: &Request, now: Timestamp, call: &mut Call) -> Answer {
    let form = request.form();
    call.duration = form.get("SessionDuration").map(str::to_owned);
    let answer = match form.get("Action") {
        Some("getSigninToken") => signin_token(world, &form, now, call),
        Some("login") => login(world, request, &form, now, call),
        _ => Err("Invalid Action"),
    };
    answer.unwrap_or_else(|reason| {
        call.error = Some(reason.into());
        Answer::html(400, page::bad_request(400, reason))
    })
}

/// Exchanges credentials. AWS gives no reason for a refusal in its page; ours goes to the journal in the caller's stead.
fn signin_token(
    world: &mut World,
    form: &Form,
    now: Timestamp,
    call: &mut Call,
) -> Result<Answer, &'static str> {
    const REFUSED: &str = "Invalid credentials parameter";
    let text = form.get("Session").ok_or("Missing Session parameter")?;
    let offered: Credentials = serde_json::from_str(text).map_err(|_| REFUSED)?;
    let session = world.sessions.get(&offered.id).ok_or(REFUSED)?;
    let same = |left: &str, right: &str| bool::from(left.as_bytes().ct_eq(right.as_bytes()));
    if !same(&offered.key, session.secret.reveal()) || !same(&offered.token, session.token.reveal()) {
        return Err(REFUSED);
    }
    call.caller = Some(session.principal.arn.clone());
    let role = session.principal.role_arn.as_deref().and_then(|arn| world.data.role(arn));
    if session.expires <= now || role.is_none() {
        return Err(REFUSED);
    }
    let lifetime = match (form.get("SessionDuration"), &session.origin) {
        (_, Origin::SessionToken { .. }) => return Err(REFUSED),
        (Some(_), Origin::ChainedRole) => return Err("Invalid SessionDuration parameter"),
        (Some(text), Origin::FirstRole | Origin::Instance) => {
            let seconds = text.parse().ok().filter(|seconds| (900..=43_200).contains(seconds));
            Lifetime::Seconds(seconds.ok_or("Invalid SessionDuration parameter")?)
        }
        (None, Origin::FirstRole | Origin::ChainedRole | Origin::Instance) => {
            Lifetime::Until(session.expires)
        }
    };
    let token = random_url_safe(1500);
    let (principal, policies) = (session.principal.clone(), session.policies.clone());
    world.issued_tokens.push(token.clone().into());
    world.signin_tokens.insert(token.clone(), SigninToken { principal, policies, issued: now, lifetime });
    Ok(Answer::json(200, &serde_json::json!({ "SigninToken": token })))
}

/// Signs a browser in and sends it on.
fn login(
    world: &mut World,
    request: &Request,
    form: &Form,
    now: Timestamp,
    call: &mut Call,
) -> Result<Answer, &'static str> {
    let destination = form.get("Destination").ok_or("Missing Destination parameter")?;
    let destination = Url::parse(destination).map_err(|_| "Invalid Destination parameter")?;
    if !world.is_own(&destination) || is_reserved(destination.path()) {
        return Err("Invalid Destination parameter");
    }
    let mut refuse = |word: &str, title: &str, inner: &str| {
        call.error = Some(word.into());
        Ok(Answer::html(400, page::message(title, inner)))
    };
    let offered = form.get("SigninToken").unwrap_or_default();
    let found =
        world.signin_tokens.get(offered).filter(|token| seconds_between(token.issued, now) <= TOKEN_SECONDS);
    let Some(token) = found.cloned() else {
        return refuse("InvalidSigninToken", "Your sign-in link does not work", INVALID_LINK);
    };
    let expires = match token.lifetime {
        Lifetime::Until(end) => end,
        Lifetime::Seconds(seconds) => later(now, seconds),
    };
    if expires <= now {
        return refuse("InvalidSigninToken", "Your sign-in link does not work", INVALID_LINK);
    }
    let cookie = request.cookie(&world.cookie_name()).filter(|value| world.browsers.contains_key(value));
    let mut sessions =
        cookie.as_ref().and_then(|value| world.browsers.get(value)).cloned().unwrap_or_default();
    sessions.retain(|session| session.expires > now);
    // The same identity takes the place of its earlier session.
    let earlier = sessions
        .iter()
        .position(|session| session.principal == token.principal)
        .map(|index| sessions.remove(index));
    if !sessions.is_empty() && !world.data.multi_session {
        return refuse("LogOutFirst", "Log out first", LOG_OUT_FIRST);
    }
    if sessions.len() >= MOST_SESSIONS {
        call.error = Some("TooManySessions".into());
        return Ok(Answer::redirect("/sessions/limit"));
    }
    call.caller = Some(token.principal.arn.clone());
    world.logins += 1;
    let paths = earlier.map(|session| session.paths).unwrap_or_default();
    let (principal, policies) = (token.principal, token.policies);
    sessions.push(ConsoleSession { number: world.logins, principal, policies, expires, paths });
    world.signin_tokens.remove(offered);
    // A fresh value at every login, so that one planted before it is worth nothing.
    if let Some(old) = cookie {
        world.browsers.remove(&old);
    }
    let value = random_url_safe(32);
    let header = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", world.cookie_name());
    world.browsers.insert(value, sessions);
    Ok(Answer::redirect(destination.as_str()).with("set-cookie", header))
}

/// Addresses of the simulator that are no console pages.
fn is_reserved(path: &str) -> bool {
    path.starts_with("/_sim")
        || path.starts_with("/federation")
        || path.starts_with(elsewhere::METADATA)
        || path == "/oauth"
}

/// `/oauth?Action=logout`.
pub(crate) fn oauth(world: &mut World, request: &Request, call: &mut Call) -> Answer {
    let form = request.form();
    let mut refuse = |reason: &str| {
        call.error = Some(reason.into());
        Answer::html(400, page::bad_request(400, reason))
    };
    if form.get("Action") != Some("logout") {
        return refuse("Invalid Action");
    }
    let onward = match form.get("redirect_uri").map(Url::parse) {
        None => None,
        // With several identities the address means something else, and AWS refuses it.
        Some(_) if world.data.multi_session => return refuse("Invalid redirect_uri parameter"),
        Some(Ok(address)) if world.is_own(&address) => Some(address),
        Some(_) => return refuse("Invalid redirect_uri parameter"),
    };
    let name = world.cookie_name();
    if let Some(value) = request.cookie(&name) {
        world.browsers.remove(&value);
    }
    let answer = match onward {
        Some(address) => Answer::redirect(address.as_str()),
        None => {
            Answer::html(200, page::message("Signed out", "You are signed out of the simulated console."))
        }
    };
    answer.with("set-cookie", format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"))
}

/// The page of a browser that holds as many identities as it can.
pub(crate) fn limit() -> Answer {
    Answer::html(
        200,
        page::message(
            "Session limit reached",
            "This browser holds five identities already. Sign out of one of them.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::journal::CallKind;
    use crate::session::{Principal, Session};

    const BASE: &str = "http://127.0.0.1:1";
    const ADA: &str = "AWSEC2FULLACCESS";

    struct Test {
        world: World,
        now: Timestamp,
    }

    impl Test {
        fn new() -> Self {
            Self {
                world: World::new(Data::tutorial(), BASE.into()),
                now: "2026-01-02T03:04:05Z".parse().unwrap(),
            }
        }

        /// Credentials of a role that last an hour, as the session document.
        fn credentials(&mut self, role: &str, origin: Origin) -> String {
            let arn = format!("arn:aws:iam::111122223333:role/{role}");
            let principal = Principal::role("111122223333", "aws", &arn, role, "ada");
            let session = Session::issue(principal, origin, later(self.now, 3600));
            let document = serde_json::json!({
                "sessionId": session.key_id, "sessionKey": session.secret.reveal(), "sessionToken": session.token.reveal(),
            });
            self.world.sessions.insert(session.key_id.clone(), session);
            document.to_string()
        }

        fn send(&mut self, path: &str, form: &[(&str, &str)], cookie: &str) -> Answer {
            let query: String =
                url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
            let request = Request::for_test("GET", &format!("{path}?{query}"), &[("cookie", cookie)], "");
            let mut call = Call::new(CallKind::Signin, "");
            match path {
                "/oauth" => oauth(&mut self.world, &request, &mut call),
                "/federation" => federation(&mut self.world, &request, self.now, &mut call),
                _ => crate::console::page(&mut self.world, &request, self.now, &mut call),
            }
        }

        fn exchange(&mut self, session: &str, duration: Option<&str>) -> Answer {
            let mut form = vec![("Action", "getSigninToken"), ("Session", session)];
            form.extend(duration.map(|seconds| ("SessionDuration", seconds)));
            self.send("/federation", &form, "")
        }

        fn token(&mut self, role: &str, duration: Option<&str>) -> String {
            let session = self.credentials(role, Origin::FirstRole);
            let answer = self.exchange(&session, duration);
            let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
            body["SigninToken"].as_str().unwrap().to_owned()
        }

        fn login(&mut self, token: &str, destination: &str, cookie: &str) -> Answer {
            self.send(
                "/federation",
                &[("Action", "login"), ("Destination", destination), ("SigninToken", token)],
                cookie,
            )
        }

        /// Signs in and gives the browser's cookie.
        fn signed_in(&mut self, role: &str, duration: Option<&str>) -> String {
            let token = self.token(role, duration);
            let answer = self.login(&token, &format!("{BASE}/ec2/home"), "");
            header(&answer, "set-cookie").split(';').next().unwrap().to_owned()
        }
    }

    fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
        &answer.headers.iter().find(|(known, _)| *known == name).unwrap().1
    }

    #[test]
    fn a_sign_in_token_opens_the_destination_once() {
        let mut test = Test::new();
        let token = test.token(ADA, Some("43200"));
        assert!(token.len() > 1000);
        let destination = format!("{BASE}/ec2/home?region=eu-west-1#Instances:");
        let answer = test.login(&token, &destination, "");
        assert_eq!((answer.status, header(&answer, "location")), (302, destination.as_str()));
        let again = test.login(&token, &destination, "");
        assert!(again.status == 400 && again.body.contains(INVALID_LINK));
    }

    #[test]
    fn a_sign_in_token_lasts_a_quarter_of_an_hour() {
        let mut test = Test::new();
        let token = test.token(ADA, None);
        test.now = later(test.now, TOKEN_SECONDS + 1);
        assert_eq!(test.login(&token, BASE, "").status, 400);
        test.now = later(test.now, -1);
        assert_eq!(test.login(&token, BASE, "").status, 302);
    }

    #[test]
    fn only_role_credentials_that_still_live_are_exchanged() {
        let mut test = Test::new();
        let session_token = test.credentials(ADA, Origin::SessionToken { mfa_at: None });
        assert_eq!(test.exchange(&session_token, None).status, 400);
        let good = test.credentials(ADA, Origin::FirstRole);
        assert_eq!(test.exchange(&good.replace("sessionKey\":\"", "sessionKey\":\"x"), None).status, 400);
        assert_eq!(test.exchange("{}", None).status, 400);
        assert!(test.exchange("no", None).body.contains("HTTP Status 400 – Bad Request"));
        assert_eq!(test.exchange(&good, None).status, 200);
        test.now = later(test.now, 3600);
        assert_eq!(test.exchange(&good, None).status, 400);
    }

    #[test]
    fn a_duration_goes_with_a_first_role_and_within_bounds() {
        let mut test = Test::new();
        let chained = test.credentials(ADA, Origin::ChainedRole);
        assert_eq!(test.exchange(&chained, Some("900")).status, 400);
        assert_eq!(test.exchange(&chained, None).status, 200);
        let first = test.credentials(ADA, Origin::FirstRole);
        for (seconds, status) in [("899", 400), ("900", 200), ("43200", 200), ("43201", 400), ("x", 400)] {
            assert_eq!(test.exchange(&first, Some(seconds)).status, status, "{seconds}");
        }
    }

    #[test]
    fn a_destination_elsewhere_is_refused_and_leaves_the_token_good() {
        let mut test = Test::new();
        let token = test.token(ADA, None);
        for elsewhere in [
            "https://example.com/",
            "http://127.0.0.1:2/",
            "http://x@127.0.0.1:1/",
            "/ec2",
            "http://127.0.0.1:1/_sim/calls",
        ] {
            assert_eq!(test.login(&token, elsewhere, "").status, 400, "{elsewhere}");
        }
        assert_eq!(test.login(&token, "http://localhost:1/s3/buckets", "").status, 302);
    }

    #[test]
    fn another_identity_has_to_log_out_first_and_the_same_one_does_not() {
        let mut test = Test::new();
        let cookie = test.signed_in(ADA, None);
        let token = test.token("ReadOnly", None);
        let answer = test.login(&token, BASE, &cookie);
        assert!(answer.body.contains("You must first log out before logging into a different AWS account."));
        assert!(test.send("/oauth", &[("Action", "logout")], &cookie).body.contains("signed out"));
        assert_eq!(test.login(&token, BASE, &cookie).status, 302);
        let cookie = test.signed_in(ADA, None);
        let same = test.token(ADA, None);
        assert_eq!(test.login(&same, BASE, &cookie).status, 302);
    }

    #[test]
    fn with_several_sessions_nobody_has_to_log_out() {
        let mut test = Test::new();
        test.world.data.multi_session = true;
        let cookie = test.signed_in(ADA, None);
        let token = test.token("ReadOnly", None);
        assert_eq!(header(&test.login(&token, BASE, &cookie), "location"), format!("{BASE}/"));
        assert_eq!(test.world.console_visits(test.now).len(), 2);
        assert_eq!(test.send("/oauth", &[("Action", "logout"), ("redirect_uri", BASE)], &cookie).status, 400);
    }

    #[test]
    fn signing_out_goes_on_only_to_an_address_of_its_own() {
        let mut test = Test::new();
        let own = format!("{BASE}/federation?Action=login");
        assert_eq!(
            header(&test.send("/oauth", &[("Action", "logout"), ("redirect_uri", &own)], ""), "location"),
            own
        );
        assert_eq!(
            test.send("/oauth", &[("Action", "logout"), ("redirect_uri", "https://example.com/")], "").status,
            400
        );
    }

    #[test]
    fn the_console_marks_a_session_that_only_reads_and_names_other_session_policies() {
        let mut test = Test::new();
        let read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess";
        for (inline, arns, marked, named) in [
            (None, vec![read_only], true, "ReadOnlyAccess"),
            (Some("{}"), vec![read_only], false, "ReadOnlyAccess, a policy of this session"),
            (None, vec![read_only, "arn:aws:iam::aws:policy/PowerUserAccess"], false, "PowerUserAccess"),
            (Some("{}"), vec![], false, "a policy of this session"),
            (None, vec![], false, ""),
        ] {
            let session = test.credentials(ADA, Origin::FirstRole);
            let id: serde_json::Value = serde_json::from_str(&session).unwrap();
            let narrowed = test.world.sessions.get_mut(id["sessionId"].as_str().unwrap()).unwrap();
            narrowed.policies.inline = inline.map(str::to_owned);
            narrowed.policies.arns = arns.iter().map(ToString::to_string).collect();
            let answer = test.exchange(&session, None);
            let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
            let answer = test.login(body["SigninToken"].as_str().unwrap(), BASE, "");
            let cookie = header(&answer, "set-cookie").split(';').next().unwrap().to_owned();
            let page = test.send("/ec2/home", &[], &cookie).body;
            assert_eq!(page.contains(">read-only<"), marked, "{page}");
            assert_eq!(page.contains("id=\"session-policies\""), !named.is_empty(), "{page}");
            assert!(page.contains(named), "{page}");
            let visits = test.world.console_visits(test.now);
            assert_eq!(visits.last().unwrap().read_only, marked);
            assert!(visits.last().unwrap().policies.join(", ").contains(named));
        }
    }

    #[test]
    fn the_console_tells_who_is_signed_in_and_for_how_long() {
        let mut test = Test::new();
        assert!(test.send("/ec2/home", &[], "").body.contains("Signed out"));
        let cookie = test.signed_in(ADA, Some("43200"));
        let body = test.send("/ec2/home", &[("region", "eu-west-1")], &cookie).body;
        assert!(
            body.contains("<title>EC2 | eu-west-1 | AWSEC2FULLACCESS/ada – simulated AWS console</title>"),
            "{body}"
        );
        for expected in [
            "id=\"service\">EC2<",
            "id=\"region\">eu-west-1<",
            "id=\"account\">1111 2222 3333<",
            "acme-dev",
            "id=\"identity\">assumed-role/AWSEC2FULLACCESS/ada<",
            "12 h 0 min",
            "id=\"fragment\"",
        ] {
            assert!(body.contains(expected), "{expected}");
        }
        assert_eq!(test.world.console_visits(test.now)[0].paths, ["/ec2/home?region=eu-west-1"]);
        assert!(!test.send("/<b>", &[("region", "<i>")], &cookie).body.contains("<i>"));
        test.now = later(test.now, 43_200);
        assert!(test.send("/ec2/home", &[], &cookie).body.contains("Your session has expired"));
    }
}
