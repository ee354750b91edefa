//! The AWS console from outside: its hosts, its pages and the federation exchange, all as values.

mod destination;
mod endpoints;
mod federation;
mod services;

pub use destination::Destination;
pub(crate) use endpoints::public_domain;
pub use endpoints::{Endpoint, Endpoints, HostChoice, Hosts};
pub use federation::{Exchange, Exchanged, SendDuration};
pub use services::ConsoleEntry;
