//! Whose certificates are trusted: those of the system, or those in the file that `AWS_CA_BUNDLE` names, as for AWS's own
//! tools. On Linux the system's are where `SSL_CERT_FILE` and `SSL_CERT_DIR` say, as for other programs.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::failure::{Refusal, Setting};
use crate::home::variable::CERTIFICATES;

/// What TLS is set up with. Loaded when first needed, since it reads many files, and again after a certificate was refused.
#[derive(Debug, Default)]
pub(super) struct Trust(Mutex<Option<Arc<ClientConfig>>>);

impl Trust {
    /// The set-up that is in use.
    pub(super) async fn config(&self) -> Result<Arc<ClientConfig>, Refusal> {
        if let Some(config) = &*self.slot() {
            return Ok(config.clone());
        }
        let loaded = tokio::task::spawn_blocking(load).await;
        let config = loaded.map_err(|_| Refusal::Local("certificates could not be loaded".to_owned()))??;
        Ok(self.slot().insert(config).clone())
    }

    /// Has the certificates loaded anew for the next connection.
    pub(super) fn forget(&self) {
        *self.slot() = None;
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Arc<ClientConfig>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn load() -> Result<Arc<ClientConfig>, Refusal> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    match std::env::var_os(CERTIFICATES).filter(|path| !path.is_empty()) {
        Some(path) => from_file(Path::new(&path), provider),
        None => of_system(provider),
    }
}

fn of_system(provider: Arc<CryptoProvider>) -> Result<Arc<ClientConfig>, Refusal> {
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier);
    let config = builder.map_err(|_| Refusal::Setting(Setting::NoCertificates))?.with_no_client_auth();
    Ok(Arc::new(config))
}

fn from_file(path: &Path, provider: Arc<CryptoProvider>) -> Result<Arc<ClientConfig>, Refusal> {
    let unusable = |why: String| {
        let path = path.display().to_string();
        Refusal::Setting(Setting::Certificates { variable: CERTIFICATES, path, why })
    };
    let text = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let certificate = certificate.map_err(|_| unusable("it is not PEM".to_owned()))?;
        roots.add(certificate).map_err(|_| unusable("one of them is not a certificate".to_owned()))?;
    }
    if roots.is_empty() {
        return Err(unusable("there are none in it".to_owned()));
    }
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|_| Refusal::Local("TLS could not be set up".to_owned()))?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}
