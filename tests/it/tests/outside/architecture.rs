//! The invariants of the design, read off the sources: what may name what, and what must not be there at all.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

#[test]
fn the_core_and_the_command_line_never_reach_a_web_view_and_nothing_shipped_reaches_the_tests() {
    for shipped in ["guise-core", "guise", "guise-desktop"] {
        let tree = dependencies(shipped);
        assert!(tree.contains(&"tokio".to_owned()), "{shipped}: {tree:?}");
        for test in ["aws-sim", "it-tests", "desktop-tests", "faults", "bench", "criterion", "ts-rs"] {
            assert!(!tree.contains(&test.to_owned()), "{shipped} depends on {test}");
        }
        let web = ["tauri", "wry", "tao", "webkit2gtk", "gtk"];
        let reached: Vec<&&str> = web.iter().filter(|name| tree.contains(&(**name).to_owned())).collect();
        if shipped == "guise-desktop" {
            assert!(!reached.is_empty(), "the test is blind");
        } else {
            assert!(reached.is_empty(), "{shipped} reaches {reached:?}");
        }
    }
}

#[test]
fn libraries_that_reach_outside_are_named_in_their_adapters_alone() {
    for (library, allowed) in [
        ("keyring_core", vec!["src-tauri/core/src/adapters/keychain"]),
        ("secret_service", vec!["src-tauri/core/src/adapters/keychain"]),
        ("keyring_store", vec!["src-tauri/core/src/adapters/keychain"]),
        ("security_framework", vec!["src-tauri/core/src/adapters/keychain"]),
        ("aws_sdk_sts", vec!["src-tauri/core/src/adapters/sts"]),
        ("aws_sdk_iam", vec!["src-tauri/core/src/adapters/iam.rs"]),
        ("aws_config", vec!["src-tauri/core/src/adapters/sts.rs", "src-tauri/core/src/adapters/profiles"]),
        ("aws_runtime", vec!["src-tauri/core/src/adapters/profiles"]),
        ("rustls", vec!["src-tauri/core/src/adapters/https/"]),
        ("hyper_util::client", vec!["src-tauri/core/src/adapters/https/"]),
        ("rustls_native_certs", vec!["src-tauri/core/src/adapters/doctor"]),
        ("arboard", vec!["src-tauri/core/src/adapters/clipboard.rs"]),
        ("webbrowser", vec!["src-tauri/core/src/adapters/browser"]),
        (
            "windows_registry",
            vec!["src-tauri/core/src/adapters/login", "src-tauri/core/src/adapters/browser"],
        ),
    ] {
        let naming = files_with(&shipped_rust(), &format!("{library}::"));
        assert!(!naming.is_empty(), "{library} is named nowhere");
        for file in naming {
            assert!(allowed.iter().any(|each| file.starts_with(each)), "{file} names {library}");
        }
    }
    let mut page = front_end();
    page.retain(|file| !file.ends_with(".test.ts"));
    let tauri = files_with(&page, "@tauri-apps/");
    assert_eq!(tauri, ["ui/src/backend.tauri.ts"]);
}

#[test]
fn only_the_clock_asks_the_time() {
    for call in ["Timestamp::now()", "ZonedDateTime::now()", "SystemTime::now()"] {
        for file in files_with(&shipped_rust(), call) {
            assert_eq!(file, "src-tauri/core/src/adapters/clock.rs", "{call}");
        }
    }
    assert!(read("clippy.toml").contains("std::time::SystemTime::now"));
}

