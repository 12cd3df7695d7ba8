//! Data that only waiting functions can reach waits with them.
//!
//! Code names data by its address, so any number that lies in a piece of data counts as naming it, and so does a word of other
//! data; some pieces are kept back for nothing. Linked as `lean` has it, each constant is a piece of its own.

use super::module::Module;
use anyhow::Result;
use std::collections::BTreeSet;
use std::ops::Range;
use wasm_encoder::{ConstExpr, DataSection};

/// A piece of data, put into memory when the module starts.
pub struct Piece {
    /// Its first address.
    pub start: u32,
    /// Where its bytes are in the file.
    pub range: Range<u64>,
}

/// A table may be named by an address a little before it, where counting does not begin with zero.
const BEFORE: u32 = 16;
/// The least that is a table.
const TABLE: u32 = 64;
/// Bounds of what is a letter (Unicode has no number from 0x11_0000 on): they are everywhere in code that reads
/// text, and lie in the middle of the data.
const BOUNDS_OF_LETTERS: [u32; 4] = [0x10_f800, 0x10_ffff, 0x11_0000, 0x11_0001];
/// Data names what is longer than this by its beginning only: the words of long tables of numbers look like addresses everywhere.
const LONG: u32 = 1000;
/// Pieces this close become one: their heads would take as much.
const CLOSE: u32 = 16;

impl Piece {
    fn length(&self) -> u32 {
        u32::try_from(self.range.end - self.range.start).unwrap_or(u32::MAX)
    }

    fn end(&self) -> u32 {
        self.start.saturating_add(self.length())
    }
}

/// Numbers of the pieces that functions reach which stay.
pub fn needed(module: &Module, stays: impl Fn(u32) -> bool) -> BTreeSet<usize> {
    let mut met = BTreeSet::new();
    let mut open: Vec<usize> = numbers(module, stays).flat_map(|number| named(module, number)).collect();
    while let Some(place) = open.pop() {
        if let Some(piece) = module.data.get(place)
            && met.insert(place)
        {
            open.extend(words(module, piece).flat_map(|word| {
                let begins =
                    move |place: &usize| module.data.get(*place).is_some_and(|piece| piece.start == word || piece.length() <= LONG);
                named(module, word).filter(begins)
            }));
        }
    }
    // What lies between two needed pieces and is no longer than a gap goes with them.
    let between: Vec<usize> = (1..module.data.len())
        .filter(|place| {
            let around = module.data.get(place - 1).zip(module.data.get(place + 1));
            let closed = around.is_some_and(|(before, after)| after.start - before.end() <= CLOSE);
            closed && met.contains(&(place - 1)) && met.contains(&(place + 1))
        })
        .collect();
    met.extend(between);
    met
}

/// Functions that the code of these calls through a table, or may: those whose place it names, or the data that it reaches.
pub fn functions(module: &Module, from: &BTreeSet<u32>) -> BTreeSet<u32> {
    let stays = |function| from.contains(&function);
    let pieces = needed(module, stays);
    let in_data = pieces.iter().filter_map(|place| module.data.get(*place)).flat_map(|piece| words(module, piece));
    numbers(module, stays).chain(in_data).filter_map(|number| module.places.get(&number).copied()).collect()
}

/// The numbers in the code of functions that stay.
fn numbers(module: &Module, stays: impl Fn(u32) -> bool) -> impl Iterator<Item = u32> {
    let bodies = (module.imported..).zip(&module.bodies).filter(move |(function, _)| stays(*function));
    bodies.flat_map(|(_, body)| body.numbers.iter().copied())
}

