//! Linux: read-only pages of the program and its libraries are let go, and free heap is returned.
//!
//! Loading the web view's libraries reads their tables of symbols and relocations, some 40 MB, which the agent never needs again:
//! it shows no page. They stay mapped where they were read. Let go, they are read again from the file, if ever.
#![allow(
    unsafe_code,
    reason = "no safe crate walks the loaded libraries or advises the system about their pages"
)]

use std::ffi::{c_int, c_void};
use std::ptr::null_mut;

use libc::{Elf64_Phdr, PF_W, PT_DYNAMIC, PT_LOAD, dl_phdr_info, size_t};

/// An entry of a library's dynamic section: what it is, and its value.
#[repr(C)]
struct Dynamic {
    tag: i64,
    value: u64,
}

const DT_NULL: i64 = 0;
const DT_TEXTREL: i64 = 22;
const DT_FLAGS: i64 = 30;
const DF_TEXTREL: u64 = 4;

/// Gives back what the system can get elsewhere.
pub(super) fn give_back() {
    // SAFETY: glibc returns free memory only.
    #[cfg(target_env = "gnu")]
    unsafe {
        libc::malloc_trim(0);
    }
    // SAFETY: the callback gets what the loader promises. The loader's lock is held meanwhile, so no library comes or goes.
    unsafe {
        libc::dl_iterate_phdr(Some(let_go), null_mut());
    }
}

/// Lets go the pages of one library that are as they are in its file.
unsafe extern "C" fn let_go(library: *mut dl_phdr_info, _size: size_t, _data: *mut c_void) -> c_int {
    // SAFETY: the loader gives a valid description of a loaded library for the time of the call.
    let (base, segments) = unsafe {
        let library = &*library;
        (library.dlpi_addr, std::slice::from_raw_parts(library.dlpi_phdr, library.dlpi_phnum.into()))
    };
    // SAFETY: it is the library that the segments are of.
    if unsafe { is_relocated_in_place(base, segments) } {
        return 0;
    }
    // SAFETY: no more than a question.
    let page = u64::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(u64::MAX);
    for segment in segments.iter().filter(|each| each.p_type == PT_LOAD && each.p_flags & PF_W == 0) {
        let start = (base + segment.p_vaddr).next_multiple_of(page);
        let end = (base + segment.p_vaddr + segment.p_memsz) / page * page;
        let Ok(length @ 1..) = size_t::try_from(end.saturating_sub(start)) else { continue };
        // SAFETY: nobody can write there, and nothing was relocated there, so the file has the same to be read again.
        unsafe {
            libc::madvise(start as *mut c_void, length, libc::MADV_DONTNEED);
        }
    }
    0
}

/// Whether the loader wrote into segments that are read-only otherwise: what is there is in no file.
///
/// # Safety
///
/// The segments must be those of a library that is loaded at `base`.
unsafe fn is_relocated_in_place(base: u64, segments: &[Elf64_Phdr]) -> bool {
    let Some(dynamic) = segments.iter().find(|each| each.p_type == PT_DYNAMIC) else { return false };
    let mut entry = (base + dynamic.p_vaddr) as *const Dynamic;
    loop {
        // SAFETY: the section is an array of entries that ends with DT_NULL.
        let Dynamic { tag, value } = unsafe { &*entry };
        match *tag {
            DT_NULL => return false,
            DT_TEXTREL => return true,
            DT_FLAGS if value & DF_TEXTREL != 0 => return true,
            _ => {}
        }
        // SAFETY: the last entry has not come yet.
        entry = unsafe { entry.add(1) };
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::FileExt;

    use super::*;

    /// How many pages of these bytes are mapped, of how many. See the kernel's `pagemap`: eight bytes a page, of which the
    /// highest bit says so.
    fn mapped(bytes: &[u8]) -> (usize, usize) {
        const PAGE: usize = 4096;
        let first = (bytes.as_ptr() as usize).div_ceil(PAGE);
        let count = bytes.len() / PAGE - 1;
        let mut pages = vec![0; count * 8];
        let map = fs::File::open("/proc/self/pagemap").expect("the kernel tells");
        map.read_exact_at(&mut pages, first as u64 * 8).expect("an entry a page");
        (pages.chunks_exact(8).filter(|page| page[7] & 0x80 != 0).count(), count)
    }

    #[test]
    fn what_is_let_go_is_less_and_is_there_again_when_it_is_needed() {
        // The kernel maps up to 16 pages around one that is needed, so those at the ends may be wanted by others.
        const AROUND: usize = 16 * 4096;
        let table: &'static [u8] = include_bytes!("../../../Cargo.lock");
        let sum = || table.iter().map(|byte| u64::from(*byte)).sum::<u64>();
        let (read, inner) = (sum(), &table[AROUND..table.len() - AROUND]);
        let (before, count) = mapped(inner);
        assert!(before == count && count > 3, "{before} of {count}");
        give_back();
        assert_eq!(mapped(inner), (0, count));
        assert_eq!(sum(), read);
    }
}
