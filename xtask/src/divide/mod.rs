//! Divides the compiled page into what a first visit needs and what comes later.
//!
//! All parts share one memory and one table, so the program is the same as before; a function of a later part is reached through
//! a stand-in in the first, which brings that part when it is not there yet. Parts come in
//! their order. Lists name what waits for each.

mod data;
mod first;
mod later;
mod module;
mod order;
mod rewrite;
mod trace;

use anyhow::{Result, ensure};
use module::Module;
pub use order::arrange;
use std::collections::BTreeSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
pub use trace::{lines, noted};

/// The modules of a page.
pub struct Parts {
    /// What a first visit downloads.
    pub first: Vec<u8>,
    /// What follows, one after another.
    pub later: Vec<Vec<u8>>,
}

/// Divides a module that still has its names, for each list a part that comes later. A function waits for the part
/// whose list has it, or for the first from which it is called; one that is called through a table as well, if nothing
/// that comes before names its place there.
pub fn divide(wasm: &[u8], lists: &[&str]) -> Result<Parts> {
    let module = Module::read(wasm)?;
    let division = Division::of(&module, lists)?;
    let later = (1..=division.parts.len()).map(|part| later::encode(&module, &division, part)).collect::<Result<_>>()?;
    Ok(Parts { first: first::encode(&module, &division)?, later })
}

