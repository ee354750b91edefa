//! The property list of a launch agent.

/// A launch agent that starts a command when the person signs in, and not again when it ends.
pub(super) fn written(name: &str, command: &[String]) -> String {
    let arguments: String =
        command.iter().map(|argument| format!("\t\t<string>{}</string>\n", escaped(argument))).collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>{}</string>
	<key>ProgramArguments</key>
	<array>
{arguments}	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>LimitLoadToSessionType</key>
	<string>Aqua</string>
	<key>ProcessType</key>
	<string>Interactive</string>
</dict>
</plist>
"#,
        escaped(name)
    )
}

/// Whether the person switched it off by hand. What they switch off in the system's settings the system keeps elsewhere.
pub(super) fn is_switched_off(list: &str) -> bool {
    list.contains("<key>Disabled</key>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_argument_is_a_string_of_its_own() {
        let list =
            written("org.guise.Guise", &["/Applications/A & <B>/guise".to_owned(), "--login".to_owned()]);
        assert!(list.contains(
            "\t\t<string>/Applications/A &amp; &lt;B&gt;/guise</string>\n\t\t<string>--login</string>\n"
        ));
        assert!(!is_switched_off(&list));
    }
}
