//! Recognizes executables by their structure. Text may begin with the same two or four bytes.

/// The message of programs that DOS cannot run. It precedes the header of almost every Windows program.
const DOS_MESSAGES: [&[u8]; 2] = [b"This program cannot be run in DOS mode", b"This program must be run under Win32"];

/// The processors of Mach-O: x86, ARM and PowerPC, each with 32 and 64 bits.
const MACH_O_PROCESSORS: [u32; 6] = [7, 0x0100_0007, 12, 0x0100_000C, 18, 0x0100_0012];

/// Returns whether a file with these first bytes is an executable of Windows (PE), Linux (ELF) or macOS (Mach-O).
pub(super) fn is_executable(head: &[u8]) -> bool {
    is_pe(head) || is_elf(head) || is_mach_o(head)
}

/// The position of the header is at 0x3C (<https://learn.microsoft.com/windows/win32/debug/pe-format>).
fn is_pe(head: &[u8]) -> bool {
    if !head.starts_with(b"MZ") {
        return false;
    }
    let header = little_endian(head, 0x3C).and_then(|at| head.get(usize::try_from(at).ok()?..));
    // The header may lie behind the first bytes.
    header.is_some_and(|header| header.starts_with(b"PE\0\0"))
        || head.contains(&0) && DOS_MESSAGES.iter().any(|message| contains(head, message))
}

/// Class, byte order and version follow the magic number (elf(5)).
fn is_elf(head: &[u8]) -> bool {
    matches!(head, [0x7F, b'E', b'L', b'F', 1 | 2, 1 | 2, 1, ..])
}

/// The processor and the kind of file follow the magic number. A class of Java has the same magic number as a file for
/// several processors.
fn is_mach_o(head: &[u8]) -> bool {
    let numbers =
        |read: fn(&[u8], usize) -> Option<u32>, first: usize, second: usize| read(head, first).zip(read(head, second));
    let of_one = |read| {
        numbers(read, 4, 12)
            .is_some_and(|(processor, kind)| MACH_O_PROCESSORS.contains(&processor) && (1..=12).contains(&kind))
    };
    let of_several = || {
        numbers(big_endian, 4, 8)
            .is_some_and(|(count, processor)| (1..=30).contains(&count) && MACH_O_PROCESSORS.contains(&processor))
    };
    match head {
        [0xCE | 0xCF, 0xFA, 0xED, 0xFE, ..] => of_one(little_endian),
        [0xFE, 0xED, 0xFA, 0xCE | 0xCF, ..] => of_one(big_endian),
        [0xCA, 0xFE, 0xBA, 0xBE | 0xBF, ..] => of_several(),
        _ => false,
    }
}

fn little_endian(head: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?))
}

fn big_endian(head: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?))
}

pub(super) fn contains(head: &[u8], needle: &[u8]) -> bool {
    head.windows(needle.len()).any(|window| window == needle)
}
