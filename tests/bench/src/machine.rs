//! What kind of machine the figures were taken on: kinds and sizes, and no name that is somebody's.

use std::fs;
use std::thread::available_parallelism;

/// A sentence on the machine, and how busy it was before the figures were taken.
pub fn describe() -> String {
    let cores = available_parallelism().map_or(0, usize::from);
    let memory =
        field("/proc/meminfo", "MemTotal:").and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    let memory = memory.map_or(0.0, |kilobytes| (kilobytes / 1024.0 / 1024.0).round());
    let kind = match field("/proc/cpuinfo", "flags") {
        Some(flags) if flags.split(' ').any(|flag| flag == "hypervisor") => "a virtual machine",
        _ => "a machine",
    };
    let system = field("/etc/os-release", "PRETTY_NAME=").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let kernel: Vec<&str> = kernel.trim().split(['.', '-']).take(2).collect();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!(
        "Taken on {kind} with {cores} cores and {memory:.0} GB ({}, Linux {}, {}), at a load of {}, with Guise {}.",
        std::env::consts::ARCH,
        kernel.join("."),
        system.trim_matches('"'),
        load.split(' ').next().unwrap_or("?"),
        env!("CARGO_PKG_VERSION"),
    )
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim_start_matches(['\t', ' ', ':']).to_owned())
}
