//! Temporary credentials as each shell and tool reads them.

use std::fmt::{self, Write};
use std::str::FromStr;

use serde_json::json;
use zeroize::Zeroize;

use crate::failure::Failure;
use crate::secret::{ExposeSecret, SecretString};
use crate::session::Session;

/// How credentials are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// POSIX shells: bash, zsh, dash.
    #[default]
    Sh,
    /// The fish shell.
    Fish,
    /// `PowerShell`.
    Powershell,
    /// The Windows command prompt.
    Cmd,
    /// What `credential_process` gives, version 1.
    Json,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Format; 5] = [Format::Sh, Format::Fish, Format::Powershell, Format::Cmd, Format::Json];

    /// The name on the command line and in the catalog.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Sh => "sh",
            Format::Fish => "fish",
            Format::Powershell => "powershell",
            Format::Cmd => "cmd",
            Format::Json => "json",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Format::ALL
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or_else(|| Failure::unknown_format(text))
    }
}

/// Variables that would win over ours, or mix with them, in one SDK or another: the old name of the session token,
/// which botocore reads first, and a chosen profile.
const UNSET: [&str; 2] = ["AWS_SECURITY_TOKEN", "AWS_PROFILE"];

/// Writes the session's credentials in `format`, ending in a line break.
pub fn written(session: &Session, format: Format) -> SecretString {
    let credentials = &session.credentials;
    let expiration = credentials.expires.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    if format == Format::Json {
        // Room for all at once: a text that grows leaves copies of its beginning behind.
        let mut text = String::with_capacity(16 * 1024);
        let mut value = json!({
            "Version": 1,
            "AccessKeyId": credentials.access_key_id,
            "SecretAccessKey": credentials.secret_access_key.expose_secret(),
            "SessionToken": credentials.session_token.expose_secret(),
            "Expiration": expiration,
            "AccountId": session.plan.arn().account().as_str(),
        });
        let _ = writeln!(text, "{value:#}");
        for key in ["SecretAccessKey", "SessionToken"] {
            if let Some(serde_json::Value::String(secret)) = value.get_mut(key) {
                secret.zeroize();
            }
        }
        return text.into();
    }
    let region = session.region().as_str();
    let set = [
        ("AWS_ACCESS_KEY_ID", credentials.access_key_id.as_str()),
        ("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key.expose_secret()),
        ("AWS_SESSION_TOKEN", credentials.session_token.expose_secret()),
        ("AWS_CREDENTIAL_EXPIRATION", &expiration),
        ("AWS_REGION", region),
        ("AWS_DEFAULT_REGION", region),
    ];
    // Room for all at once: a string that grows leaves copies of its beginning behind.
    let room = set.iter().map(|(name, value)| name.len() + value.len() * 4 + 32).sum::<usize>() + 256;
    let mut text = String::with_capacity(room);
    for name in UNSET {
        // Writing to a String cannot fail.
        let _ = match format {
            Format::Sh | Format::Json => writeln!(text, "unset {name}"),
            Format::Fish => writeln!(text, "set -e {name}"),
            Format::Powershell => writeln!(text, "Remove-Item Env:{name} -ErrorAction SilentlyContinue"),
            Format::Cmd => writeln!(text, "set {name}="),
        };
    }
    for (name, value) in set {
        let _ = match format {
            Format::Sh | Format::Json => writeln!(text, "export {name}={}", Quoted(value, r"'\''")),
            Format::Fish => writeln!(text, "set -gx {name} {}", Quoted(value, r"\'")),
            Format::Powershell => writeln!(text, "$Env:{name} = {}", Quoted(value, "''")),
            Format::Cmd => writeln!(text, "set \"{name}={value}\""),
        };
    }
    text.into()
}

/// A value in single quotes, with a quote in it written as the shell wants it.
struct Quoted<'a>(&'a str, &'static str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_char('\'')?;
        for (index, part) in self.0.split('\'').enumerate() {
            if index > 0 {
                out.write_str(self.1)?;
            }
            out.write_str(part)?;
        }
        out.write_char('\'')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::tests::plan;
    use crate::console::Endpoints;
    use crate::moment::{End, Moment, Steady};
    use crate::secret::TemporaryCredentials;

    fn session() -> Session {
        let wall = jiff::Timestamp::UNIX_EPOCH;
        let since = Moment { wall, steady: Steady::default() };
        Session {
            end: End::after(since, jiff::SignedDuration::from_hours(1)),
            id: "s1".into(),
            key: plan().key(),
            plan: plan(),
            credentials: TemporaryCredentials {
                access_key_id: "ASIAX".into(),
                secret_access_key: "a/b+c".into(),
                session_token: "t'o=k".into(),
                expires: "2030-01-02T03:04:05.678Z".parse().unwrap(),
            },
            since: wall,
            endpoints: Endpoints::default(),
        }
    }

    #[test]
    fn each_shell_reads_its_own_form() {
        for (format, lines) in [
            (
                Format::Sh,
                [
                    "unset AWS_SECURITY_TOKEN",
                    "export AWS_ACCESS_KEY_ID='ASIAX'",
                    r"export AWS_SESSION_TOKEN='t'\''o=k'",
                    "export AWS_REGION='eu-west-1'",
                ],
            ),
            (
                Format::Fish,
                [
                    "set -e AWS_PROFILE",
                    "set -gx AWS_ACCESS_KEY_ID 'ASIAX'",
                    r"set -gx AWS_SESSION_TOKEN 't\'o=k'",
                    "set -gx AWS_DEFAULT_REGION 'eu-west-1'",
                ],
            ),
            (
                Format::Powershell,
                [
                    "Remove-Item Env:AWS_PROFILE -ErrorAction SilentlyContinue",
                    "$Env:AWS_ACCESS_KEY_ID = 'ASIAX'",
                    "$Env:AWS_SESSION_TOKEN = 't''o=k'",
                    "$Env:AWS_CREDENTIAL_EXPIRATION = '2030-01-02T03:04:05Z'",
                ],
            ),
            (
                Format::Cmd,
                [
                    "set AWS_PROFILE=",
                    "set \"AWS_ACCESS_KEY_ID=ASIAX\"",
                    "set \"AWS_SESSION_TOKEN=t'o=k\"",
                    "set \"AWS_REGION=eu-west-1\"",
                ],
            ),
        ] {
            let text = written(&session(), format);
            for line in lines {
                assert!(text.expose_secret().lines().any(|each| each == line), "{format}: {line}");
            }
        }
    }

    #[test]
    fn json_is_what_credential_process_gives() {
        let text = written(&session(), Format::Json);
        let value: serde_json::Value = serde_json::from_str(text.expose_secret()).unwrap();
        assert_eq!(
            value,
            json!({"Version": 1, "AccessKeyId": "ASIAX", "SecretAccessKey": "a/b+c", "SessionToken": "t'o=k",
                   "Expiration": "2030-01-02T03:04:05Z", "AccountId": "111122223333"})
        );
    }

    #[test]
    fn every_format_has_a_name() {
        for format in Format::ALL {
            assert_eq!(format.as_str().parse::<Format>().unwrap(), format);
        }
        assert!("nushell".parse::<Format>().is_err());
    }
}
