//! The AWS console from outside: its hosts, its pages and the federation exchange, all as values.

mod destination;
mod endpoints;
mod federation;

pub use destination::Destination;
pub use endpoints::{Endpoint, Endpoints, HostChoice, Hosts};
pub use federation::{Exchange, Exchanged, SendDuration};
