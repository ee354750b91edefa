//! The XML of the query protocol, which STS and IAM share but for the name space.

use crate::encoding::{escape, request_id};
use crate::http::Answer;
use crate::journal::{Call, CallKind};
use crate::refusal::Refusal;

/// The version that a client names along with the action.
fn namespace(kind: CallKind) -> &'static str {
    match kind {
        CallKind::Iam => "https://iam.amazonaws.com/doc/2010-05-08/",
        CallKind::Sts | CallKind::Signin | CallKind::Portal | CallKind::Metadata | CallKind::Console => {
            "https://sts.amazonaws.com/doc/2011-06-15/"
        }
    }
}

/// The answer around what an action came to, and its error in the journal.
pub(crate) fn answer(outcome: Result<String, Refusal>, call: &mut Call) -> Answer {
    let request_id = request_id();
    match outcome {
        Ok(result) => {
            let (action, namespace) = (&call.action, namespace(call.kind));
            let body = format!(
                "<{action}Response xmlns=\"{namespace}\">\n  <{action}Result>\n{result}  </{action}Result>\n  \
                 <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  </ResponseMetadata>\n</{action}Response>\n"
            );
            Answer::new(200, "text/xml", body).with("x-amzn-requestid", request_id)
        }
        Err(refusal) => {
            let (status, code) = refusal.status_and_code();
            call.error = Some(code.into());
            error_answer(call.kind, status, code, Some(&refusal.to_string()), &request_id)
        }
    }
}

/// The envelope of an error.
pub(crate) fn error_answer(
    kind: CallKind,
    status: u16,
    code: &str,
    message: Option<&str>,
    request_id: &str,
) -> Answer {
    let blame = if status >= 500 { "Receiver" } else { "Sender" };
    let message =
        message.map(|text| format!("    <Message>{}</Message>\n", escape(text))).unwrap_or_default();
    let body = format!(
        "<ErrorResponse xmlns=\"{}\">\n  <Error>\n    <Type>{blame}</Type>\n    <Code>{}</Code>\n{message}  </Error>\n  \
         <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n",
        namespace(kind),
        escape(code),
    );
    Answer::new(status, "text/xml", body).with("x-amzn-requestid", request_id)
}

/// One element with a text in it.
pub(crate) fn element(name: &str, text: &str) -> String {
    format!("    <{name}>{}</{name}>\n", escape(text))
}