#[test]
fn secrets_cannot_be_written_out_and_are_opened_where_it_is_known() {
    let secrets = read("src-tauri/core/src/secret.rs");
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code = without_tests(&secrets).lines().filter(is_code).collect::<Vec<_>>().join("\n");
    assert!(code.contains("pub struct SigninUrl(SecretString);"), "the test is blind");
    for forbidden in ["Serialize", "Deref", "fmt::Display", "AsRef", "Borrow"] {
        assert!(!code.contains(forbidden), "secret.rs has {forbidden}");
    }
    // Each place was looked at. A new one is looked at before it is added here.
    let expected = BTreeMap::from([
        ("src-tauri/cli/src/clipboard.rs", 1),
        ("src-tauri/cli/src/console.rs", 1),
        ("src-tauri/cli/src/say.rs", 1),
        ("src-tauri/cli/src/source.rs", 2),
        ("src-tauri/core/src/adapters/clipboard.rs", 2),
        ("src-tauri/core/src/adapters/signin.rs", 1),
        ("src-tauri/core/src/adapters/sts.rs", 5),
        ("src-tauri/core/src/agent/wire.rs", 1),
        ("src-tauri/core/src/app/import.rs", 1),
        ("src-tauri/core/src/app/prompts.rs", 1),
        ("src-tauri/core/src/assume/mfa.rs", 4),
        ("src-tauri/core/src/console/federation.rs", 4),
        ("src-tauri/core/src/handoff/page.rs", 1),
        ("src-tauri/core/src/keychain.rs", 1),
        ("src-tauri/core/src/keychain/mfa.rs", 2),
        ("src-tauri/core/src/output.rs", 4),
        ("src-tauri/core/src/secret.rs", 3),
        ("src-tauri/core/src/view/prompt.rs", 3),
    ]);
    let mut found = BTreeMap::new();
    for file in shipped_rust() {
        let text = read(&file);
        let count = without_tests(&text).matches(".expose_secret()").count();
        if count > 0 && !file.ends_with("/tests.rs") && !file.contains("/tests/") {
            found.insert(file, count);
        }
    }
    let found: BTreeMap<&str, usize> = found.iter().map(|(file, count)| (file.as_str(), *count)).collect();
    assert_eq!(found, expected);
}

#[test]
fn what_a_window_can_see_has_no_field_for_a_secret() {
    // What travels inward only, as it was entered, has a type that is named for it.
    for file in ["snapshot", "window", "answer", "prompt", "roles", "change", "import"] {
        let view = read(&format!("src-tauri/core/src/view/{file}.rs"));
        for secret in
            ["SecretString", "AccessKey", "SigninUrl", "TemporaryCredentials", "Arc<Session>", "Endpoint"]
        {
            assert!(!view.contains(&format!(": {secret},")), "{file}: {secret}");
        }
    }
    for generated in [
        "Snapshot",
        "SessionView",
        "SourceView",
        "RoleView",
        "WindowReply",
        "Answer",
        "FoundRoles",
        "FoundPages",
        "PastedView",
        "Failure",
    ] {
        let text = read(&format!("ui/src/generated/{generated}.ts")).to_lowercase();
        for word in ["secret", "token", "password", "signin_url"] {
            assert!(!text.replace("not a secret", "").contains(word), "{generated}.ts speaks of {word}");
        }
    }
}

