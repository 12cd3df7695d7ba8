//! Which factors are fitted, where each is expected, and how far measurements may pull it from there.

use anyhow::{Context as _, Result};
use serde_json::Value;

/// One fitted factor.
pub struct Factor {
    pub path: String,
    /// JSON pointer in the table.
    pub pointer: String,
    /// Value in the table.
    pub now: f64,
    /// Value expected without measurements.
    pub center: f64,
    /// Index of the factor it resembles, in whose stead `center` is ignored.
    pub like: Option<usize>,
    /// Standard deviation of the logarithm around that expectation.
    pub width: f64,
}

/// Where a factor is expected, and why.
enum Center {
    /// Counted from code, or what a data sheet, documentation or a publication says.
    Known(f64),
    /// A start without a source: the round value that these same measurements suggested when the formula was written.
    Start(f64),
    /// As another factor: few measurements leave it there.
    Like(&'static str),
}
use Center::{Known, Like, Start};

/// Factors of all classes of cards: kernels of one vendor reach similar shares, and a class with few measurements stays near that.
/// The shares themselves are starts without a source.
const BY_CLASS: [(&str, f64, f64); 5] = [
    ("sustained.tensor", 0.95, 0.1),
    ("sustained.cuda", 0.85, 0.15),
    ("sustained.bandwidth", 0.85, 0.12),
    ("training.class", 0.9, 0.12),
    ("sustained.host", 1.0, 0.2),
];
/// Board watts that one tensor TFLOPS takes, by class: each process node has its own. Turing: a T4 (70 W) settles
/// at 24 TFLOPS after the first products, which reach 42 (forums.developer.nvidia.com/t/264462). The others are
/// starts: what boards below their peak gave.
const WATTS: [(&str, f64); 6] =
    [("volta", 2.3), ("turing", 2.9), ("ampereServer", 0.79), ("ampere", 2.0), ("ada", 1.12), ("hopper", 0.66)];
const CLASSES: [&str; 7] = ["pascal", "volta", "turing", "ampereServer", "ampere", "ada", "hopper"];
/// Classes with no or next to no measurements, and the class they are taken to be like.
const UNMEASURED: [(&str, &str); 2] = [("blackwell", "ada"), ("blackwellServer", "hopper")];

const FACTORS: &[(&str, Center, f64)] = &[
    ("time.training.eager.products", Start(0.9), 0.1),
    // `elementwise.rs` counts it.
    ("time.training.eager.traffic", Known(1.0), 0.3),
    ("time.training.eager.adapters", Start(2.5), 0.4),
    ("time.training.eager.layerSeconds", Start(0.0035), 0.25),
    ("time.training.eager.flash", Start(0.6), 0.3),
    ("time.training.compiled.products", Start(0.9), 0.1),
    ("time.training.compiled.traffic", Start(4.0), 0.4),
    ("time.training.compiled.adapters", Like("time.training.eager.adapters"), 0.2),
    ("time.training.compiled.layerSeconds", Start(0.0045), 0.3),
    ("time.training.compiled.flash", Like("time.training.eager.flash"), 0.2),
    ("time.training.fused.products", Start(0.95), 0.1),
    ("time.training.fused.traffic", Start(4.0), 0.4),
    ("time.training.fused.adapters", Like("time.training.eager.adapters"), 0.3),
    ("time.training.fused.layerSeconds", Like("time.training.eager.layerSeconds"), 0.2),
    ("time.training.fused.flash", Like("time.training.eager.flash"), 0.2),
    ("time.training.tuned.products", Start(0.85), 0.1),
    ("time.training.tuned.traffic", Start(2.0), 0.4),
    ("time.training.tuned.flash", Start(0.4), 0.3),
    ("time.training.scorePasses", Start(5.0), 0.2),
    ("time.training.memoryEfficient", Start(0.6), 0.2),
    ("time.training.logitBytes", Start(20.0), 0.3),
    // AdamW by `torch._foreach`: 21 reads and writes of a value, a fused step 7.
    ("time.training.foreach", Known(3.0), 0.25),
    ("time.training.unpackBytes", Start(8.0), 0.3),
    ("time.training.adapterLaunches", Start(1.0), 0.4),
    ("time.training.shardedLaunches", Start(0.7), 0.4),
    ("time.training.unpackLaunches", Start(0.8), 0.4),
    ("time.training.stepLayerSeconds", Start(0.0004), 0.3),
    ("time.training.overlap", Start(0.75), 0.15),
    ("time.training.fp8", Start(0.65), 0.15),
    ("time.training.tf32", Start(0.85), 0.15),
    ("time.serving.eager.floorSeconds", Start(0.0008), 0.2),
    ("time.serving.eager.bandwidthHbm", Start(0.85), 0.1),
    ("time.serving.eager.cacheBandwidth", Start(0.4), 0.4),
    ("time.serving.eager.products", Start(0.75), 0.15),
    ("time.serving.eager.productsHbm", Start(0.65), 0.2),
    ("time.serving.eager.flash", Start(0.5), 0.3),
    // The same.
    ("time.serving.eager.traffic", Known(1.0), 0.3),
    ("time.serving.graphs.layerSeconds", Start(0.00012), 0.2),
    ("time.serving.graphs.bandwidthHbm", Start(0.85), 0.1),
    ("time.serving.graphs.cacheBandwidth", Start(0.7), 0.2),
    ("time.serving.graphs.productsHbm", Start(0.8), 0.15),
    ("time.serving.graphs.flash", Start(0.5), 0.3),
    ("time.serving.graphs.requestSeconds", Start(0.00004), 0.3),
    ("time.serving.llamaCpp.layerSeconds", Start(0.00009), 0.2),
    ("time.serving.llamaCpp.bandwidth", Start(0.85), 0.1),
    ("time.serving.llamaCpp.bandwidthHbm", Start(0.6), 0.15),
    ("time.serving.llamaCpp.cacheBandwidth", Start(0.7), 0.2),
    ("time.serving.llamaCpp.products", Start(0.5), 0.2),
    ("time.serving.llamaCpp.productsHbm", Start(0.4), 0.2),
    ("time.serving.llamaCpp.productsCuda", Start(0.9), 0.2),
    ("time.serving.llamaCpp.traffic", Start(3.0), 0.4),
    ("time.serving.llamaCpp.flash", Start(0.35), 0.3),
    ("time.serving.exllama.layerSeconds", Like("time.serving.llamaCpp.layerSeconds"), 0.2),
    ("time.serving.exllama.bandwidth", Like("time.serving.llamaCpp.bandwidth"), 0.1),
    ("time.serving.exllama.cacheBandwidth", Like("time.serving.llamaCpp.cacheBandwidth"), 0.2),
    ("time.serving.exllama.products", Like("time.serving.llamaCpp.products"), 0.2),
    ("time.serving.exllama.traffic", Like("time.serving.llamaCpp.traffic"), 0.3),
    ("time.serving.unpack8bit", Start(2.0), 0.3),
    ("time.serving.unpack4bit", Start(2.5), 0.3),
    ("time.serving.unpackPascal", Start(2.0), 0.4),
    ("time.serving.unpack1bit", Like("time.serving.unpack4bit"), 0.4),
    ("time.serving.launchesNf4", Start(1.8), 0.2),
    ("time.serving.launchesInt8", Start(3.0), 0.2),
    ("time.serving.launchesQuantised", Start(1.4), 0.2),
    ("time.opaque.tensor", Start(0.7), 0.2),
    ("time.opaque.cuda", Start(0.9), 0.15),
    ("time.opaque.sound", Start(0.6), 0.3),
    ("time.opaque.denoiser", Start(1.0), 0.3),
    // On the code of diffusers (docs/time.md).
    ("time.opaque.denoiserTraffic", Known(2.75), 0.1),
    ("time.opaque.stepSeconds", Start(0.0008), 0.5),
    ("time.opaque.widthTensor", Start(0.1), 1.0),
    ("time.opaque.widthCuda", Start(0.2), 1.0),
    ("time.opaque.traffic", Start(14.0), 0.3),
    ("time.sustained.cudaWatts", Start(7.0), 0.3),
    ("time.sustained.ragged", Start(2.0), 0.3),
    ("time.sustained.raggedBeforeAmpere", Start(0.85), 0.3),
    ("time.opaque.inferenceTraffic", Start(3.0), 0.15),
    ("time.opaque.layerSeconds", Start(0.00018), 0.3),
    ("time.links.nvlink", Start(0.6), 0.2),
    ("time.links.pcie", Start(0.3), 0.4),
    ("time.links.staged", Start(0.2), 0.4),
    ("time.links.network", Start(1e11), 0.3),
    ("time.links.latency", Start(3e-5), 0.3),
];

/// Factors of memory: the context by documentation and single readings of an empty process; the
/// reserve by what a caching allocator wastes.
const MEMORY: &[(&str, Center, f64)] = &[
    ("memory.contextMib.pascal", Known(450.0), 0.15),
    ("memory.contextMib.turing", Known(600.0), 0.15),
    ("memory.contextMib.ampere", Known(550.0), 0.15),
    ("memory.contextMib.hopper", Known(650.0), 0.15),
    ("memory.communicatorMib", Start(700.0), 0.3),
    ("memory.reserve.full", Start(0.25), 0.4),
    ("memory.reserve.fullChunked", Start(0.1), 0.6),
    ("memory.reserve.adapters", Start(0.4), 0.4),
    ("memory.reserve.adaptersFused", Like("memory.reserve.adapters"), 0.3),
    ("memory.reserve.adaptersChunked", Start(0.1), 0.6),
    ("memory.reserve.sharded", Start(0.05), 0.6),
    ("memory.reserve.unpacked", Start(0.8), 0.5),
    ("memory.reserve.idle", Start(0.15), 0.5),
    ("memory.reserve.idleSharded", Start(0.8), 0.4),
    ("memory.reserve.inference", Start(0.1), 0.5),
    ("memory.reserve.growingCache", Start(0.5), 0.4),
];

/// All fitted factors of memory with their values in this table.
pub fn memory(table: &Value) -> Result<Vec<Factor>> {
    let mut factors = Vec::new();
    for (path, center, width) in MEMORY {
        add(&mut factors, table, path, center, *width)?;
    }
    Ok(factors)
}

/// All fitted factors of time with their values in this table.
pub fn time(table: &Value) -> Result<Vec<Factor>> {
    let mut factors = Vec::new();
    for (group, center, width) in BY_CLASS {
        for class in CLASSES {
            // The rate Pascal's missing tensor cores would reach.
            if (group, class) != ("sustained.tensor", "pascal") {
                add(&mut factors, table, &format!("time.{group}.{class}"), &Start(center), width)?;
            }
        }
        for (class, like) in UNMEASURED {
            let at = position(&factors, &format!("time.{group}.{like}"))?;
            let expected = factors.get(at).map_or(center, |factor| factor.center);
            add(&mut factors, table, &format!("time.{group}.{class}"), &Start(center), 0.1)?;
            if let Some(factor) = factors.last_mut() {
                (factor.center, factor.like) = (expected, Some(at));
            }
        }
    }
    for (class, watts) in WATTS {
        add(&mut factors, table, &format!("time.sustained.wattsPerTeraflops.{class}"), &Start(watts), 0.15)?;
    }
    for (path, center, width) in FACTORS {
        add(&mut factors, table, path, center, *width)?;
    }
    Ok(factors)
}

fn add(factors: &mut Vec<Factor>, table: &Value, path: &str, center: &Center, width: f64) -> Result<()> {
    let pointer = format!("/{}", path.replace('.', "/"));
    let value = table.pointer(&format!("{pointer}/value")).and_then(Value::as_f64);
    let now = value.filter(|value| *value > 0.0).with_context(|| format!("calibration.json has no positive {path}"))?;
    let (center, like) = match center {
        Known(value) | Start(value) => (*value, None),
        Like(other) => {
            let at = position(factors, other)?;
            (factors.get(at).map_or(now, |factor| factor.center), Some(at))
        }
    };
    factors.push(Factor { path: path.to_owned(), pointer, now, center, like, width });
    Ok(())
}

fn position(factors: &[Factor], path: &str) -> Result<usize> {
    factors.iter().position(|factor| factor.path == path).with_context(|| format!("{path} is not fitted before what is like it"))
}
