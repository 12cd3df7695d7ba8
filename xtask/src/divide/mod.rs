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

/// The two modules of a page.
pub struct Parts {
    /// What a first visit downloads.
    pub first: Vec<u8>,
    /// What follows with the first use.
    pub later: Vec<u8>,
}

/// Divides a module that still has its names. A function waits if it is listed, or called by none but functions that wait.
pub fn divide(wasm: &[u8], listed: &str) -> Result<Parts> {
    let module = Module::read(wasm)?;
    let waits = waiting(&module, &paths(listed));
    let needed = data::needed(&module, &waits)?;
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
}

impl Division {
    fn of(module: &Module, waits: BTreeSet<u32>, needed: BTreeSet<usize>) -> Option<Self> {
        if waits.is_empty() {
            return None;
        }
        let mut reached: BTreeSet<u32> = module.in_tables.intersection(&waits).copied().collect();
        let mut lent = BTreeSet::new();
        for (place, body) in module.bodies.iter().enumerate() {
            let function = module.imported + u32::try_from(place).ok()?;
            let across = body.calls.iter().filter(|called| waits.contains(called) != waits.contains(&function));
            if waits.contains(&function) { lent.extend(across) } else { reached.extend(across) }
        }
        Some(Self { waits, reached: reached.into_iter().collect(), lent: lent.into_iter().collect(), needed })
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
    let count = module.imported + u32::try_from(module.bodies.len()).unwrap_or_default();
    let mut met = BTreeSet::new();
    let mut open: Vec<u32> = module.exported.iter().chain(module.in_tables.difference(&listed)).copied().collect();
    while let Some(function) = open.pop() {
        if met.insert(function)
            && let Some(body) = module.body(function)
        {
            open.extend(body.calls.difference(&listed));
        }
    }
    (module.imported..count).filter(|function| !met.contains(function)).collect()
}