#[test]
fn the_agent_makes_no_web_view_and_a_window_may_do_two_things_and_the_switcher_find() {
    let naming = files_with(&shipped_rust(), "WebviewWindowBuilder");
    assert_eq!(naming, ["src-tauri/src/page.rs"]);
    let config: Value = serde_json::from_str(&read("src-tauri/tauri.conf.json")).expect("it is JSON");
    assert_eq!(config["app"]["windows"], Value::from(Vec::<Value>::new()));
    assert_eq!(config["app"]["withGlobalTauri"], false);
    let security = &config["app"]["security"];
    assert_eq!(security["freezePrototype"], true);
    assert_eq!(
        security["csp"],
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src ipc: http://ipc.localhost; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let folder = root().join("src-tauri/capabilities");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    files.sort();
    assert_eq!(files, ["guide.json", "manager.json", "prompt.json", "switcher.json"]);
    for window in ["guide", "manager", "prompt", "switcher"] {
        let capability: Value = serde_json::from_str(&read(&format!("src-tauri/capabilities/{window}.json")))
            .expect("it is JSON");
        assert_eq!(capability["windows"], serde_json::json!([window]));
        let finds: &[&str] = if window == "switcher" { &["allow-find"] } else { &[] };
        let allowed = [&["allow-watch", "allow-ask"], finds].concat();
        assert_eq!(capability["permissions"], serde_json::json!(allowed));
    }
    assert!(read("src-tauri/build.rs").contains(r#".commands(&["watch", "ask", "find"])"#));
}

#[test]
fn files_are_replaced_in_one_step_or_appended_to() {
    let mut files = shipped_rust();
    files.retain(|file| {
        !file.ends_with("/tests.rs") && !file.contains("/tests/") && !file.contains("/tests/")
    });
    for way in ["fs::write(", "File::create(", ".truncate(true)"] {
        for file in &files {
            assert!(!without_tests(&read(file)).contains(way), "{file} writes with {way}");
        }
    }
}

#[test]
fn each_file_is_one_noun_with_a_sentence_at_its_head() {
    let mut files = shipped_rust();
    for folder in ["tests/aws-sim", "tests/it", "tests/desktop", "tests/bench"] {
        files.extend(sources(folder, &["rs"]));
    }
    files.extend(front_end());
    for file in files.into_iter().filter(|file| !file.contains("/generated/")) {
        let text = read(&file);
        assert!(text.lines().count() <= 500, "{file} has {} lines", text.lines().count());
        if Path::new(&file).extension().is_some_and(|ending| ending == "rs") {
            assert!(text.starts_with("//!"), "{file} does not say what it is for");
        }
        for line in text.lines() {
            for noun in ["Manager", "Service", "Helper", "Util", "Processor"] {
                for kind in ["struct", "enum", "trait", "class"] {
                    let named =
                        line.trim_start().trim_start_matches("pub ").strip_prefix(&format!("{kind} "));
                    let name = named
                        .and_then(|rest| rest.split([' ', '<', '(', '{', ';']).next())
                        .unwrap_or_default();
                    assert!(!name.ends_with(noun), "{file}: {name}");
                }
            }
        }
    }
}

#[test]
fn the_readme_and_ci_name_targets_that_are_there() {
    let makefile = read("Makefile");
    for page in ["README.md", ".ci/run"] {
        for target in
            read(page).split("make ").skip(1).filter_map(|rest| rest.split([' ', '`', '\n', ',', ':']).next())
        {
            let is_target = target.chars().all(|each| each.is_ascii_lowercase()) && !target.is_empty();
            if is_target && ["run", "test", "lint", "help", "ui", "build"].contains(&target) {
                assert!(makefile.contains(&format!("\n{target}:")), "{page} names make {target}");
            }
        }
    }
    assert!(read(".ci/run").contains("make test") && read("README.md").contains("make test"));
}

/// Every package that is linked into a program on this system.
fn dependencies(package: &str) -> Vec<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "tree",
        "--offline",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--package",
        package,
    ]);
    let output = cargo.current_dir(root()).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

fn shipped_rust() -> Vec<String> {
    sources("src-tauri", &["rs"])
}

fn front_end() -> Vec<String> {
    sources("ui/src", &["ts", "svelte"])
}

/// The paths below `folder` with one of these endings, from the root, with slashes.
fn sources(folder: &str, endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() && !["target", "gen", "node_modules", "dist"].contains(&name.as_str()) {
                folders.push(path);
            } else if endings.iter().any(|ending| name.ends_with(&format!(".{ending}"))) {
                let path =
                    path.strip_prefix(root()).expect("it is below the root").to_string_lossy().into_owned();
                found.push(path.replace('\\', "/"));
            }
        }
    }
    assert!(!found.is_empty(), "there is nothing in {folder}");
    found.sort();
    found
}

fn files_with(files: &[String], text: &str) -> Vec<String> {
    files.iter().filter(|file| read(file).contains(text)).cloned().collect()
}

/// The part of a file that ships.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the workspace").to_owned()
}
