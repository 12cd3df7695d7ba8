//! Divides the compiled page into what a first visit needs and what comes later.
//!
//! Both modules share one memory and one table, so the program is the same as before; a function of the second is reached through
//! a stand-in in the first, which brings the second when it is not there yet. `web/later.txt` names what waits.

mod data;
mod first;
mod later;
mod module;
mod order;

use anyhow::{Context, Result};
use module::Module;
pub use order::arrange;
use std::collections::BTreeSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

/// The two modules of a page.
pub struct Parts {
    /// What a first visit downloads.
    pub first: Vec<u8>,
    /// What follows with the first use.
    pub later: Vec<u8>,
}

/// Divides a module that still has its names. A function waits if it is listed, or called by none but functions that wait; one that is
/// called through a table also if nothing that stays names its place there.
pub fn divide(wasm: &[u8], listed: &str) -> Result<Parts> {
    let module = Module::read(wasm)?;
    let waits = waiting(&module, &paths(listed));
    let needed = data::needed(&module, |function| !waits.contains(&function));
    let division = Division::of(&module, waits, needed).context("nothing to load later")?;
    Ok(Parts { first: first::encode(&module, &division)?, later: later::encode(&module, &division)? })
}

/// Paths of a list of what waits: one a line, `#` for remarks.
pub fn paths(listed: &str) -> Vec<&str> {
    listed.lines().map(|line| line.split('#').next().unwrap_or_default().trim()).filter(|line| !line.is_empty()).collect()
}

/// What goes where.
struct Division {
    /// Functions of the second module, in order.
    waits: BTreeSet<u32>,
    /// Those of them that the first module reaches, each with its place in the table between the two.
    reached: Vec<u32>,
    /// Functions of the first module that the second calls.
    lent: Vec<u32>,
    /// Pieces of data that are in the first module; the others are in the second.
    needed: BTreeSet<usize>,
    /// Name of the table through which the first module calls the second. It tells whether two modules are of one build: halves of two
    /// would share a memory that each takes for its own.
    bridge: String,
}

impl Division {
    fn of(module: &Module, waits: BTreeSet<u32>, needed: BTreeSet<usize>) -> Option<Self> {
        if waits.is_empty() {
            return None;
        }
        let from_outside = module.exported.iter().chain(module.places.values());
        let mut reached: BTreeSet<u32> = from_outside.filter(|function| waits.contains(function)).copied().collect();
        let mut lent = BTreeSet::new();
        for (place, body) in module.bodies.iter().enumerate() {
            let function = module.imported + u32::try_from(place).ok()?;
            let across = body.calls.iter().filter(|called| waits.contains(called) != waits.contains(&function));
            if waits.contains(&function) { lent.extend(across) } else { reached.extend(across) }
        }
        let bridge = format!("bridge{:x}", BuildHasherDefault::<DefaultHasher>::default().hash_one(module.wasm));
        Some(Self { waits, reached: reached.into_iter().collect(), lent: lent.into_iter().collect(), needed, bridge })
    }
}

/// Everything that is not reached from outside without passing a listed function.
fn waiting(module: &Module, paths: &[&str]) -> BTreeSet<u32> {
    let (kept, listed): (Vec<&str>, Vec<&str>) = paths.iter().partition(|path| path.starts_with('!'));
    let covers = |name: &str| {
        listed.iter().any(|path| name.contains(path))
            && !kept.iter().any(|path| name.trim_start_matches('<').starts_with(path.trim_start_matches('!')))
    };
    let listed: BTreeSet<u32> = module.names.iter().filter(|(_, name)| covers(name)).map(|(function, _)| *function).collect();
    let mut met = BTreeSet::new();
    let mut open: Vec<u32> = module.exported.difference(&listed).copied().collect();
    while !open.is_empty() {
        while let Some(function) = open.pop() {
            if met.insert(function)
                && let Some(body) = module.body(function)
            {
                open.extend(body.calls.difference(&listed));
            }
        }
        let called = data::functions(module, &met);
        open.extend(called.into_iter().filter(|function| !met.contains(function) && !listed.contains(function)));
    }
    let count = module.imported + u32::try_from(module.bodies.len()).unwrap_or_default();
    (module.imported..count).filter(|function| !met.contains(function)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, ConstExpr, DataSection, ElementSection, Elements, ExportKind, ExportSection, Function, FunctionSection,
        MemArgTarget, MemorySection, MemoryType, NameMap, NameSection, RefType, TableSection, TableType, TypeSection,
    };

    /// Functions that call, by a place in the table or by a place in data that holds one: `now` the first of the table, `stored` the second,
    /// `late` the third. What they call is named as they are, with a line before it.
    fn module() -> Vec<u8> {
        let names = ["now", "stored", "late", "_now", "_stored", "_late"];
        let mut module = wasm_encoder::Module::new();
        let (mut types, mut functions, mut tables, mut memories) =
            (TypeSection::new(), FunctionSection::new(), TableSection::new(), MemorySection::new());
        types.ty().function([], []);
        for _ in names {
            functions.function(0);
        }
        tables.table(TableType { element_type: RefType::FUNCREF, table64: false, minimum: 703, maximum: None, shared: false });
        memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
        let (mut exports, mut elements, mut code, mut data) =
            (ExportSection::new(), ElementSection::new(), CodeSection::new(), DataSection::new());
        for (number, name) in (0..3).zip(names) {
            exports.export(name, ExportKind::Func, number);
        }
        elements.active(None, &ConstExpr::i32_const(700), Elements::Functions(vec![3, 4, 5].into()));
        let load = wasm_encoder::MemArg { offset: 0, align: 2, target: MemArgTarget::default(), ordering: None };
        for place in [Some(700), None, Some(702)] {
            let mut body = Function::new([]);
            match place {
                Some(place) => body.instructions().i32_const(place).call_indirect(0, 0).end(),
                None => body.instructions().i32_const(1024).i32_load(load).call_indirect(0, 0).end(),
            };
            code.function(&body);
        }
        for _ in 3..6 {
            let mut body = Function::new([]);
            body.instructions().end();
            code.function(&body);
        }
        data.active(0, &ConstExpr::i32_const(1024), 701u32.to_le_bytes());
        module.section(&types).section(&functions).section(&tables).section(&memories).section(&exports).section(&elements);
        module.section(&code).section(&data);
        let (mut map, mut section) = (NameMap::new(), NameSection::new());
        for (number, name) in (0..).zip(names) {
            map.append(number, name);
        }
        section.functions(&map);
        module.section(&section);
        module.finish()
    }

    #[test]
    fn what_is_called_through_the_table_waits_unless_code_or_data_that_stays_names_its_place() {
        let wasm = module();
        let read = Module::read(&wasm).unwrap();
        assert_eq!(waiting(&read, &["late"]), BTreeSet::from([2, 5]));
        assert_eq!(waiting(&read, &["stored"]), BTreeSet::from([1, 4]));
        assert_eq!(waiting(&read, &["nothing of that name"]), BTreeSet::new());
    }

    #[test]
    fn halves_of_two_builds_do_not_fit() {
        let wasm = module();
        let bridge = |wasm: &[u8]| {
            let read = Module::read(wasm).unwrap();
            Division::of(&read, BTreeSet::from([2, 5]), BTreeSet::new()).unwrap().bridge
        };
        let other = [wasm.as_slice(), &[0, 2, 1, b'x']].concat();
        assert_eq!(bridge(&wasm), bridge(&wasm));
        assert_ne!(bridge(&wasm), bridge(&other));
    }
}
