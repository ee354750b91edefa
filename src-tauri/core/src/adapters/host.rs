//! This computer's name, for session names.

/// The name, without the domain behind it; empty where there is none.
pub fn name() -> String {
    let whole = whole();
    whole.split('.').next().unwrap_or_default().to_owned()
}

#[cfg(unix)]
fn whole() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(windows)]
fn whole() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}
