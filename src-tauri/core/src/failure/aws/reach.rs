//! What stands between this computer and AWS, told apart: names, routes, certificates, proxies, sign-in pages.

use std::fmt;

use super::meaning::unavailable;
use super::{Code, Failure, shown};

/// What to do about a network that lets nobody out before they have signed in to it.
const PORTAL: &str =
    "does this network ask you to sign in first? open any page in the browser, then try again";

/// A call that did not come through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreached {
    /// Whom we were talking to.
    pub hop: Hop,
    /// What was in the way.
    pub obstacle: Obstacle,
}

/// Whom we were talking to, by host and port; never with a name or a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hop {
    /// AWS, or what stands at the source's own endpoint.
    Aws(String),
    /// The proxy on the way.
    Proxy(String),
}

/// What was in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Nobody knows the host by that name, or nobody could be asked.
    NoName,
    /// No way leads there.
    NoRoute,
    /// Nobody listens there, or a firewall says so.
    Refused,
    /// It hung up before the end.
    Closed,
    /// It did not take the connection in time.
    Silent,
    /// It speaks, but not as it should.
    Garbled,
    /// Its certificate comes from nobody that is trusted.
    Untrusted,
    /// Its certificate is for another name.
    WrongName,
    /// Its certificate has ended.
    Ended,
    /// Its certificate is not valid yet.
    NotYet,
    /// The proxy wants a name and a password, or others.
    SignIn,
    /// The proxy does not let us through, with this HTTP status.
    Declined(u16),
}

/// What the person set and what cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The file of certificates that a variable names cannot be read, or has none.
    Certificates {
        /// The variable.
        variable: &'static str,
        /// The file.
        path: String,
        /// Why not.
        why: String,
    },
    /// The system has no certificates to trust.
    NoCertificates,
    /// The address of a proxy cannot be read, or is of a kind that we do not speak.
    Proxy {
        /// Where it stands: a variable, or the system's settings.
        place: &'static str,
    },
}

impl Obstacle {
    /// Whether another try may go better.
    pub fn may_pass(self) -> bool {
        match self {
            Obstacle::NoName
            | Obstacle::NoRoute
            | Obstacle::Refused
            | Obstacle::Closed
            | Obstacle::Silent => true,
            Obstacle::Garbled
            | Obstacle::Untrusted
            | Obstacle::WrongName
            | Obstacle::Ended
            | Obstacle::NotYet
            | Obstacle::SignIn
            | Obstacle::Declined(_) => false,
        }
    }
}

impl Unreached {
    pub(super) fn failure(&self) -> Failure {
        let (who, is_proxy) = match &self.hop {
            Hop::Aws(host) => (format!("`{}`", shown(host)), false),
            Hop::Proxy(host) => (format!("the proxy `{}`", shown(host)), true),
        };
        let network = |what: String| Failure::new(Code::Network, what);
        let check = if is_proxy {
            "check HTTPS_PROXY, or the system's proxy setting; Guise reads it when it starts"
        } else {
            "check the network, a proxy or a firewall, and try again; guise doctor looks for the cause"
        };
        match self.obstacle {
            Obstacle::NoName => network(format!("{who} was not found by its name")).hint(if is_proxy {
                check
            } else {
                "check that this computer is on a network and that names are resolved, and try again"
            }),
            Obstacle::NoRoute => network(format!("no network leads to {who}"))
                .hint("connect to a network and try again; sessions that are live stay so"),
            Obstacle::Refused => network(format!("{who} cannot be reached: the connection was refused")).hint(check),
            Obstacle::Closed => network(format!("{who} cannot be reached: the connection was cut off")).hint(check),
            Obstacle::Silent => network(format!("{who} cannot be reached: nobody answers")).hint(check),
            Obstacle::Garbled => network(format!("something other than AWS answered for {who}")).hint(PORTAL),
            Obstacle::Untrusted => Failure::new(
                Code::Certificate,
                format!("the certificate of {who} comes from nobody that this computer trusts, so nothing was sent"),
            )
            .hint(
                "if your company looks into encrypted traffic, name the file with its CA certificate, not a server's own, in AWS_CA_BUNDLE, \
                 or add it to the system's certificates; else do not trust this network",
            ),
            Obstacle::WrongName => Failure::new(
                Code::Certificate,
                format!("the certificate that answers for {who} is for another name, so nothing was sent"),
            )
            .hint(PORTAL),
            Obstacle::Ended => Failure::new(
                Code::Certificate,
                format!("the certificate of {who} has ended, so nothing was sent"),
            )
            .hint("check this computer's clock; if it is right, do not trust this network"),
            Obstacle::NotYet => Failure::new(
                Code::Certificate,
                format!("the certificate of {who} is not valid yet, so nothing was sent"),
            )
            .hint("check this computer's clock; if it is right, do not trust this network"),
            Obstacle::SignIn => Failure::new(Code::Proxy, format!("{who} asks for a name and a password, or for others"))
                .hint("put them into the proxy's address, http://NAME:PASSWORD@HOST:PORT, in HTTPS_PROXY of the environment that Guise starts in"),
            Obstacle::Declined(status) => {
                Failure::new(Code::Proxy, format!("{who} did not let Guise through to AWS (it answered {status})"))
                    .hint("ask whoever keeps the proxy to let AWS's STS and sign-in hosts through")
            }
        }
    }
}

impl Setting {
    pub(super) fn failure(&self) -> Failure {
        match self {
            Setting::Certificates { variable, path, why } => Failure::new(
                Code::Certificate,
                format!("the certificates in `{}` cannot be used: {}", shown(path), shown(why)),
            )
            .hint(format!("have {variable} name a PEM file of CA certificates, or leave it out, and start Guise again")),
            Setting::NoCertificates => {
                Failure::new(Code::Certificate, "this system has no CA certificates, so AWS cannot be recognised")
                    .hint("install the system's CA certificates, or name a file of them in AWS_CA_BUNDLE")
            }
            Setting::Proxy { place } => {
                Failure::new(Code::Proxy, format!("the address of the proxy in {place} cannot be used"))
                    .hint("it must be http://HOST:PORT or https://HOST:PORT, with NAME:PASSWORD@ before the host if need be, where `#`, `/`, `?` and `@` are written as %23, %2F, %3F and %40; start Guise again after that")
            }
        }
    }
}

/// Something else answered, with this status.
pub(super) fn not_aws(status: u16) -> Failure {
    match status {
        407 => Failure::new(Code::Proxy, "a proxy on the way asks for a name and a password")
            .hint("put them into the proxy's address, http://NAME:PASSWORD@HOST:PORT, in HTTPS_PROXY of the environment that Guise starts in"),
        300..400 => Failure::new(Code::Network, "something other than AWS answered, and points elsewhere").hint(PORTAL),
        // The one that a network gives before one has signed in to it.
        511 => Failure::new(Code::Network, "this network asks you to sign in first").hint(PORTAL),
        500.. => unavailable(status),
        _ => Failure::new(Code::Network, "something other than AWS answered").hint(PORTAL),
    }
}

impl fmt::Display for Unreached {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}", self.obstacle)
    }
}

impl std::error::Error for Unreached {}

impl fmt::Display for Setting {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a setting of the network cannot be used")
    }
}

impl std::error::Error for Setting {}
