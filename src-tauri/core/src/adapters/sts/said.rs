//! What STS said, found among the causes of an error that came by way of a provider of the SDK.

use std::error::Error as StdError;

use aws_sdk_sts::error::ProvideErrorMetadata;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;

/// AWS's code and sentence, if STS answered with an error.
pub(in crate::adapters) fn said(error: &(dyn StdError + 'static)) -> Option<(String, String)> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let meta = error.downcast_ref::<AssumeRoleError>().map(ProvideErrorMetadata::meta).or_else(|| {
            error.downcast_ref::<AssumeRoleWithWebIdentityError>().map(ProvideErrorMetadata::meta)
        });
        if let Some((meta, code)) = meta.and_then(|meta| Some((meta, meta.code()?))) {
            return Some((code.to_owned(), meta.message().unwrap_or_default().to_owned()));
        }
        cause = error.source();
    }
    None
}
