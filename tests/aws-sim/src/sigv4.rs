//! Signature version 4, from the side that checks it.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::clock::{compact, later};
use crate::encoding::{hex, sha256_hex};
use crate::http::Request;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// How far the signer's clock may be off.
const TOLERANCE_SECONDS: i64 = 15 * 60;
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const PATH: &AsciiSet = &UNRESERVED.remove(b'/');

/// What is wrong with a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is none.
    Missing,
    /// The header cannot be read; the sentence says which part is missing.
    Incomplete(String),
    /// It is wrong; the sentence says in which way.
    Mismatch(String),
}

/// The `Authorization` header of a signed request.
#[derive(Debug)]
pub(crate) struct Authorization {
    pub(crate) key_id: String,
    date: String,
    pub(crate) region: String,
    pub(crate) service: String,
    terminator: String,
    signed_headers: Vec<String>,
    signature: String,
    moment: String,
}

impl Authorization {
    /// Reads the header and the date that goes with it.
    pub(crate) fn of(request: &Request) -> Result<Self, Fault> {
        let header = request.header("authorization").ok_or(Fault::Missing)?;
        let Some(fields) = header.strip_prefix(ALGORITHM).filter(|rest| rest.starts_with([' ', '\t'])) else {
            return Err(Fault::Incomplete("Unsupported AWS 'algorithm'.".into()));
        };
        let field = |name: &str| {
            fields.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('=')).unwrap_or("")
        };
        let moment = request.header("x-amz-date").unwrap_or_default();
        let missing: Vec<String> = ["Credential", "Signature", "SignedHeaders"]
            .into_iter()
            .filter(|name| field(name).is_empty())
            .map(|name| format!("Authorization header requires '{name}' parameter."))
            .chain(moment.is_empty().then(|| {
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.".into()
            }))
            .collect();
        if !missing.is_empty() {
            return Err(Fault::Incomplete(missing.join(" ")));
        }
        let scope: Vec<&str> = field("Credential").split('/').collect();
        let [key_id, date, region, service, terminator] = scope[..] else {
            return Err(Fault::Incomplete(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term".into(),
            ));
        };
        Ok(Self {
            key_id: key_id.into(),
            date: date.into(),
            region: region.into(),
            service: service.into(),
            terminator: terminator.into(),
            signed_headers: field("SignedHeaders").split(';').map(str::to_lowercase).collect(),
            signature: field("Signature").into(),
            moment,
        })
    }

    /// Refuses a signature made for another region's or service's endpoint. Any region does for IAM as well: a client that was told
    /// the endpoint's address signs for its own region, where AWS's own address would have it sign for `us-east-1`.
    pub(crate) fn check_scope(&self, service: &str) -> Result<(), Fault> {
        let wrong = |sentence: &str| Err(Fault::Mismatch(sentence.into()));
        if !is_region(&self.region) {
            return wrong("Credential should be scoped to a valid region. ");
        }
        if self.service != service {
            return wrong(&format!("Credential should be scoped to correct service: '{service}'. "));
        }
        if self.terminator != "aws4_request" {
            return wrong("Credential should be scoped with a valid terminator: 'aws4_request'. ");
        }
        Ok(())
    }

    /// Refuses a signature that is too old, from the future, or not made with this secret over this request.
    pub(crate) fn check(&self, request: &Request, secret: &str, now: Timestamp) -> Result<(), Fault> {
        self.check_moment(now)?;
        if !self.signed_headers.iter().any(|name| name == "host") {
            return Err(Fault::Mismatch(
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".into(),
            ));
        }
        let expected = self.expected(request, secret);
        if bool::from(expected.as_bytes().ct_eq(self.signature.as_bytes())) {
            return Ok(());
        }
        Err(Fault::Mismatch(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and \
             signing method. Consult the service documentation for details."
                .into(),
        ))
    }

    fn check_moment(&self, now: Timestamp) -> Result<(), Fault> {
        let signed = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", &self.moment)
            .and_then(|civil| jiff::tz::TimeZone::UTC.to_timestamp(civil))
            .map_err(|_| Fault::Incomplete("Date must be in ISO-8601 'basic format'.".into()))?;
        if self.moment.get(..8) != Some(self.date.as_str()) {
            return Err(Fault::Mismatch(format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != '{}', from '{}'.",
                self.date,
                self.moment.get(..8).unwrap_or_default(),
                self.moment
            )));
        }
        let (oldest, newest) = (later(now, -TOLERANCE_SECONDS), later(now, TOLERANCE_SECONDS));
        let sentence = if signed < oldest {
            format!(
                "Signature expired: {} is now earlier than {} ({} - 15 min.)",
                self.moment,
                compact(oldest),
                compact(now)
            )
        } else if signed > newest {
            format!(
                "Signature not yet current: {} is still later than {} ({} + 15 min.)",
                self.moment,
                compact(newest),
                compact(now)
            )
        } else {
            return Ok(());
        };
        Err(Fault::Mismatch(sentence))
    }

    /// The signature the holder of the secret would have made.
    fn expected(&self, request: &Request, secret: &str) -> String {
        let scope = format!("{}/{}/{}/{}", self.date, self.region, self.service, self.terminator);
        let canonical = self.canonical_request(request);
        let to_sign = format!("{ALGORITHM}\n{}\n{scope}\n{}", self.moment, sha256_hex(canonical.as_bytes()));
        let mut key = mac(format!("AWS4{secret}").as_bytes(), self.date.as_bytes());
        for part in [&self.region, &self.service, &self.terminator] {
            key = mac(&key, part.as_bytes());
        }
        hex(&mac(&key, to_sign.as_bytes()))
    }

    fn canonical_request(&self, request: &Request) -> String {
        let path = utf8_percent_encode(&request.path, PATH).to_string();
        let mut headers = String::new();
        for name in &self.signed_headers {
            let value = request.header(name).map(|value| squeeze(&value)).unwrap_or_default();
            headers.extend([name.as_str(), ":", &value, "\n"]);
        }
        format!(
            "{}\n{path}\n{}\n{headers}\n{}\n{}",
            request.method,
            canonical_query(&request.query),
            self.signed_headers.join(";"),
            sha256_hex(&request.body)
        )
    }
}

fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC accepts keys of any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// Each name and value decoded and encoded anew, then sorted.
fn canonical_query(query: &str) -> String {
    let encode = |text: &str| {
        utf8_percent_encode(&percent_decode_str(text).decode_utf8_lossy(), UNRESERVED).to_string()
    };
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Without spaces at the ends, and one where there were several.
fn squeeze(value: &str) -> String {
    value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// `eu-west-1`, `us-gov-east-1`, `us-isob-east-1` and any region that may yet be opened.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let letters = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let [words @ .., number] = parts.as_slice() else { return false };
    (2..=3).contains(&words.len())
        && words.iter().all(letters)
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
impl Request {
    /// A form for a service, signed as a client would sign it.
    pub(crate) fn signed(
        service: &str,
        form: &str,
        (key_id, secret, token): (&str, &str, Option<&str>),
        now: Timestamp,
    ) -> Self {
        let moment = compact(now);
        let scope = format!("{key_id}/{}/eu-west-1/{service}/aws4_request", &moment[..8]);
        let unsigned = format!("{ALGORITHM} Credential={scope}, SignedHeaders=host;x-amz-date, Signature=");
        let with = |authorization: &str| {
            let mut headers =
                vec![("host", "127.0.0.1:1"), ("x-amz-date", &moment), ("authorization", authorization)];
            headers.extend(token.map(|token| ("x-amz-security-token", token)));
            Self::for_test("POST", "/", &headers, form)
        };
        let draft = with(&format!("{unsigned}0"));
        let signature = Authorization::of(&draft).unwrap().expected(&draft, secret);
        with(&format!("{unsigned}{signature}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    /// The documented test vectors: same key, moment and host, so that a case is its request and its signature.
    fn vector(method: &str, query: &str, headers: &[(&str, &str)], body: &str, scope: &str, signature: &str) {
        let mut names: Vec<&str> =
            headers.iter().map(|(name, _)| *name).chain(["host", "x-amz-date"]).collect();
        names.sort_unstable();
        names.dedup();
        let host = if scope.contains("iam") { "iam.amazonaws.com" } else { "example.amazonaws.com" };
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/{scope}/aws4_request, SignedHeaders={}, Signature={signature}",
            names.join(";")
        );
        let mut all =
            vec![("host", host), ("x-amz-date", "20150830T123600Z"), ("authorization", &authorization)];
        all.extend(headers);
        let request = Request::for_test(method, &format!("/?{query}"), &all, body);
        let parsed = Authorization::of(&request).unwrap();
        let now = "2015-08-30T12:36:00Z".parse().unwrap();
        assert_eq!(
            parsed.check(&request, SECRET, now),
            Ok(()),
            "expected {}",
            parsed.expected(&request, SECRET)
        );
        assert!(parsed.check(&request, "another", now).is_err());
    }

    #[test]
    fn the_documented_vectors_verify() {
        let suite = "us-east-1/service";
        vector("GET", "", &[], "", suite, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
        vector(
            "POST",
            "",
            &[],
            "",
            suite,
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        );
        let order = "Param2=value2&Param1=value1";
        vector(
            "GET",
            order,
            &[],
            "",
            suite,
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        );
        let form = [("content-type", "application/x-www-form-urlencoded")];
        vector(
            "POST",
            "",
            &form,
            "Param1=value1",
            suite,
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        );
    }

    #[test]
    fn the_example_of_the_signing_guide_verifies() {
        let form = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
        let query = "Action=ListUsers&Version=2010-05-08";
        vector(
            "GET",
            query,
            &form,
            "",
            "us-east-1/iam",
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
        );
    }

    fn scoped(scope: &str, moment: &str) -> Authorization {
        let header = format!("AWS4-HMAC-SHA256 Credential=AKID/{scope}, SignedHeaders=host, Signature=00");
        let headers = [("authorization", header.as_str()), ("x-amz-date", moment), ("host", "h")];
        Authorization::of(&Request::for_test("POST", "/", &headers, "")).unwrap()
    }

    #[test]
    fn another_scope_is_refused_in_the_words_of_aws() {
        let fault = |scope: &str| scoped(scope, "20150830T123600Z").check_scope("sts").unwrap_err();
        assert_eq!(
            fault("20150830/Mars/sts/aws4_request"),
            Fault::Mismatch("Credential should be scoped to a valid region. ".into())
        );
        assert_eq!(
            fault("20150830/eu-west-1/iam/aws4_request"),
            Fault::Mismatch("Credential should be scoped to correct service: 'sts'. ".into())
        );
        for region in ["us-east-1", "us-gov-west-1", "eusc-de-east-1", "ap-southeast-12"] {
            assert_eq!(
                scoped(&format!("20150830/{region}/sts/aws4_request"), "x").check_scope("sts"),
                Ok(())
            );
        }
    }

    #[test]
    fn a_clock_more_than_a_quarter_of_an_hour_off_is_told_so() {
        let old = scoped("20160609/us-east-1/sts/aws4_request", "20160609T184512Z");
        assert_eq!(
            old.check_moment("2016-06-10T01:45:08Z".parse().unwrap()),
            Err(Fault::Mismatch(
                "Signature expired: 20160609T184512Z is now earlier than 20160610T013008Z (20160610T014508Z - 15 min.)".into()
            ))
        );
        let early = scoped("20210502/us-east-1/sts/aws4_request", "20210502T183640Z");
        assert_eq!(
            early.check_moment("2021-05-02T17:36:40Z".parse().unwrap()),
            Err(Fault::Mismatch(
                "Signature not yet current: 20210502T183640Z is still later than 20210502T175140Z (20210502T173640Z + 15 min.)".into()
            ))
        );
        assert_eq!(early.check_moment("2021-05-02T18:22:00Z".parse().unwrap()), Ok(()));
    }

    #[test]
    fn an_unreadable_header_says_what_it_lacks() {
        let with = |header: &str| {
            let headers = [("authorization", header), ("x-amz-date", "20150830T123600Z")];
            Authorization::of(&Request::for_test("POST", "/", &headers, "")).unwrap_err()
        };
        assert_eq!(Authorization::of(&Request::for_test("POST", "/", &[], "")).unwrap_err(), Fault::Missing);
        assert!(matches!(with("Basic x"), Fault::Incomplete(_)));
        let Fault::Incomplete(sentence) = with("AWS4-HMAC-SHA256 Credential=a/b/c/d/e") else { panic!() };
        assert!(sentence.contains("'Signature'") && sentence.contains("'SignedHeaders'"));
        assert!(matches!(
            with("AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0"),
            Fault::Incomplete(_)
        ));
    }
}
