//! The module of a first visit: all of it, with a stand-in where a function waits.

use super::Division;
use super::data;
use super::module::Module;
use super::rewrite::{globals, rewritten};
use anyhow::Result;
use wasm_encoder::reencode::{Reencode as _, RoundtripReencoder};
use wasm_encoder::{CodeSection, ExportKind, ExportSection, Function, RefType, SectionId, TableSection, TableType};
use wasmparser::{ExportSectionReader, TableSectionReader};

/// Number of the last part that is here.
pub const ARRIVED: &str = "arrived";

/// What later parts call a part from which they take something.
pub fn lender(part: usize) -> String {
    if part == 0 { "first".to_owned() } else { part.to_string() }
}

/// The names under which later parts find what they share.
pub fn name(kind: &str, number: u32) -> String {
    format!("{kind}{number}")
}

pub fn encode(module: &Module, division: &Division) -> Result<Vec<u8>> {
    rewritten(module.wasm, &module.sections, |encoded, id, reader| {
        match id {
            // Names have done their work. The number of pieces of data has changed, and nothing asks for it.
            id if id == SectionId::Custom as u8 || id == SectionId::DataCount as u8 => {}
            id if id == SectionId::Table as u8 => {
                let mut tables = TableSection::new();
                RoundtripReencoder.parse_table_section(&mut tables, TableSectionReader::new(reader)?)?;
                tables.table(bridge(division)?);
                encoded.section(&tables);
            }
            id if id == SectionId::Global as u8 => {
                encoded.section(&globals(reader, 1)?);
            }
            id if id == SectionId::Export as u8 => {
                let mut exports = ExportSection::new();
                RoundtripReencoder.parse_export_section(&mut exports, ExportSectionReader::new(reader)?)?;
                lend(module, division, &mut exports)?;
                encoded.section(&exports);
            }
            id if id == SectionId::Code as u8 => {
                encoded.section(&code(module, division)?);
            }
            id if id == SectionId::Data as u8 => {
                encoded.section(&data::encode(module, |piece| division.pieces.get(piece) == Some(&0))?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    })
}

/// One place for each function that is reached before it is here.
pub fn bridge(division: &Division) -> Result<TableType> {
    let places = u64::try_from(division.reached.len())?;
    Ok(TableType { element_type: RefType::FUNCREF, table64: false, minimum: places, maximum: Some(places), shared: false })
}

fn lend(module: &Module, division: &Division, exports: &mut ExportSection) -> Result<()> {
    for (number, function) in (0..).zip(division.lent(module, 0)) {
        exports.export(&name("", number), ExportKind::Func, function);
    }
    for number in 0..u32::try_from(module.globals.len())? {
        exports.export(&name("global", number), ExportKind::Global, number);
    }
    exports.export(ARRIVED, ExportKind::Global, u32::try_from(module.globals.len())?);
    for number in 0..u32::try_from(module.tables.len())? {
        exports.export(&name("table", number), ExportKind::Table, number);
    }
    exports.export(&division.bridge, ExportKind::Table, u32::try_from(module.tables.len())?);
    exports.export(&name("memory", 0), ExportKind::Memory, 0);
    Ok(())
}

fn code(module: &Module, division: &Division) -> Result<CodeSection> {
    let mut code = CodeSection::new();
    for (place, body) in module.bodies.iter().enumerate() {
        let function = module.imported + u32::try_from(place)?;
        let part = division.part(function);
        if part == 0 {
            code.raw(module.bytes(&body.range)?);
        } else if let Some(place) = division.place(function) {
            code.function(&stand_in(module, function, part, place)?);
        } else {
            // Nothing here calls it; the optimiser removes it.
            let mut nothing = Function::new([]);
            nothing.instructions().unreachable().end();
            code.function(&nothing);
        }
    }
    Ok(code)
}

/// Brings a part if it is not here, or gives up where nothing can bring it; then calls what it stands for.
fn stand_in(module: &Module, function: u32, part: usize, place: usize) -> Result<Function> {
    let (number, form) = module.type_of(function)?;
    let mut body = Function::new([]);
    let mut code = body.instructions();
    let part = i32::try_from(part)?;
    code.global_get(u32::try_from(module.globals.len())?).i32_const(part).i32_lt_u().if_(wasm_encoder::BlockType::Empty);
    match module.loader {
        Some(loader) => code.i32_const(part).call(loader),
        None => code.unreachable(),
    };
    code.end();
    for parameter in 0..u32::try_from(form.params().len())? {
        code.local_get(parameter);
    }
    code.i32_const(i32::try_from(place)?).call_indirect(u32::try_from(module.tables.len())?, number).end();
    Ok(body)
}
