//! Programs that give a code, and those that do not.
#![cfg(unix)]

use super::*;
use crate::failure::Code;
use crate::secret::ExposeSecret;

async fn code(command: &[&str]) -> Result<SecretString, Failure> {
    let command: Vec<String> = command.iter().map(|&word| word.to_owned()).collect();
    ProcessCodes.code(&command).await
}

#[tokio::test]
async fn a_command_gives_one_line() {
    assert_eq!(code(&["echo", "123456"]).await.unwrap().expose_secret(), "123456");
    assert_eq!(code(&["printf", "123456"]).await.unwrap().expose_secret(), "123456");
}

#[tokio::test]
async fn no_shell_reads_the_command() {
    assert_eq!(code(&["echo", "$HOME;", "`id`"]).await.unwrap().expose_secret(), "$HOME; `id`");
    assert_eq!(code(&["echo 123456"]).await.unwrap_err().code, Code::CommandFailed);
}

#[tokio::test]
async fn what_gives_no_code_is_a_named_failure_without_its_output() {
    for command in [&["printf", "111222\n333444\n"][..], &["true"], &["head", "-c", "4096", "/dev/zero"]] {
        let failure = code(command).await.and_then(|text| {
            crate::assume::MfaCode::read(&text).map(|_| text).map_err(|_| Failure::mfa_process_no_code())
        });
        let failure = failure.unwrap_err();
        assert_eq!(failure.code, Code::CommandFailed, "{command:?}");
        assert!(!failure.to_string().contains("111222"), "{failure}");
    }
    let failure = code(&["false"]).await.unwrap_err();
    assert!(failure.message.contains("false"), "{failure}");
    assert_eq!(code(&["/no/such/program"]).await.unwrap_err().code, Code::CommandFailed);
    assert_eq!(code(&[]).await.unwrap_err().code, Code::CommandFailed);
}

#[tokio::test]
async fn what_a_command_leaves_running_is_not_waited_for() {
    let begun = std::time::Instant::now();
    let code = code(&["sh", "-c", "sleep 20 & echo 123456"]).await.unwrap();
    assert_eq!(code.expose_secret(), "123456");
    assert!(begun.elapsed() < Duration::from_secs(10));
}
