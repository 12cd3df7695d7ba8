//! A module written again, some of its sections otherwise.

use anyhow::{Context, Result};
use std::ops::Range;
use wasm_encoder::reencode::{Reencode as _, RoundtripReencoder};
use wasm_encoder::{ConstExpr, GlobalSection, GlobalType, Module, RawSection, ValType};
use wasmparser::{BinaryReader, GlobalSectionReader};

/// A piece of the file.
pub fn cut<'wasm>(wasm: &'wasm [u8], range: &Range<u64>) -> Result<&'wasm [u8]> {
    wasm.get(usize::try_from(range.start)?..usize::try_from(range.end)?).context("a piece beyond the end")
}

/// The module with the sections that `write` takes upon itself, which it says, and all others as they are.
pub fn rewritten<'wasm>(
    wasm: &'wasm [u8],
    sections: &[(u8, Range<u64>)],
    mut write: impl FnMut(&mut Module, u8, BinaryReader<'wasm>) -> Result<bool>,
) -> Result<Vec<u8>> {
    let mut encoded = Module::new();
    for (id, range) in sections {
        let data = cut(wasm, range)?;
        if !write(&mut encoded, *id, BinaryReader::new(data, range.start))? {
            encoded.section(&RawSection { id: *id, data });
        }
    }
    Ok(encoded.finish())
}

/// The globals of a module, and so many more that begin with 0.
pub fn globals(reader: BinaryReader<'_>, more: u32) -> Result<GlobalSection> {
    let mut globals = GlobalSection::new();
    RoundtripReencoder.parse_global_section(&mut globals, GlobalSectionReader::new(reader)?)?;
    for _ in 0..more {
        globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(0));
    }
    Ok(globals)
}