/// Paths of a list of what waits: one a line, beside lines with remarks. (Names of closures have a `#` of their own.)
pub fn paths(listed: &str) -> Vec<&str> {
    listed.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// What goes where. The first part has the number 0, and what is not said to be elsewhere.
struct Division {
    /// Functions of each later part, in order.
    parts: Vec<BTreeSet<u32>>,
    /// Those of them that an earlier part reaches, by part; each has a place in the table between the parts.
    reached: Vec<(usize, u32)>,
    /// Pieces of data by the part that has them.
    pieces: Vec<usize>,
    /// Name of the table through which functions of later parts are called. It tells whether two modules are of one build: parts of
    /// two would share a memory that each takes for its own.
    bridge: String,
}

impl Division {
    fn of(module: &Module, lists: &[&str]) -> Result<Self> {
        // Whatever waits for a part waits for those before it, too.
        let waits: Vec<BTreeSet<u32>> =
            (0..lists.len()).map(|from| waiting(module, lists.get(from..).unwrap_or_default())).collect();
        let beyond = |part: usize| waits.get(part).cloned().unwrap_or_default();
        let parts: Vec<BTreeSet<u32>> = waits.iter().zip(1..).map(|(waits, next)| waits - &beyond(next)).collect();
        ensure!(parts.iter().all(|part| !part.is_empty()), "nothing to load later");
        let pieces = pieces(module, &waits);
        let bridge = format!("bridge{:x}", BuildHasherDefault::<DefaultHasher>::default().hash_one(module.wasm));
        let mut division = Self { parts, reached: Vec::new(), pieces, bridge };
        let from_outside = module.exported.iter().chain(module.places.values()).map(|function| (0, *function));
        let across = from_outside.chain(calls(module).map(|(from, to)| (division.part(from), to)));
        let reached: BTreeSet<(usize, u32)> = across
            .map(|(from, to)| (from, division.part(to), to))
            .filter(|(from, part, _)| from < part)
            .map(|(_, part, to)| (part, to))
            .collect();
        division.reached = reached.into_iter().collect();
        Ok(division)
    }

    /// The part that has a function.
    fn part(&self, function: u32) -> usize {
        self.parts.iter().position(|part| part.contains(&function)).map_or(0, |place| place + 1)
    }

    /// The place of a function in the table between the parts.
    fn place(&self, function: u32) -> Option<usize> {
        self.reached.binary_search(&(self.part(function), function)).ok()
    }

    /// Functions of other parts that a part calls.
    fn called(&self, module: &Module, part: usize) -> BTreeSet<u32> {
        calls(module).filter(|(from, to)| self.part(*from) == part && self.part(*to) != part).map(|(_, to)| to).collect()
    }

    /// Functions that a part lends to later ones: its own, and of the first also what stands in for those that come later still.
    fn lent(&self, module: &Module, lender: usize) -> BTreeSet<u32> {
        let mut lent = BTreeSet::new();
        for (from, to) in calls(module) {
            let (from, to_part) = (self.part(from), self.part(to));
            let own = to_part == lender && from > lender;
            let stands_in = lender == 0 && from > 0 && to_part > from;
            if own || stands_in {
                lent.insert(to);
            }
        }
        lent
    }
}

/// Who calls whom.
fn calls(module: &Module) -> impl Iterator<Item = (u32, u32)> {
    (module.imported..).zip(&module.bodies).flat_map(|(function, body)| body.calls.iter().map(move |called| (function, *called)))
}

/// For each piece of data the first part that needs it.
fn pieces(module: &Module, waits: &[BTreeSet<u32>]) -> Vec<usize> {
    let needed: Vec<BTreeSet<usize>> =
        waits.iter().map(|waits| data::needed(module, |function| !waits.contains(&function))).collect();
    (0..module.data.len()).map(|piece| needed.iter().position(|needed| needed.contains(&piece)).unwrap_or(waits.len())).collect()
}

/// Everything that is not reached from outside without passing a listed function.
fn waiting(module: &Module, lists: &[&str]) -> BTreeSet<u32> {
    let listed: BTreeSet<u32> = lists.iter().flat_map(|list| covered(module, &paths(list))).collect();
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

/// Functions that a list has.
fn covered(module: &Module, paths: &[&str]) -> BTreeSet<u32> {
    let covers = |name: &str| paths.iter().any(|path| covers(path, name));
    module.names.iter().filter(|(_, name)| covers(name)).map(|(function, _)| *function).collect()
}

/// A path covers the names that contain it; after `^` those that begin with it, and with `$` behind it no other.
fn covers(path: &str, name: &str) -> bool {
    match path.strip_prefix('^').map(|path| (path, path.strip_suffix('$'))) {
        None => name.contains(path),
        Some((_, Some(whole))) => name == whole,
        Some((beginning, None)) => name.starts_with(beginning),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, ConstExpr, DataSection, ElementSection, Elements, ExportKind, ExportSection, Function, FunctionSection,
        MemArgTarget, MemorySection, MemoryType, NameMap, NameSection, RefType, TableSection, TableType, TypeSection,
    };

    /// Functions that call, by a place in the table or by a place in data that holds one: `now` the first of the table, `stored`
    /// the second, `late` the third. What they call is named as they are, with a line before it.
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
    fn a_path_covers_what_contains_it_begins_with_it_or_is_it() {
        assert!(covers("a::b", "<c::a::b>") && covers("^a::b", "a::bed") && covers("^a::b$", "a::b"));
        assert!(!covers("a::b", "a::c") && !covers("^a::b", "<a::b>") && !covers("^a::b$", "a::bed"));
    }

    #[test]
    fn parts_come_one_after_another() {
        let wasm = module();
        let read = Module::read(&wasm).unwrap();
        let division = Division::of(&read, &["stored", "late"]).unwrap();
        assert_eq!(division.parts, [BTreeSet::from([1, 4]), BTreeSet::from([2, 5])]);
        assert_eq!(division.reached, [(1, 1), (1, 4), (2, 2), (2, 5)]);
        let parts = divide(&wasm, &["stored", "late"]).unwrap();
        for part in parts.later.iter().chain([&parts.first]) {
            assert!(wasmparser::Parser::new(0).parse_all(part).all(|payload| payload.is_ok()));
        }
    }

    #[test]
    fn halves_of_two_builds_do_not_fit() {
        let wasm = module();
        let bridge = |wasm: &[u8]| {
            let read = Module::read(wasm).unwrap();
            Division::of(&read, &["late"]).unwrap().bridge
        };
        let other = [wasm.as_slice(), &[0, 2, 1, b'x']].concat();
        assert_eq!(bridge(&wasm), bridge(&wasm));
        assert_ne!(bridge(&wasm), bridge(&other));
    }
}
