//! Like beside like: gzip looks back 32 kB, so functions that resemble each other are put side by side. That is worth three
//! percent.

use super::rewrite::{cut, rewritten};
use anyhow::{Context, Result, anyhow};
use std::collections::{HashMap, HashSet, VecDeque};
use std::convert::Infallible;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::ops::Range;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, ElementSection, ExportSection, FunctionSection, SectionId, StartSection};
use wasmparser::{ElementSectionReader, ExportSectionReader, FunctionBody, Parser, Payload, TypeRef};

/// How far gzip looks back, less the length of a usual function.
const REACH: usize = 28_000;
/// Bytes in a row that count as something in common.
const RUN: usize = 5;
/// What more functions than this have in common says nothing.
const COMMON: usize = 60;

/// A module with the same functions in an order that compresses well.
pub fn arrange(wasm: &[u8]) -> Result<Vec<u8>> {
    let module = Functions::read(wasm)?;
    let bodies: Vec<&[u8]> = module.bodies.iter().map(|body| cut(wasm, &body.range())).collect::<Result<_>>()?;
    let order = alike(&bodies);
    let mut numbers = Moved { imported: module.imported, places: vec![0; order.len()] };
    for (place, function) in order.iter().enumerate() {
        *numbers.places.get_mut(*function).context("a function beyond the last")? = u32::try_from(place)?;
    }
    numbers.encode(wasm, &module, &order)
}

/// The functions of a module.
struct Functions<'wasm> {
    imported: u32,
    types: Vec<u32>,
    bodies: Vec<FunctionBody<'wasm>>,
    sections: Vec<(u8, Range<u64>)>,
}

impl<'wasm> Functions<'wasm> {
    fn read(wasm: &'wasm [u8]) -> Result<Self> {
        let mut read = Self { imported: 0, types: Vec::new(), bodies: Vec::new(), sections: Vec::new() };
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            read.sections.extend(payload.as_section());
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        read.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::FunctionSection(functions) => {
                    for form in functions {
                        read.types.push(form?);
                    }
                }
                Payload::CodeSectionEntry(body) => read.bodies.push(body),
                _ => {}
            }
        }
        Ok(read)
    }
}

/// An order in which each function follows those it has most in common with.
fn alike(bodies: &[&[u8]]) -> Vec<usize> {
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    let runs: Vec<HashSet<u64>> = bodies.iter().map(|body| body.windows(RUN).map(|run| hasher.hash_one(run)).collect()).collect();
    let mut owners: HashMap<u64, Vec<usize>> = HashMap::new();
    for (function, runs) in runs.iter().enumerate() {
        for run in runs {
            owners.entry(*run).or_default().push(function);
        }
    }
    owners.retain(|_, owners| (2..=COMMON).contains(&owners.len()));
    // For each function, how many runs it shares with those within reach.
    let mut shared = vec![0i64; bodies.len()];
    let count = |shared: &mut [i64], function: usize, by: i64| {
        for owner in runs.get(function).into_iter().flatten().filter_map(|run| owners.get(run)).flatten() {
            if let Some(shared) = shared.get_mut(*owner) {
                *shared += by;
            }
        }
    };
    let mut left: Vec<usize> = (0..bodies.len()).collect();
    let mut order = Vec::with_capacity(bodies.len());
    let mut near = VecDeque::new();
    let mut length = 0;
    let size = |function: usize| bodies.get(function).map_or(0, |body| body.len());
    let mut next = left.iter().copied().max_by_key(|function| size(*function));
    while let Some(function) = next {
        left.retain(|other| *other != function);
        order.push(function);
        near.push_back(function);
        length += size(function);
        count(&mut shared, function, 1);
        while length > REACH
            && let Some(far) = near.pop_front()
        {
            length -= size(far);
            count(&mut shared, far, -1);
        }
        let score = |function: usize| {
            let runs = i64::try_from(runs.get(function).map_or(0, HashSet::len)).unwrap_or(i64::MAX - 30);
            shared.get(function).copied().unwrap_or_default() * 100_000 / (runs + 30)
        };
        // The last of equals, as they were compiled: two builds of the same source are the same.
        next = left.iter().copied().max_by_key(|function| score(*function));
    }
    order
}

/// New numbers of functions.
struct Moved {
    imported: u32,
    places: Vec<u32>,
}

impl Reencode for Moved {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        let own = function.checked_sub(self.imported).and_then(|own| self.places.get(usize::try_from(own).ok()?));
        Ok(own.map_or(function, |place| self.imported + place))
    }
}

impl Moved {
    fn encode(&mut self, wasm: &[u8], module: &Functions, order: &[usize]) -> Result<Vec<u8>> {
        let failed = |error: Error<Infallible>| anyhow!("{error}");
        rewritten(wasm, &module.sections, |encoded, id, mut reader| {
            match id {
                id if id == SectionId::Function as u8 => {
                    let mut functions = FunctionSection::new();
                    for function in order {
                        functions.function(*module.types.get(*function).context("a function without a type")?);
                    }
                    encoded.section(&functions);
                }
                id if id == SectionId::Export as u8 => {
                    let mut exports = ExportSection::new();
                    self.parse_export_section(&mut exports, ExportSectionReader::new(reader)?).map_err(failed)?;
                    encoded.section(&exports);
                }
                id if id == SectionId::Start as u8 => {
                    let function_index = self.function_index(reader.read_var_u32()?).map_err(failed)?;
                    encoded.section(&StartSection { function_index });
                }
                id if id == SectionId::Element as u8 => {
                    let mut elements = ElementSection::new();
                    self.parse_element_section(&mut elements, ElementSectionReader::new(reader)?).map_err(failed)?;
                    encoded.section(&elements);
                }
                id if id == SectionId::Code as u8 => {
                    let mut code = CodeSection::new();
                    for function in order {
                        let body = module.bodies.get(*function).context("a function without a body")?;
                        self.parse_function_body(&mut code, body.clone()).map_err(failed)?;
                    }
                    encoded.section(&code);
                }
                _ => return Ok(false),
            }
            Ok(true)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_follows_like() {
        let texts = ["an apple fell from the tree", "0123456789", "an apple fell from the roof", "9876543210 0123456789"];
        let order = alike(&texts.map(str::as_bytes));
        let place = |function: usize| order.iter().position(|one| *one == function).unwrap();
        assert_eq!(order.len(), 4);
        assert_eq!(place(0).abs_diff(place(2)), 1);
        assert_eq!(place(1).abs_diff(place(3)), 1);
    }
}
