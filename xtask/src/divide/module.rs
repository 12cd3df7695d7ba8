//! A compiled module, read as far as dividing it needs.

use super::data::Piece;
use super::rewrite::cut;
use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use wasmparser::{
    DataKind, DataSectionReader, ElementItems, ElementKind, ElementSectionReader, ExternalKind, FuncType, FunctionBody, GlobalType,
    ImportSectionReader, Name, NameSectionReader, Operator, Parser, Payload, TypeRef,
};

/// The import that the stand-ins call, where there is one; `app/src/later.rs` declares it.
const LOADER: &str = "__wbg_loadLater_";

/// One function.
pub struct Body {
    /// Where its code is, without its length.
    pub range: Range<u64>,
    /// Functions it names.
    pub calls: BTreeSet<u32>,
    /// Numbers it names, of which some are addresses.
    pub numbers: BTreeSet<u32>,
}

/// What is in the module.
pub struct Module<'wasm> {
    pub wasm: &'wasm [u8],
    /// Sections in order: number and contents.
    pub sections: Vec<(u8, Range<u64>)>,
    pub types: Vec<FuncType>,
    /// How many functions are imported; the numbers of its own follow.
    pub imported: u32,
    /// Type of every function.
    pub functions: Vec<u32>,
    pub tables: Vec<wasmparser::TableType>,
    pub memories: Vec<wasmparser::MemoryType>,
    pub globals: Vec<GlobalType>,
    pub exported: BTreeSet<u32>,
    /// Functions called through a table, by their places in it.
    pub places: BTreeMap<u32, u32>,
    pub bodies: Vec<Body>,
    /// In the order of their addresses.
    pub data: Vec<Piece>,
    pub names: BTreeMap<u32, String>,
    /// The function that brings the second module, if the first can bring it itself.
    pub loader: Option<u32>,
}

impl<'wasm> Module<'wasm> {
    /// Nothing read yet.
    pub const fn empty(wasm: &'wasm [u8]) -> Self {
        Self {
            wasm,
            sections: Vec::new(),
            types: Vec::new(),
            imported: 0,
            functions: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            exported: BTreeSet::new(),
            places: BTreeMap::new(),
            bodies: Vec::new(),
            data: Vec::new(),
            names: BTreeMap::new(),
            loader: None,
        }
    }

