//! The real client against answers that are given to it word by word.

use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::*;
use crate::adapters::clock::SystemClock;
use crate::console::{Endpoint, HostChoice};
use crate::failure::aws::tests::{EXAMPLES, context};
use crate::failure::classify_caller_identity;
use crate::ports::AWS_DEADLINE;
use crate::secret::AccessKey;

/// Gives every request the same answer; says where.
async fn answering(answer: String) -> Endpoint {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut read = vec![0; 16 * 1024];
            let _ = stream.read(&mut read).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    endpoint
}

fn http(status: u16, kind: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn envelope(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{code}</Code>\
         <Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
    )
}

async fn refused(answer: String) -> Refusal {
    let endpoint = answering(answer).await;
    let key = AccessKey::new(
        "AKIAIOSFODNN7EXAMPLE".parse().unwrap(),
        "not/a/real/secret/0123456789".to_owned().into(),
    );
    let sts = AwsSts::new(Arc::new(SystemClock));
    let caller = Caller {
        credentials: &signs::Credentials::LongTerm(key.unwrap()),
        region: &"eu-west-1".parse().unwrap(),
        endpoint: Some(&endpoint),
        hosts: HostChoice::default(),
        within: AWS_DEADLINE,
    };
    let told = sts.caller_identity(caller).await;
    told.answer.unwrap_err()
}

#[tokio::test]
async fn f23_what_aws_says_arrives_as_it_was_said() {
    let began = Instant::now();
    let mut calls = JoinSet::new();
    for example in EXAMPLES {
        calls.spawn(async move {
            let answer = http(example.status, "text/xml", &envelope(example.code, example.message));
            (refused(answer).await, example)
        });
    }
    while let Some(ended) = calls.join_next().await {
        let (Refusal::Service { status, code, message, .. }, example) = ended.unwrap() else {
            panic!("not a refusal of AWS's");
        };
        assert_eq!((status, code.as_str()), (example.status, example.code));
        assert_eq!(message.trim_end(), example.message.trim_end());
    }
    assert!(began.elapsed() < AWS_DEADLINE, "{:?}", began.elapsed());
    // The examples are of use for an assumption too.
    assert_eq!(context("arn:aws:iam::111122223333:user/ada").region, "eu-west-1");
}

#[tokio::test]
async fn f21_an_envelope_that_is_not_as_usual_is_read_as_far_as_it_can_be() {
    let whole = envelope("AccessDenied", "no");
    let json = r#"{"__type":"AccessDenied","message":"no"}"#;
    let denied = |message: &str| Some(("AccessDenied".to_owned(), message.to_owned()));
    for (case, answer, expected) in [
        (
            "another namespace",
            http(
                403,
                "text/xml",
                &whole.replace(
                    "https://sts.amazonaws.com/doc/2011-06-15/",
                    "http://webservices.amazon.com/AWSFault/2005-15-09",
                ),
            ),
            denied("no"),
        ),
        ("no message", http(403, "text/xml", &whole.replace("<Message>no</Message>", "")), denied("")),
        ("cut off within", http(403, "text/xml", &whole[..whole.len() / 2]), None),
        ("JSON", http(403, "application/json", json), None),
        ("nothing", http(403, "text/xml", ""), None),
        ("a web page", http(403, "text/html", "<html><body>Sign in to the network</body></html>"), None),
    ] {
        match (refused(answer).await, expected) {
            (Refusal::Service { code, message, .. }, Some(expected)) => {
                assert_eq!((code, message), expected, "{case}");
            }
            (Refusal::NotAws { status: 403 }, None) => {}
            (other, _) => panic!("{case}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn f21_what_is_not_aws_is_said_to_be_something_else() {
    let mut calls = JoinSet::new();
    let portal = "<html><body>Welcome to the hotel</body></html>";
    for (status, answer) in [
        (200, http(200, "text/html", portal)),
        (200, http(200, "text/xml", "<GetCallerIdentityResponse><GetCallerIdentityResult><Acc")),
        (
            302,
            http(302, "text/html", "")
                .replace("connection", "location: http://portal.example/\r\nconnection"),
        ),
        (511, http(511, "text/html", portal)),
    ] {
        calls.spawn(async move { (status, refused(answer).await) });
    }
    while let Some(ended) = calls.join_next().await {
        let (status, refusal) = ended.unwrap();
        assert_eq!(refusal, Refusal::NotAws { status });
        let failure = classify_caller_identity(&refusal, "work");
        assert!(failure.to_string().contains("sign in first"), "{status}: {failure}");
    }
}

/// Where the SDK's own rules send a call, with the settings as they reach its client. The rows are what AWS's rules gave
/// botocore 1.44.5.
#[tokio::test]
async fn every_partition_has_its_hosts_by_region_fips_and_dual_stack() {
    use aws_sdk_sts::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
    for (region, fips, dual_stack, url) in [
        ("us-east-1", false, false, "https://sts.us-east-1.amazonaws.com"),
        ("eu-west-1", false, false, "https://sts.eu-west-1.amazonaws.com"),
        ("ap-east-1", false, false, "https://sts.ap-east-1.amazonaws.com"),
        ("cn-north-1", false, false, "https://sts.cn-north-1.amazonaws.com.cn"),
        ("us-gov-west-1", false, false, "https://sts.us-gov-west-1.amazonaws.com"),
        ("us-gov-west-1", true, false, "https://sts.us-gov-west-1.amazonaws.com"),
        ("eusc-de-east-1", false, false, "https://sts.eusc-de-east-1.amazonaws.eu"),
        ("us-iso-east-1", false, false, "https://sts.us-iso-east-1.c2s.ic.gov"),
        ("us-isob-east-1", false, false, "https://sts.us-isob-east-1.sc2s.sgov.gov"),
        ("eu-isoe-west-1", false, false, "https://sts.eu-isoe-west-1.cloud.adc-e.uk"),
        ("us-isof-south-1", false, false, "https://sts.us-isof-south-1.csp.hci.ic.gov"),
        ("us-newplace-3", false, false, "https://sts.us-newplace-3.amazonaws.com"),
        ("us-east-1", true, false, "https://sts-fips.us-east-1.amazonaws.com"),
        ("us-east-1", false, true, "https://sts.us-east-1.api.aws"),
        ("us-east-1", true, true, "https://sts-fips.us-east-1.api.aws"),
        ("us-gov-west-1", false, true, "https://sts.us-gov-west-1.api.aws"),
        ("us-gov-west-1", true, true, "https://sts-fips.us-gov-west-1.api.aws"),
        ("cn-north-1", false, true, "https://sts.cn-north-1.api.amazonwebservices.com.cn"),
        ("eusc-de-east-1", true, false, "https://sts-fips.eusc-de-east-1.amazonaws.eu"),
        ("eusc-de-east-1", false, true, "https://sts.eusc-de-east-1.api.amazonwebservices.eu"),
    ] {
        let region: crate::arn::Region = region.parse().unwrap();
        let params = Params::builder()
            .region(region.as_str())
            .use_fips(fips)
            .use_dual_stack(dual_stack)
            .use_global_endpoint(false)
            .build()
            .unwrap();
        let endpoint = DefaultResolver::new().resolve_endpoint(&params).await.unwrap();
        assert_eq!(endpoint.url(), url, "{region} {fips} {dual_stack}");
    }
}