/// The pieces an address may belong to. Just behind a short table it may be its end, and shortly before one its beginning; nothing
/// reads texts or long tables backwards, nor texts by a number that does not begin with zero.
fn named(module: &Module, address: u32) -> impl Iterator<Item = usize> {
    let data = &module.data;
    let after = data.partition_point(|piece| piece.start <= address.saturating_add(BEFORE));
    let before = data.partition_point(|piece| piece.end() < address);
    let begins = data.binary_search_by_key(&address, |piece| piece.start).is_ok();
    let none = !begins && BOUNDS_OF_LETTERS.contains(&address);
    (before..after).filter(move |place| {
        data.get(*place).is_some_and(|piece| {
            let within = piece.start <= address && address < piece.end();
            let ends = address == piece.end() && !(begins && (is_text(module, piece) || piece.length() > LONG));
            let follows = address < piece.start && piece.length() >= TABLE && !begins && !is_text(module, piece);
            !none && (within || ends || follows)
        })
    })
}

fn is_text(module: &Module, piece: &Piece) -> bool {
    let text = module.bytes(&piece.range).ok().and_then(|bytes| std::str::from_utf8(bytes).ok());
    text.is_some_and(|text| !text.contains(|letter: char| letter.is_control() && letter != '\n' && letter != '\t'))
}

/// The words of a piece, as they lie in memory.
fn words(module: &Module, piece: &Piece) -> impl Iterator<Item = u32> {
    let bytes = module.bytes(&piece.range).unwrap_or_default();
    let skipped = usize::try_from(piece.start.wrapping_neg() % 4).unwrap_or_default();
    let aligned = bytes.get(skipped..).unwrap_or_default();
    aligned.chunks_exact(4).filter_map(|word| Some(u32::from_le_bytes(word.try_into().ok()?)))
}

/// The chosen pieces, neighbours joined.
pub fn encode(module: &Module, chosen: impl Fn(usize) -> bool) -> Result<DataSection> {
    let mut joined: Vec<(u32, Vec<u8>, usize)> = Vec::new();
    for (place, piece) in module.data.iter().enumerate().filter(|(place, _)| chosen(*place)) {
        let bytes = module.bytes(&piece.range)?;
        match joined.last_mut() {
            // Nothing but room between them.
            Some((start, before, last)) if *last + 1 == place && piece.start - (*start + u32::try_from(before.len())?) <= CLOSE => {
                before.resize(usize::try_from(piece.start - *start)?, 0);
                before.extend(bytes);
                *last = place;
            }
            _ => joined.push((piece.start, bytes.to_vec(), place)),
        }
    }
    let mut section = DataSection::new();
    for (start, bytes, _) in joined {
        section.active(0, &ConstExpr::i32_const(start.cast_signed()), bytes);
    }
    Ok(section)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table at 1,000, a text behind it, a short piece, and a table some way off.
    fn module(wasm: &[u8]) -> Module<'_> {
        let data = [(1000, 0..64), (1064, 64..70), (1070, 70..78), (1200, 80..160)];
        Module { data: data.map(|(start, range)| Piece { start, range }).into(), ..Module::empty(wasm) }
    }

    #[test]
    fn an_address_names_what_it_is_in_what_ends_there_and_a_table_shortly_after() {
        let mut wasm = vec![0; 160];
        wasm.splice(64..70, *b"a text");
        let module = module(&wasm);
        let named = |address| named(&module, address).collect::<Vec<_>>();
        assert_eq!(named(1005), [0]);
        assert_eq!(named(1064), [0, 1]);
        assert_eq!(named(1067), [1]);
        assert_eq!(named(1070), [2]);
        assert_eq!(named(1078), [2]);
        assert_eq!(named(1079), [0; 0]);
        assert_eq!(named(1190), [3]);
        assert_eq!(named(1000), [0]);
        assert_eq!(named(990), [0]);
        assert_eq!(named(u32::MAX), [0; 0]);
    }

    #[test]
    fn words_lie_as_in_memory() {
        let piece = Piece { start: 1022, range: 0..10 };
        let module = Module::empty(&[9, 9, 1, 0, 0, 0, 2, 1, 0, 0]);
        assert_eq!(words(&module, &piece).collect::<Vec<_>>(), [1, 258]);
    }
}
