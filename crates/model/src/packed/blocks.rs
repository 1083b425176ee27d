//! Packed values as a file: blocks of bytes, each behind its length and its hash, so that what was damaged, cut off or put in
//! another order is not taken for what was written.

use std::hash::Hasher as _;
use std::io::{self, Read, Write};

use twox_hash::XxHash3_64;

use super::{Input, Output, Packed};

/// What every file begins with.
const MARK: [u8; 8] = *b"hoptac\r\n";
/// No block that was written is longer.
const LONGEST: u32 = 1 << 30;

/// Why a file is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is none.
    Missing,
    /// It cannot be read, or is not what was written.
    Damaged,
    /// It is of something else than what is asked for.
    Other,
}

/// Writes a head and what belongs to it.
pub fn write(
    file: &mut impl Write,
    head: &impl Packed,
    contents: impl FnOnce(&mut Output<'_>),
) -> io::Result<()> {
    file.write_all(&MARK)?;
    let mut number = 0;
    let mut failed = None;
    let mut take = |block: &[u8]| {
        if block.is_empty() || failed.is_some() {
            return;
        }
        failed = put(file, number, block).err();
        number += 1;
    };
    let mut out = Output::new(&mut take);
    head.write(&mut out);
    out.end();
    // The head is a block of its own, so that nothing behind it is read where it does not fit.
    let mut out = Output::new(&mut take);
    contents(&mut out);
    out.end();
    match failed {
        Some(error) => Err(error),
        None => put(file, number, &[]),
    }
}

fn put(file: &mut impl Write, number: u64, block: &[u8]) -> io::Result<()> {
    let length = u32::try_from(block.len()).ok().filter(|length| *length <= LONGEST);
    let length = length.ok_or(io::ErrorKind::FileTooLarge)?;
    file.write_all(&length.to_le_bytes())?;
    file.write_all(&hash_of(number, block).to_le_bytes())?;
    file.write_all(block)
}

/// Reads what belongs to a head, where the head fits.
pub fn read<H: Packed, T>(
    file: impl Read,
    fits: impl FnOnce(&H) -> bool,
    contents: impl FnOnce(&mut Input<'_>) -> Option<T>,
) -> Result<(H, T), Refusal> {
    let mut blocks = Blocks { file, number: 0, ended: false };
    let mut mark = [0; MARK.len()];
    blocks.file.read_exact(&mut mark).map_err(|_| Refusal::Damaged)?;
    if mark != MARK {
        return Err(Refusal::Damaged);
    }
    let mut next = |block: &mut Vec<u8>| blocks.next(block);
    let mut input = Input::new(&mut next);
    let head = H::read(&mut input).ok_or(Refusal::Damaged)?;
    if !fits(&head) {
        return Err(Refusal::Other);
    }
    let read = contents(&mut input).filter(|_| input.is_at_end()).ok_or(Refusal::Damaged)?;
    // What ends without its last block was cut off.
    if blocks.ended { Ok((head, read)) } else { Err(Refusal::Damaged) }
}

/// The blocks of a file: each its length, its hash and its bytes. The last one is empty and nothing stands behind it.
struct Blocks<R> {
    file: R,
    /// The number of the next block, which its hash is seeded with: a block in the place of another one is found out.
    number: u64,
    /// Whether the last block was there.
    ended: bool,
}

impl<R: Read> Blocks<R> {
    /// Reads the next block; says whether there is one that is what was written.
    fn next(&mut self, block: &mut Vec<u8>) -> bool {
        if self.ended {
            return false;
        }
        let is_right = self.read(block).unwrap_or(false);
        is_right && !self.ended
    }

    fn read(&mut self, block: &mut Vec<u8>) -> io::Result<bool> {
        let (mut length, mut hash) = ([0; 4], [0; 8]);
        self.file.read_exact(&mut length)?;
        self.file.read_exact(&mut hash)?;
        let length = u32::from_le_bytes(length);
        if length > LONGEST {
            return Ok(false);
        }
        let count = usize::try_from(length).unwrap_or(0);
        block.clear();
        self.file.by_ref().take(length.into()).read_to_end(block)?;
        if block.len() != count || hash_of(self.number, block) != u64::from_le_bytes(hash) {
            return Ok(false);
        }
        self.number += 1;
        if count == 0 {
            self.ended = self.file.read(&mut [0])? == 0;
            return Ok(self.ended);
        }
        Ok(true)
    }
}

fn hash_of(number: u64, block: &[u8]) -> u64 {
    let mut hasher = XxHash3_64::with_seed(number);
    hasher.write(block);
    hasher.finish()
}
