//! Requests and answers as the rest of the simulator sees them: whole, and without a socket.

use std::collections::HashMap;
use std::net::IpAddr;

use hyper::body::Bytes;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};

/// A request, read to its end.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// As received, still percent-encoded.
    pub(crate) path: String,
    /// As received, without the question mark.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) source_ip: IpAddr,
}

impl Request {
    /// A header's value; several of one name are joined with commas, as signatures want them.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let values: Vec<String> = self
            .headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        (!values.is_empty()).then(|| values.join(","))
    }

    /// The parameters: a form in the body, or those of the address.
    pub(crate) fn form(&self) -> Form {
        if self.method == "POST" { Form::parse(&self.body) } else { Form::parse(self.query.as_bytes()) }
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.headers.get_all("cookie").iter().filter_map(|value| value.to_str().ok());
        cookies
            .flat_map(|line| line.split(';'))
            .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
    }
}

/// Form parameters; of several with one name the first counts.
#[derive(Debug, Default)]
pub(crate) struct Form(HashMap<String, String>);

impl Form {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let mut values = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(bytes) {
            values.entry(name.into_owned()).or_insert_with(|| value.into_owned());
        }
        Self(values)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The values of a query-protocol list: `<name>.member.1<suffix>` and on.
    pub(crate) fn list(&self, name: &str, suffix: &str) -> Vec<&str> {
        (1..=self.0.len()).map_while(|index| self.get(&format!("{name}.member.{index}{suffix}"))).collect()
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<String>) -> Self {
        Self { status, headers: vec![("content-type", content_type.into())], body: body.into() }
    }

    pub(crate) fn html(status: u16, body: impl Into<String>) -> Self {
        Self::new(status, "text/html; charset=utf-8", body)
    }

    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// Sends the browser elsewhere.
    pub(crate) fn redirect(to: &str) -> Self {
        Self::html(302, "").with("location", to)
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The answer as hyper sends it. A header value that HTTP cannot carry is left out.
    pub(crate) fn into_hyper(self) -> hyper::Response<http_body_util::Full<Bytes>> {
        let mut response = hyper::Response::new(http_body_util::Full::new(Bytes::from(self.body)));
        *response.status_mut() =
            hyper::StatusCode::from_u16(self.status).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().append(HeaderName::from_static(name), value);
            }
        }
        response
    }
}

#[cfg(test)]
impl Request {
    /// A request as it would have come from the loopback address.
    pub(crate) fn for_test(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        Self {
            method: method.into(),
            path: path.into(),
            query: query.into(),
            headers: map,
            body: Bytes::copy_from_slice(body.as_bytes()),
            source_ip: IpAddr::from([127, 0, 0, 1]),
        }
    }
}
