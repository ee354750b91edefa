//! The federation exchange as values: what is posted, what is read back, and the address that signs a browser in.
//!
//! Credentials travel in the body of a POST, never in an address: AWS takes both, and addresses end up in logs.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode, utf8_percent_encode};
use serde::Deserialize;
use url::Url;
use zeroize::Zeroizing;

use super::{Destination, Hosts};
use crate::arn::Region;
use crate::failure::Failure;
use crate::keychain::json_string;
use crate::secret::{ExposeSecret, SecretString, SigninToken, SigninUrl, TemporaryCredentials};
use crate::session::SessionDuration;

/// Everything but RFC 3986's unreserved characters.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Session tokens have at most 4 kB, by AWS's own word on their size.
const LARGEST_SESSION: usize = 16 * 1024;

/// Whether the console may be asked for a duration of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendDuration {
    /// The credentials came straight from a long-term key.
    Yes,
    /// They came by way of other temporary ones, and AWS answers 400 if it is sent.
    No,
}

/// One exchange: credentials in, a sign-in token out.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Where the form is posted.
    pub address: Url,
    /// The form; it holds the credentials.
    pub body: SecretString,
}

/// What a good answer holds.
#[derive(Debug)]
pub struct Exchanged(SigninToken);

impl Exchange {
    /// Prepares the exchange of `credentials` at the sign-in host, with `SessionDuration` where AWS takes it.
    pub fn new(
        hosts: &Hosts,
        credentials: &TemporaryCredentials,
        duration: SessionDuration,
        send: SendDuration,
    ) -> Exchange {
        let session = session_json(credentials);
        let mut body = String::with_capacity(session.len() * 3 + 128);
        body.push_str("Action=getSigninToken");
        if send == SendDuration::Yes {
            body.push_str(&format!("&SessionDuration={}", duration.seconds()));
        }
        body.push_str("&Session=");
        body.extend(percent_encode(&session, STRICT));
        Exchange { address: hosts.signin.join("federation"), body: body.into() }
    }
}

/// Written by hand because a secret type has no `Serialize`; the three values are escaped as JSON strings.
fn session_json(credentials: &TemporaryCredentials) -> Zeroizing<Vec<u8>> {
    // Room for all at once: a buffer that grows leaves copies of its beginning behind.
    let mut json = Zeroizing::new(Vec::with_capacity(LARGEST_SESSION));
    for (before, value) in [
        ("{\"sessionId\":", credentials.access_key_id.as_str()),
        (",\"sessionKey\":", credentials.secret_access_key.expose_secret()),
        (",\"sessionToken\":", credentials.session_token.expose_secret()),
    ] {
        json.extend_from_slice(before.as_bytes());
        json_string(&mut json, value);
    }
    json.push(b'}');
    json
}

impl Exchanged {
    /// Reads the endpoint's answer; `None` where it is not one, such as a network's own sign-in page.
    pub fn read(answer: &SecretString) -> Option<Exchanged> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(rename = "SigninToken")]
            token: String,
        }
        let answer: Answer = serde_json::from_str(answer.expose_secret()).ok()?;
        (!answer.token.is_empty()).then(|| Exchanged(SigninToken::new(answer.token.into())))
    }

    /// The address that signs a browser in and lands on the page. Good for 15 minutes and one use.
    pub fn signin_url(
        &self,
        hosts: &Hosts,
        page: Option<&Destination>,
        region: &Region,
    ) -> Result<SigninUrl, Failure> {
        let destination = Destination::resolve(page, &hosts.console, region)?;
        let token = self.0.expose_secret();
        let mut address = String::with_capacity((destination.as_str().len() + token.len()) * 3 + 512);
        address.push_str(hosts.signin.join("federation").as_str());
        address.push_str("?Action=login&Destination=");
        address.extend(utf8_percent_encode(destination.as_str(), STRICT));
        address.push_str("&SigninToken=");
        address.extend(utf8_percent_encode(token, STRICT));
        Ok(SigninUrl::new(address.into()))
    }
}

impl Hosts {
    /// The address that signs the browser out of the console. It holds no secret.
    pub fn signout_url(&self) -> Url {
        let mut url = self.signin.join("oauth");
        url.query_pairs_mut().append_pair("Action", "logout");
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::{Endpoints, HostChoice};

    fn credentials() -> TemporaryCredentials {
        TemporaryCredentials {
            access_key_id: "ASIAIOSFODNN7EXAMPLE".into(),
            secret_access_key: "wJalr/+bPx=".into(),
            session_token: "Fwo+/==".into(),
            expires: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn hosts(region: &str) -> Hosts {
        Hosts::new(&region.parse().unwrap(), &Endpoints::default(), HostChoice::default()).unwrap()
    }

    #[test]
    fn the_form_is_encoded_and_the_duration_is_sent_only_where_aws_takes_it() {
        let session = "Session=%7B%22sessionId%22%3A%22ASIAIOSFODNN7EXAMPLE%22%2C%22sessionKey%22%3A%22wJalr%2F%2BbPx%3D%22%2C%22sessionToken%22%3A%22Fwo%2B%2F%3D%3D%22%7D";
        let duration = "12h".parse().unwrap();
        let direct = Exchange::new(&hosts("eu-west-1"), &credentials(), duration, SendDuration::Yes);
        assert_eq!(
            direct.body.expose_secret(),
            format!("Action=getSigninToken&SessionDuration=43200&{session}")
        );
        let chained = Exchange::new(&hosts("eu-west-1"), &credentials(), duration, SendDuration::No);
        assert_eq!(chained.body.expose_secret(), format!("Action=getSigninToken&{session}"));
        assert_eq!(direct.address.as_str(), "https://eu-west-1.signin.aws.amazon.com/federation");
    }

    #[test]
    fn the_sign_in_address_keeps_every_character_of_its_values() {
        let exchanged = Exchanged::read(&r#"{"SigninToken":"tok+/="}"#.to_owned().into()).unwrap();
        let region = "eu-west-1".parse().unwrap();
        let url = exchanged.signin_url(&hosts("eu-west-1"), Some(&"ec2".parse().unwrap()), &region).unwrap();
        let url: Url = url.expose_secret().parse().unwrap();
        let pairs: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(url.host_str(), Some("eu-west-1.signin.aws.amazon.com"));
        assert_eq!(url.fragment(), None);
        assert_eq!(
            pairs["Destination"],
            "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:"
        );
        assert_eq!((pairs["SigninToken"].as_str(), pairs["Action"].as_str()), ("tok+/=", "login"));
        assert!(url.as_str().contains("SigninToken=tok%2B%2F%3D"));
    }

    #[test]
    fn what_is_no_answer_gives_no_token() {
        for answer in ["", "<html>", "{}", r#"{"SigninToken":""}"#, r#"{"SigninToken":3}"#] {
            assert!(Exchanged::read(&answer.to_owned().into()).is_none(), "{answer}");
        }
    }

    #[test]
    fn signing_out_is_at_the_regional_host() {
        assert_eq!(
            hosts("us-gov-west-1").signout_url().as_str(),
            "https://us-gov-west-1.signin.amazonaws-us-gov.com/oauth?Action=logout"
        );
    }
}
