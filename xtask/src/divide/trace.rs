//! A module that notes which of its functions are called, and lists of functions.

use super::module::Module;
use super::rewrite::{globals, rewritten};
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use wasm_encoder::reencode::{Reencode as _, RoundtripReencoder};
use wasm_encoder::{CodeSection, Encode as _, ExportKind, ExportSection, Instruction, SectionId};
use wasmparser::{BinaryReader, ExportSectionReader, FunctionBody};

/// What the name of an exported global begins with, which becomes 1 when a function is called; the number of the function follows.
const CALLED: &str = "called";
/// Bytes of a function that what stands in for it would take as well.
const SMALL: u64 = 40;

/// In names of what compares keys of hash tables: whether it is called is chance, for their hashes are random.
const BY_CHANCE: &str = "equivalent_key";

/// The same program, noting its calls.
pub fn noted(wasm: &[u8]) -> Result<Vec<u8>> {
    let module = Module::read(wasm)?;
    let count = u32::try_from(module.bodies.len())?;
    let before = u32::try_from(module.globals.len())?;
    rewritten(module.wasm, &module.sections, |encoded, id, reader| {
        match id {
            id if id == SectionId::Custom as u8 => {}
            id if id == SectionId::Global as u8 => {
                encoded.section(&globals(reader, count)?);
            }
            id if id == SectionId::Export as u8 => {
                let mut exports = ExportSection::new();
                RoundtripReencoder.parse_export_section(&mut exports, ExportSectionReader::new(reader)?)?;
                for body in 0..count {
                    exports.export(&format!("{CALLED}{}", module.imported + body), ExportKind::Global, before + body);
                }
                encoded.section(&exports);
            }
            id if id == SectionId::Code as u8 => {
                let mut code = CodeSection::new();
                for (global, body) in (before..).zip(&module.bodies) {
                    code.raw(&noting(module.bytes(&body.range)?, global)?);
                }
                encoded.section(&code);
            }
            _ => return Ok(false),
        }
        Ok(true)
    })
}

/// A function that begins with setting its global.
fn noting(body: &[u8], global: u32) -> Result<Vec<u8>> {
    let begins = FunctionBody::new(BinaryReader::new(body, 0)).get_operators_reader()?.original_position();
    let (locals, code) = body.split_at_checked(usize::try_from(begins)?).context("a function without code")?;
    let mut noting = locals.to_vec();
    Instruction::I32Const(1).encode(&mut noting);
    Instruction::GlobalSet(global).encode(&mut noting);
    noting.extend(code);
    Ok(noting)
}

/// Lines of a list (`covers`) of those functions, but of none of the others. A line is as short as can be: what is new where others
/// wait waits as well, and what is new elsewhere stays. What is called by chance is in no list, and so with those who call it.
pub fn lines(wasm: &[u8], waits: impl Fn(u32) -> bool, stays: impl Fn(u32) -> bool) -> Result<BTreeSet<String>> {
    let module = Module::read(wasm)?;
    let names = || module.names.iter().map(|(function, name)| (*function, name.as_str()));
    let staying: BTreeSet<&str> =
        names().filter(|(function, name)| stays(*function) || name.contains(BY_CHANCE)).map(|(_, name)| name).collect();
    let free = |path: &str| !staying.range(path..).next().is_some_and(|next| next.starts_with(path));
    let is_small = |function: u32| module.body(function).is_none_or(|body| body.range.end - body.range.start <= SMALL);
    let listed = names().filter(|(function, name)| waits(*function) && !is_small(*function) && !name.contains(BY_CHANCE));
    Ok(listed
        .map(|(_, name)| {
            let mut beginnings = name.match_indices("::").filter_map(|(place, between)| name.get(..place + between.len()));
            beginnings.find(|path| free(path)).map_or_else(|| format!("^{name}$"), |path| format!("^{path}"))
        })
        .collect())
}