    /// Reads a module as wasm-bindgen leaves it.
    pub fn read(wasm: &'wasm [u8]) -> Result<Self> {
        let mut module = Self::empty(wasm);
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            if let Some((number, range)) = payload.as_section() {
                module.sections.push((number, range));
            }
            module.take(payload)?;
        }
        module.data.sort_by_key(|piece| piece.start);
        ensure!(!module.names.is_empty(), "the module has lost its names");
        Ok(module)
    }

    /// A piece of the file.
    pub fn bytes(&self, range: &Range<u64>) -> Result<&'wasm [u8]> {
        cut(self.wasm, range)
    }

    /// The body of a function that is not imported.
    pub fn body(&self, function: u32) -> Option<&Body> {
        self.bodies.get(usize::try_from(function.checked_sub(self.imported)?).ok()?)
    }

    /// The number and form of a function's type.
    pub fn type_of(&self, function: u32) -> Result<(u32, &FuncType)> {
        let number = *self.functions.get(usize::try_from(function)?).context("a function without a type")?;
        Ok((number, self.types.get(usize::try_from(number)?).context("a type that is not there")?))
    }

    fn take(&mut self, payload: Payload<'wasm>) -> Result<()> {
        match payload {
            Payload::TypeSection(types) => {
                for function in types.into_iter_err_on_gc_types() {
                    self.types.push(function?);
                }
            }
            Payload::ImportSection(imports) => self.import(imports)?,
            Payload::FunctionSection(functions) => {
                for form in functions {
                    self.functions.push(form?);
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories {
                    self.memories.push(memory?);
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    self.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.exported.insert(export.index);
                    }
                }
            }
            Payload::StartSection { func, .. } => {
                self.exported.insert(func);
            }
            Payload::ElementSection(elements) => self.fill_tables(elements)?,
            Payload::CodeSectionEntry(body) => self.bodies.push(named(&body)?),
            Payload::DataSection(data) => self.place(data)?,
            Payload::CustomSection(section) => {
                if let wasmparser::KnownCustom::Name(subsections) = section.as_known() {
                    self.name(subsections)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, imports: ImportSectionReader<'wasm>) -> Result<()> {
        for import in imports.into_imports() {
            let import = import?;
            let TypeRef::Func(form) = import.ty else { bail!("{} is imported, and is no function", import.name) };
            if import.name.starts_with(LOADER) {
                self.loader = Some(self.imported);
            }
            self.functions.push(form);
            self.imported += 1;
        }
        Ok(())
    }

    fn fill_tables(&mut self, elements: ElementSectionReader<'wasm>) -> Result<()> {
        for element in elements {
            let element = element?;
            let ElementKind::Active { offset_expr, .. } = element.kind else { bail!("a table that is filled by hand") };
            let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
                bail!("a table that is filled from nowhere")
            };
            let ElementItems::Functions(functions) = element.items else { bail!("a table of expressions") };
            for (place, function) in (value.cast_unsigned()..).zip(functions) {
                self.places.insert(place, function?);
            }
        }
        Ok(())
    }

    fn place(&mut self, data: DataSectionReader<'wasm>) -> Result<()> {
        for piece in data {
            let piece = piece?;
            let DataKind::Active { memory_index: 0, offset_expr } = piece.kind else { bail!("data that is filled by hand") };
            let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else { bail!("data without a place") };
            let end = piece.range.end;
            let range = end - u64::try_from(piece.data.len())?..end;
            self.data.push(Piece { start: value.cast_unsigned(), range });
        }
        Ok(())
    }

    fn name(&mut self, subsections: NameSectionReader<'wasm>) -> Result<()> {
        for subsection in subsections {
            let Name::Function(names) = subsection? else { continue };
            for name in names {
                let name = name?;
                self.names.insert(name.index, plain(name.name));
            }
        }
        Ok(())
    }
}

fn named(body: &FunctionBody) -> Result<Body> {
    let mut calls = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    for operator in body.get_operators_reader()? {
        match operator? {
            Operator::Call { function_index } | Operator::ReturnCall { function_index } | Operator::RefFunc { function_index } => {
                calls.insert(function_index);
            }
            Operator::MemoryInit { .. } | Operator::DataDrop { .. } => bail!("data that is filled by hand"),
            Operator::I32Const { value } => {
                numbers.insert(value.cast_unsigned());
            }
            // Two words at once.
            Operator::I64Const { value } => {
                let bits = value.cast_unsigned();
                numbers.extend([u32::try_from(bits & u64::from(u32::MAX))?, u32::try_from(bits >> 32)?]);
            }
            operator => numbers.extend(offset(&operator).and_then(|offset| u32::try_from(offset).ok())),
        }
    }
    Ok(Body { range: body.range(), calls, numbers })
}

/// What is added to the address of an access to memory.
fn offset(operator: &Operator) -> Option<u64> {
    match operator {
        Operator::I32Load { memarg }
        | Operator::I64Load { memarg }
        | Operator::F32Load { memarg }
        | Operator::F64Load { memarg }
        | Operator::I32Load8S { memarg }
        | Operator::I32Load8U { memarg }
        | Operator::I32Load16S { memarg }
        | Operator::I32Load16U { memarg }
        | Operator::I64Load8S { memarg }
        | Operator::I64Load8U { memarg }
        | Operator::I64Load16S { memarg }
        | Operator::I64Load16U { memarg }
        | Operator::I64Load32S { memarg }
        | Operator::I64Load32U { memarg }
        | Operator::I32Store { memarg }
        | Operator::I64Store { memarg }
        | Operator::F32Store { memarg }
        | Operator::F64Store { memarg }
        | Operator::I32Store8 { memarg }
        | Operator::I32Store16 { memarg }
        | Operator::I64Store8 { memarg }
        | Operator::I64Store16 { memarg }
        | Operator::I64Store32 { memarg } => Some(memarg.offset),
        _ => None,
    }
}

/// A name without the numbers of crates: `core[a1b2]::fmt` is `core::fmt`.
fn plain(name: &str) -> String {
    let mut pieces = name.split('[');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once(']') {
            Some((number, rest)) if number.len() >= 8 && number.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
                text.push_str(rest)
            }
            _ => text.extend(["[", piece]),
        }
    }
    text
}
