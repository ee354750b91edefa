//! The table of ways, read.

/// One row.
#[derive(Debug)]
pub(super) struct Row {
    /// Its place among the rows.
    pub(super) number: usize,
    /// The kind of source.
    pub(super) source: &'static str,
    /// Whether the source's user has an MFA device.
    pub(super) device: bool,
    /// What the role says about MFA.
    pub(super) mfa: Option<&'static str>,
    /// The roles on the way, with what each asks for.
    pub(super) way: Vec<(&'static str, Option<&'static str>)>,
    /// What the role asks for.
    pub(super) asks: Option<&'static str>,
    /// The role's own maximum, in seconds.
    pub(super) allows: u32,
    /// The calls.
    pub(super) calls: Vec<&'static str>,
}

impl Row {
    /// The name in the catalog and in IAM of one of the row's roles.
    pub(super) fn role(&self, which: &str) -> String {
        format!("row{}{which}", self.number)
    }

    /// The source's name in the catalog. What keeps an MFA session is the row's own.
    pub(super) fn source_name(&self) -> String {
        if self.device { format!("ada{}", self.number) } else { self.source.to_owned() }
    }

    /// Whether the first role on the way demands a code.
    pub(super) fn needs_code(&self) -> bool {
        self.device && self.mfa != Some("off")
    }
}

/// Every row of the table.
pub(super) fn rows() -> Vec<Row> {
    let lines = include_str!("table.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.enumerate().map(|(number, line)| row(number, line)).collect()
}

fn row(number: usize, line: &'static str) -> Row {
    let fields: Vec<&str> = line.split('|').map(str::trim).collect();
    let [source, mfa, way, asks, allows, calls] = fields[..] else { panic!("`{line}` has not six fields") };
    let said = |field: &'static str| (field != "-").then_some(field);
    let (kind, device) = match source {
        "device" => ("key", true),
        "static device" => ("static", true),
        other => (other, false),
    };
    Row {
        number,
        source: kind,
        device,
        mfa: said(mfa),
        way: said(way).into_iter().flat_map(str::split_whitespace).map(step).collect(),
        asks: said(asks),
        allows: hours(allows),
        calls: calls.split("; ").collect(),
    }
}

fn step(text: &'static str) -> (&'static str, Option<&'static str>) {
    text.split_once(':').map_or((text, None), |(name, duration)| (name, Some(duration)))
}

fn hours(text: &str) -> u32 {
    text.strip_suffix('h').and_then(|number| number.parse::<u32>().ok()).expect("hours") * 3600
}
