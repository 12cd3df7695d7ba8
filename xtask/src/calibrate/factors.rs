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

/// Where a factor is expected.
enum Center {
    At(f64),
    /// As another factor: few measurements leave it there.
    Like(&'static str),
}
use Center::{At, Like};

/// Factors of all classes of cards: kernels of one vendor reach similar shares, and a class with few measurements stays near that.
const BY_CLASS: [(&str, f64, f64); 5] = [
    ("sustained.tensor", 0.95, 0.1),
    ("sustained.cuda", 0.85, 0.15),
    ("sustained.bandwidth", 0.85, 0.12),
    ("training.class", 0.9, 0.12),
    ("sustained.host", 1.0, 0.2),
];
/// Board watts that one tensor TFLOPS takes, by class: each process node has its own.
const WATTS: [(&str, f64); 6] =
    [("volta", 2.3), ("turing", 1.65), ("ampereServer", 0.79), ("ampere", 2.0), ("ada", 1.12), ("hopper", 0.66)];
const CLASSES: [&str; 7] = ["pascal", "volta", "turing", "ampereServer", "ampere", "ada", "hopper"];
/// Classes without measurements, and the class they are taken to be like.
const UNMEASURED: [(&str, &str); 2] = [("blackwell", "ada"), ("blackwellServer", "hopper")];

const FACTORS: &[(&str, Center, f64)] = &[
    ("time.training.eager.products", At(0.9), 0.1),
    ("time.training.eager.traffic", At(1.0), 0.3),
    ("time.training.eager.adapters", At(2.5), 0.4),
    ("time.training.eager.layerSeconds", At(0.0035), 0.25),
    ("time.training.eager.flash", At(0.6), 0.3),
    ("time.training.compiled.products", At(0.9), 0.1),
    ("time.training.compiled.traffic", At(4.0), 0.4),
    ("time.training.compiled.adapters", Like("time.training.eager.adapters"), 0.2),
    ("time.training.compiled.layerSeconds", At(0.0045), 0.3),
    ("time.training.compiled.flash", Like("time.training.eager.flash"), 0.2),
    ("time.training.fused.products", At(0.95), 0.1),
    ("time.training.fused.traffic", At(4.0), 0.4),
    ("time.training.fused.adapters", Like("time.training.eager.adapters"), 0.3),
    ("time.training.fused.layerSeconds", Like("time.training.eager.layerSeconds"), 0.2),
    ("time.training.fused.flash", Like("time.training.eager.flash"), 0.2),
    ("time.training.tuned.products", At(0.85), 0.1),
    ("time.training.tuned.traffic", At(2.0), 0.4),
    ("time.training.tuned.flash", At(0.4), 0.3),
    ("time.training.scorePasses", At(5.0), 0.2),
    ("time.training.memoryEfficient", At(0.6), 0.2),
    ("time.training.logitBytes", At(20.0), 0.3),
    ("time.training.foreach", At(3.0), 0.25),
    ("time.training.unpackBytes", At(8.0), 0.3),
    ("time.training.adapterLaunches", At(1.0), 0.4),
    ("time.training.shardedLaunches", At(0.7), 0.4),
    ("time.training.unpackLaunches", At(0.8), 0.4),
    ("time.training.stepLayerSeconds", At(0.0004), 0.3),
    ("time.training.overlap", At(0.75), 0.15),
    ("time.training.fp8", At(0.65), 0.15),
    ("time.training.tf32", At(0.85), 0.15),
    ("time.serving.eager.floorSeconds", At(0.0008), 0.2),
    ("time.serving.eager.bandwidthHbm", At(0.85), 0.1),
    ("time.serving.eager.cacheBandwidth", At(0.4), 0.4),
    ("time.serving.eager.products", At(0.75), 0.15),
    ("time.serving.eager.productsHbm", At(0.65), 0.2),
    ("time.serving.eager.flash", At(0.5), 0.3),
    ("time.serving.eager.traffic", At(1.0), 0.3),
    ("time.serving.graphs.layerSeconds", At(0.00012), 0.2),
    ("time.serving.graphs.bandwidthHbm", At(0.85), 0.1),
    ("time.serving.graphs.cacheBandwidth", At(0.7), 0.2),
    ("time.serving.graphs.productsHbm", At(0.8), 0.15),
    ("time.serving.graphs.flash", At(0.5), 0.3),
    ("time.serving.graphs.requestSeconds", At(0.00004), 0.3),
    ("time.serving.llamaCpp.layerSeconds", At(0.00009), 0.2),
    ("time.serving.llamaCpp.bandwidth", At(0.85), 0.1),
    ("time.serving.llamaCpp.bandwidthHbm", At(0.6), 0.15),
    ("time.serving.llamaCpp.cacheBandwidth", At(0.7), 0.2),
    ("time.serving.llamaCpp.products", At(0.5), 0.2),
    ("time.serving.llamaCpp.productsHbm", At(0.4), 0.2),
    ("time.serving.llamaCpp.productsCuda", At(0.9), 0.2),
    ("time.serving.llamaCpp.traffic", At(3.0), 0.4),
    ("time.serving.llamaCpp.flash", At(0.35), 0.3),
    ("time.serving.exllama.layerSeconds", Like("time.serving.llamaCpp.layerSeconds"), 0.2),
    ("time.serving.exllama.bandwidth", Like("time.serving.llamaCpp.bandwidth"), 0.1),
    ("time.serving.exllama.cacheBandwidth", Like("time.serving.llamaCpp.cacheBandwidth"), 0.2),
    ("time.serving.exllama.products", Like("time.serving.llamaCpp.products"), 0.2),
    ("time.serving.exllama.traffic", Like("time.serving.llamaCpp.traffic"), 0.3),
    ("time.serving.unpack8bit", At(2.0), 0.3),
    ("time.serving.unpack4bit", At(2.5), 0.3),
    ("time.serving.unpackPascal", At(2.0), 0.4),
    ("time.serving.unpack1bit", Like("time.serving.unpack4bit"), 0.4),
    ("time.serving.launchesNf4", At(1.8), 0.2),
    ("time.serving.launchesInt8", At(3.0), 0.2),
    ("time.serving.launchesQuantised", At(1.4), 0.2),
    ("time.opaque.tensor", At(0.7), 0.2),
    ("time.opaque.cuda", At(0.9), 0.15),
    ("time.opaque.sound", At(0.6), 0.3),
    ("time.opaque.denoiser", At(1.0), 0.3),
    ("time.opaque.denoiserTraffic", At(2.75), 0.1),
    ("time.opaque.stepSeconds", At(0.0008), 0.5),
    ("time.opaque.widthTensor", At(0.1), 1.0),
    ("time.opaque.widthCuda", At(0.2), 1.0),
    ("time.opaque.traffic", At(14.0), 0.3),
    ("time.sustained.cudaWatts", At(7.0), 0.3),
    ("time.sustained.ragged", At(2.0), 0.3),
    ("time.sustained.raggedBeforeAmpere", At(0.85), 0.3),
    ("time.opaque.inferenceTraffic", At(3.0), 0.15),
    ("time.opaque.layerSeconds", At(0.00018), 0.3),
    ("time.links.nvlink", At(0.6), 0.2),
    ("time.links.pcie", At(0.3), 0.4),
    ("time.links.staged", At(0.2), 0.4),
    ("time.links.network", At(1e11), 0.3),
    ("time.links.latency", At(3e-5), 0.3),
];

/// Factors of memory: the context by measured sizes of an empty process; the reserve by what a caching allocator wastes.
const MEMORY: &[(&str, Center, f64)] = &[
    ("memory.contextMib.pascal", At(450.0), 0.15),
    ("memory.contextMib.turing", At(600.0), 0.15),
    ("memory.contextMib.ampere", At(550.0), 0.15),
    ("memory.contextMib.hopper", At(650.0), 0.15),
    ("memory.communicatorMib", At(700.0), 0.3),
    ("memory.reserve.full", At(0.25), 0.4),
    ("memory.reserve.fullChunked", At(0.1), 0.6),
    ("memory.reserve.adapters", At(0.4), 0.4),
    ("memory.reserve.adaptersFused", Like("memory.reserve.adapters"), 0.3),
    ("memory.reserve.adaptersChunked", At(0.1), 0.6),
    ("memory.reserve.sharded", At(0.05), 0.6),
    ("memory.reserve.unpacked", At(0.8), 0.5),
    ("memory.reserve.idle", At(0.15), 0.5),
    ("memory.reserve.idleSharded", At(0.8), 0.4),
    ("memory.reserve.inference", At(0.1), 0.5),
    ("memory.reserve.growingCache", At(0.5), 0.4),
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
                add(&mut factors, table, &format!("time.{group}.{class}"), &At(center), width)?;
            }
        }
        for (class, like) in UNMEASURED {
            let at = position(&factors, &format!("time.{group}.{like}"))?;
            let expected = factors.get(at).map_or(center, |factor| factor.center);
            add(&mut factors, table, &format!("time.{group}.{class}"), &At(center), 0.1)?;
            if let Some(factor) = factors.last_mut() {
                (factor.center, factor.like) = (expected, Some(at));
            }
        }
    }
    for (class, watts) in WATTS {
        add(&mut factors, table, &format!("time.sustained.wattsPerTeraflops.{class}"), &At(watts), 0.15)?;
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
        At(value) => (*value, None),
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
