//! Certificates that ought to be trusted, and others: made anew for each test, by an authority that no system knows.

use std::sync::Arc;

use desktop_tests::{Because, Result};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// When a certificate is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// Today.
    Now,
    /// No longer.
    Ended,
    /// Not yet.
    NotYet,
}

/// A certificate authority of a test's own.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A server's certificate and its key.
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Authority {
    /// Makes one.
    pub fn new() -> Result<Authority> {
        let mut params = CertificateParams::new(Vec::new()).because("describe an authority")?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().because("make a key")?;
        Ok(Authority(CertifiedIssuer::self_signed(params, key).because("make an authority")?))
    }

    /// Its own certificate, as a file of trusted ones holds it.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for a host.
    pub fn identity(&self, host: &str, validity: Validity) -> Result<Identity> {
        let mut params = CertificateParams::new(vec![host.to_owned()]).because("describe a certificate")?;
        (params.not_before, params.not_after) = match validity {
            Validity::Now => (date_time_ymd(2020, 1, 1), date_time_ymd(2120, 1, 1)),
            Validity::Ended => (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1)),
            Validity::NotYet => (date_time_ymd(2119, 1, 1), date_time_ymd(2120, 1, 1)),
        };
        let key = KeyPair::generate().because("make a key")?;
        let certificate = params.signed_by(&key, &self.0).because("sign a certificate")?;
        Ok(Identity::of(certificate.der().clone(), &key))
    }
}

impl Identity {
    /// One that nobody but itself vouches for.
    pub fn self_signed(host: &str) -> Result<Identity> {
        let made = rcgen::generate_simple_self_signed(vec![host.to_owned()]).because("sign a certificate")?;
        Ok(Identity::of(made.cert.der().clone(), &made.signing_key))
    }

    fn of(certificate: CertificateDer<'static>, key: &KeyPair) -> Identity {
        Identity { chain: vec![certificate], key: PrivateKeyDer::Pkcs8(key.serialize_der().into()) }
    }

    pub(crate) fn acceptor(&self) -> Result<TlsAcceptor> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .because("set TLS up")?
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), self.key.clone_key())
            .because("serve a certificate")?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}
