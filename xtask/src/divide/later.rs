//! A module that follows: the functions that wait for it, and everything else from those before it.

use super::Division;
use super::data;
use super::first::{ARRIVED, bridge, lender, name};
use super::module::Module;
use anyhow::{Context, Result, anyhow};
use std::borrow::Cow;
use std::collections::HashMap;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function, FunctionSection, GlobalType,
    ImportSection, RawSection, SectionId, StartSection, ValType,
};
use wasmparser::{BinaryReader, FunctionBody};

pub fn encode(module: &Module, division: &Division, part: usize) -> Result<Vec<u8>> {
    let mut encoded = wasm_encoder::Module::new();
    let (_, types) = module.sections.iter().find(|(number, _)| *number == SectionId::Type as u8).context("no types")?;
    encoded.section(&RawSection { id: SectionId::Type as u8, data: module.bytes(types)? });
    let own = division.parts.get(part - 1).context("a part beyond the last")?;
    let (imports, borrowed) = imports(module, division, part)?;
    encoded.section(&imports);

    let count = borrowed.len();
    let mut numbers = Renumbered(borrowed.into_iter().chain(own.iter().copied()).zip(0..).collect());
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    for function in own {
        functions.function(module.type_of(*function)?.0);
        let range = &module.body(*function).context("a function without a body")?.range;
        let body = FunctionBody::new(BinaryReader::new(module.bytes(range)?, range.start));
        numbers.parse_function_body(&mut code, body).map_err(|error| anyhow!("{error}"))?;
    }
    // The last function says that the others are here.
    let nothing = module.types.iter().position(|form| form.params().is_empty() && form.results().is_empty());
    functions.function(u32::try_from(nothing.context("no function takes and gives nothing")?)?);
    let mut arrive = Function::new([]);
    arrive.instructions().i32_const(i32::try_from(part)?).global_set(u32::try_from(module.globals.len())?).end();
    code.function(&arrive);

    encoded.section(&functions);
    let mut exports = ExportSection::new();
    for (number, function) in (0..).zip(division.lent(module, part)) {
        exports.export(&name("", number), ExportKind::Func, numbers.of(function));
    }
    if !exports.is_empty() {
        encoded.section(&exports);
    }
    encoded.section(&StartSection { function_index: u32::try_from(count + own.len())? });
    let reached = division.reached.iter().filter(|(its, _)| *its == part).map(|(_, function)| numbers.of(*function)).collect();
    let begins = division.reached.partition_point(|(its, _)| *its < part);
    let mut elements = ElementSection::new();
    let table = u32::try_from(module.tables.len())?;
    elements.active(Some(table), &ConstExpr::i32_const(i32::try_from(begins)?), Elements::Functions(Cow::Owned(reached)));
    encoded.section(&elements);
    encoded.section(&code);
    encoded.section(&data::encode(module, |piece| division.pieces.get(piece) == Some(&part))?);
    Ok(encoded.finish())
}

/// What a part takes from those before it, with the functions among that in their order.
fn imports(module: &Module, division: &Division, part: usize) -> Result<(ImportSection, Vec<u32>)> {
    let mut imports = ImportSection::new();
    let mut borrowed = Vec::new();
    let called = division.called(module, part);
    for from in 0..part {
        for (number, function) in (0..).zip(division.lent(module, from)).filter(|(_, function)| called.contains(function)) {
            imports.import(&lender(from), &name("", number), EntityType::Function(module.type_of(function)?.0));
            borrowed.push(function);
        }
    }
    let first = lender(0);
    for (number, table) in (0..).zip(&module.tables) {
        imports.import(&first, &name("table", number), RoundtripReencoder.table_type(*table)?);
    }
    imports.import(&first, &division.bridge, bridge(division)?);
    for memory in &module.memories {
        imports.import(&first, &name("memory", 0), RoundtripReencoder.memory_type(*memory)?);
    }
    for (number, global) in (0..).zip(&module.globals) {
        imports.import(&first, &name("global", number), RoundtripReencoder.global_type(*global)?);
    }
    imports.import(&first, ARRIVED, GlobalType { val_type: ValType::I32, mutable: true, shared: false });
    Ok((imports, borrowed))
}

/// The functions' numbers here: those of the first module come before its own.
struct Renumbered(HashMap<u32, u32>);

impl Renumbered {
    fn of(&self, function: u32) -> u32 {
        self.0.get(&function).copied().unwrap_or(u32::MAX)
    }
}

impl Reencode for Renumbered {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.of(function))
    }
}
