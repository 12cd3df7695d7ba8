//! The module that follows: the functions that wait, and everything else from the first.

use super::Division;
use super::data;
use super::first::{ARRIVED, FIRST, bridge, name};
use super::module::Module;
use anyhow::{Context, Result, anyhow};
use std::borrow::Cow;
use std::collections::HashMap;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, Function, FunctionSection, GlobalType, ImportSection, RawSection,
    SectionId, StartSection, ValType,
};
use wasmparser::{BinaryReader, FunctionBody};

pub fn encode(module: &Module, division: &Division) -> Result<Vec<u8>> {
    let mut encoded = wasm_encoder::Module::new();
    let (_, types) = module.sections.iter().find(|(number, _)| *number == SectionId::Type as u8).context("no types")?;
    encoded.section(&RawSection { id: SectionId::Type as u8, data: module.bytes(types)? });
    encoded.section(&imports(module, division)?);

    let mut numbers = Renumbered(division.lent.iter().chain(&division.waits).copied().zip(0..).collect());
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    for function in &division.waits {
        functions.function(module.type_of(*function)?.0);
        let range = &module.body(*function).context("a function without a body")?.range;
        let body = FunctionBody::new(BinaryReader::new(module.bytes(range)?, range.start));
        numbers.parse_function_body(&mut code, body).map_err(|error| anyhow!("{error}"))?;
    }
    // The last function says that the others are here.
    let nothing = module.types.iter().position(|form| form.params().is_empty() && form.results().is_empty());
    functions.function(u32::try_from(nothing.context("no function takes and gives nothing")?)?);
    let mut arrive = Function::new([]);
    arrive.instructions().i32_const(1).global_set(u32::try_from(module.globals.len())?).end();
    code.function(&arrive);

    encoded.section(&functions);
    encoded.section(&StartSection { function_index: u32::try_from(division.lent.len() + division.waits.len())? });
    let reached: Vec<u32> = division.reached.iter().map(|function| numbers.of(*function)).collect();
    let mut elements = ElementSection::new();
    let table = u32::try_from(module.tables.len())?;
    elements.active(Some(table), &ConstExpr::i32_const(0), Elements::Functions(Cow::Owned(reached)));
    encoded.section(&elements);
    encoded.section(&code);
    encoded.section(&data::encode(module, |piece| !division.needed.contains(&piece))?);
    Ok(encoded.finish())
}

fn imports(module: &Module, division: &Division) -> Result<ImportSection> {
    let mut imports = ImportSection::new();
    for (number, function) in (0..).zip(&division.lent) {
        imports.import(FIRST, &name("", number), EntityType::Function(module.type_of(*function)?.0));
    }
    for (number, table) in (0..).zip(&module.tables) {
        imports.import(FIRST, &name("table", number), RoundtripReencoder.table_type(*table)?);
    }
    imports.import(FIRST, &division.bridge, bridge(division)?);
    for memory in &module.memories {
        imports.import(FIRST, &name("memory", 0), RoundtripReencoder.memory_type(*memory)?);
    }
    for (number, global) in (0..).zip(&module.globals) {
        imports.import(FIRST, &name("global", number), RoundtripReencoder.global_type(*global)?);
    }
    imports.import(FIRST, ARRIVED, GlobalType { val_type: ValType::I32, mutable: true, shared: false });
    Ok(imports)
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
