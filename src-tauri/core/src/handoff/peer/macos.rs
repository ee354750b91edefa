//! macOS: whose a loopback connection is. Only our own processes can be looked into, so a connection that is found
//! among them is ours.

use std::net::SocketAddr;

use libproc::libproc::bsd_info::BSDInfo;
use libproc::libproc::file_info::{ListFDs, ProcFDType, pidfdinfo};
use libproc::libproc::net_info::{SocketFDInfo, SocketInfoKind};
use libproc::libproc::proc_pid::{listpidinfo, pidinfo};
use libproc::processes::{ProcFilter, pids_by_type};

/// Whether the connection that comes from `peer` to `local` belongs to our user.
pub(super) fn is_ours(peer: SocketAddr, local: SocketAddr) -> bool {
    let user = rustix::process::geteuid().as_raw();
    let processes = pids_by_type(ProcFilter::ByUID { uid: user }).unwrap_or_default();
    processes
        .into_iter()
        .filter_map(|process| i32::try_from(process).ok())
        .any(|process| holds(process, peer, local))
}

fn holds(process: i32, peer: SocketAddr, local: SocketAddr) -> bool {
    let Ok(info) = pidinfo::<BSDInfo>(process, 0) else { return false };
    let files = listpidinfo::<ListFDs>(process, info.pbi_nfiles as usize).unwrap_or_default();
    files.into_iter().filter(|file| matches!(ProcFDType::from(file.proc_fdtype), ProcFDType::Socket)).any(
        |file| {
            let Ok(socket) = pidfdinfo::<SocketFDInfo>(process, file.proc_fd) else { return false };
            if !matches!(SocketInfoKind::from(socket.psi.soi_kind), SocketInfoKind::Tcp) {
                return false;
            }
            tcp_ports(&socket) == (peer.port(), local.port())
        },
    )
}

#[allow(unsafe_code, reason = "the system's answer is a union, whose kind was checked")]
fn tcp_ports(socket: &SocketFDInfo) -> (u16, u16) {
    // SAFETY: the caller has checked that the kind is TCP, for which the kernel fills `pri_tcp`.
    let ends = unsafe { socket.psi.soi_proto.pri_tcp.tcpsi_ini };
    // Ports are in network order in the low 16 bits.
    let port = |raw: i32| u16::try_from(raw & 0xffff).map(u16::from_be).unwrap_or_default();
    (port(ends.insi_lport), port(ends.insi_fport))
}
