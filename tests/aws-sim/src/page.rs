//! The HTML the simulator shows: console pages, sign-in pages and error pages, each whole in itself.

use crate::encoding::escape;

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #16191f; --soft: #545b64; --paper: #f2f3f3; --card: #fff; --line: #d5dbdb; --bar: #232f3e; --accent: #ec7211; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9ebed; --soft: #a8b1ba; --paper: #0f1b2a; --card: #192534; --line: #414d5c; --bar: #0b131d; } }
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: baseline; padding: .75rem 1.5rem; background: var(--bar); color: #fff }
header b { color: #ff9900 } header .mark { padding: 0 .5rem; border: 1px solid; border-radius: 4px; text-transform: uppercase; font-size: .8rem } header .end { margin-left: auto } header a { color: #fff }
main { max-width: 46rem; margin: 2.5rem auto; padding: 0 1.5rem }
.card { padding: 1.5rem 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px }
h1 { margin: 0 0 1rem; font-size: 1.75rem; line-height: 1.2 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 2rem; margin: 0 }
dt { color: var(--soft) } dd { margin: 0; font-weight: 600; overflow-wrap: anywhere }
.note { color: var(--soft); font-size: .875rem } .note b { color: var(--accent) }
";

/// What a console page tells.
pub(crate) struct Console<'a> {
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
    pub(crate) account_name: &'a str,
    /// `assumed-role/Role/session`.
    pub(crate) identity: &'a str,
    /// The names of the session policies.
    pub(crate) policies: &'a [String],
    /// Whether they leave nothing but reading.
    pub(crate) read_only: bool,
    /// `59 min`.
    pub(crate) left: &'a str,
    pub(crate) expires: &'a str,
    pub(crate) nonce: &'a str,
}

/// A console page of somebody who is signed in.
pub(crate) fn console(it: &Console<'_>) -> String {
    let who = it.identity.strip_prefix("assumed-role/").unwrap_or(it.identity);
    let (marked, mark) = if it.read_only {
        (" | read-only", "<span class=\"mark\" id=\"read-only\">read-only</span>")
    } else {
        ("", "")
    };
    let narrowed = if it.policies.is_empty() {
        String::new()
    } else {
        format!("<dt>Narrowed by</dt><dd id=\"session-policies\">{}</dd>\n", escape(&it.policies.join(", ")))
    };
    let title = format!("{} | {} | {who}{marked} – simulated AWS console", it.service, it.region);
    let (service, region, identity) = (escape(it.service), escape(it.region), escape(it.identity));
    let body = format!(
        "<header><b>simulated AWS</b><span>{service}</span>{mark}<span class=\"end\">{region}</span>\
         <span>{} @ {}</span><a id=\"sign-out\" href=\"/oauth?Action=logout\">Sign out</a></header>\n\
         <main><div class=\"card\"><h1 id=\"service\">{service}</h1>\n<dl>\n\
         <dt>Identity</dt><dd id=\"identity\">{identity}</dd>\n{narrowed}\
         <dt>Account</dt><dd><span id=\"account\">{}</span> <span id=\"account-name\">{}</span></dd>\n\
         <dt>Region</dt><dd id=\"region\">{region}</dd>\n\
         <dt>Session ends in</dt><dd id=\"expires\" data-expires=\"{}\">{}</dd>\n\
         <dt>Place</dt><dd id=\"fragment\"></dd>\n</dl></div>\n\
         <p class=\"note\"><b>This is a simulator.</b> Nothing here is an AWS account, and nothing you do here reaches AWS.</p></main>\n\
         <script nonce=\"{}\">const show = () => {{ document.getElementById('fragment').textContent = location.hash || '–' }};\
         addEventListener('hashchange', show); show();</script>\n",
        escape(who),
        escape(it.account_name),
        grouped(it.account),
        escape(it.account_name),
        it.expires,
        escape(it.left),
        it.nonce,
    );
    document(&title, &body)
}

/// A page with one message. `inner` is HTML.
pub(crate) fn message(title: &str, inner: &str) -> String {
    let body = format!(
        "<header><b>simulated AWS</b><span>Sign-in</span></header>\n<main><div class=\"card\"><h1>{}</h1>\n<p>{inner}</p></div>\n\
         <p class=\"note\"><b>This is a simulator.</b> It knows no AWS account and no password.</p></main>\n",
        escape(title)
    );
    document(&format!("{title} – simulated AWS sign-in"), &body)
}

/// What a network with a login page of its own sends in place of any answer.
pub(crate) fn captive_portal() -> String {
    message("Welcome to the hotel network", "Please accept the terms of use to go online.")
}

/// A refusal of the federation endpoint, as its servlet engine words them.
pub(crate) fn bad_request(status: u16, message: &str) -> String {
    let reason =
        hyper::StatusCode::from_u16(status).ok().and_then(|code| code.canonical_reason()).unwrap_or("Error");
    format!(
        "<!doctype html><html lang=\"en\"><head><title>HTTP Status {status} – {reason}</title></head><body>\
         <h1>HTTP Status {status} – {reason}</h1><hr class=\"line\" /><p><b>Type</b> Status Report</p><p><b>Message</b> {}</p>\
         <p><b>Description</b> The request sent by the client was syntactically incorrect.</p><hr class=\"line\" /></body></html>",
        escape(message)
    )
}

/// `1111 2222 3333`.
pub(crate) fn grouped(account: &str) -> String {
    let digits: Vec<char> = account.chars().collect();
    digits.chunks(4).map(|chunk| chunk.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>{STYLE}</style></head>\n\
         <body>\n{body}</body></html>\n",
        escape(title)
    )
}
