//! Linux: whose a loopback connection is, from the kernel's own table.

use std::net::{IpAddr, SocketAddr};

/// Whether the connection that comes from `peer` to `local` belongs to our user. One that is not in the table, or whose
/// owner has already let go of it, does not.
pub(super) fn is_ours(peer: SocketAddr, local: SocketAddr) -> bool {
    let user = rustix::process::geteuid().as_raw();
    // The kernel adds a row before the connection can be accepted, so one look is enough.
    std::fs::read_to_string("/proc/net/tcp").is_ok_and(|table| owner(&table, peer, local) == Some(user))
}

/// The user who holds the end at `peer`. A row has: number, own end, other end, state, queues, timer, retries, user.
fn owner(table: &str, peer: SocketAddr, local: SocketAddr) -> Option<u32> {
    let (own, other) = (written(peer)?, written(local)?);
    table.lines().find_map(|row| {
        let mut fields = row.split_ascii_whitespace().skip(1);
        let matches = fields.next()? == own && fields.next()? == other;
        // 01 is an established connection; a closed one is listed as root's.
        if !matches || fields.next()? != "01" {
            return None;
        }
        fields.nth(3)?.parse().ok()
    })
}

/// An address as the table writes it: the bytes of the address as one number of the machine's own order, then the port.
fn written(address: SocketAddr) -> Option<String> {
    match address.ip() {
        IpAddr::V4(ip) => Some(format!("{:08X}:{:04X}", u32::from_ne_bytes(ip.octets()), address.port())),
        IpAddr::V6(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_of_the_other_end_names_its_user() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
            0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0\n\
            1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 20 4 0 10 -1\n\
            2: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1234        0 3 1 0 20 4 0 10 -1\n\
            3: 0100007F:C351 0100007F:1F90 06 00000000:00000000 00:00000000 00000000     0        0 0 1 0 20 4 0 10 -1\n";
        let local = "127.0.0.1:8080".parse().unwrap();
        if cfg!(target_endian = "little") {
            assert_eq!(owner(table, "127.0.0.1:50000".parse().unwrap(), local), Some(1234));
            assert_eq!(
                owner(table, "127.0.0.1:50001".parse().unwrap(), local),
                None,
                "TIME_WAIT is nobody's"
            );
            assert_eq!(owner(table, "127.0.0.1:50002".parse().unwrap(), local), None);
        }
    }

    #[test]
    fn our_own_connection_is_ours() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (_server, peer) = listener.accept().unwrap();
        assert_eq!(peer, client.local_addr().unwrap());
        assert!(is_ours(peer, listener.local_addr().unwrap()));
        drop(client);
        assert!(!is_ours("127.0.0.1:1".parse().unwrap(), listener.local_addr().unwrap()));
    }
}
